package io.caravan.run;

import io.caravan.ledger.ProcessId;
import io.caravan.ledger.Starter;
import io.caravan.settings.ShownSettings;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExchangeHelper;

/** Who starts a run with a message: by the {@link Invocation} of its Camel context, or, where another application made that, by what it has. */
public final class StartedBy {

    private static final String NAMED = "{{caravan.audit.user:}}";

    private StartedBy() {}

    /** The request with that, where it is for something that the ledger keeps. */
    static RunRequest in(Exchange exchange, RunRequest request) {
        boolean kept = request.mode().writes() || request.mode() == Mode.ADOPT;
        return kept ? request.startedBy(of(exchange)) : request;
    }

    public static Starter of(Exchange exchange) {
        CamelContext context = exchange.getContext();
        Invocation by = Optional.ofNullable(
                        context.getRegistry().lookupByNameAndType(Invocation.NAME, Invocation.class))
                .orElseGet(() -> new OfContext(context));
        return of(by, context.resolvePropertyPlaceholders(NAMED), route(exchange));
    }

    /** {@code named}: who a setting says it is; {@code route}: the one that called, blank for none. */
    public static Starter of(Invocation by, String named, String route) {
        return new Starter(
                System.getProperty("user.name", ""),
                ProcessId.hostName(),
                named.strip(),
                by.command(),
                route,
                by.version(),
                by.settings(),
                by.given());
    }

    /** The chain or route that called the pipeline; none where the pipeline was sent a message itself. */
    private static String route(Exchange exchange) {
        Optional<Chain> chain = Chain.of(exchange);
        if (chain.isPresent()) return chain.get().name();
        String first = exchange.getFromRouteId();
        return first == null || first.equals(ExchangeHelper.getRouteId(exchange)) ? "" : first;
    }

    /** Routes of ours in an application of somebody else, of which only Camel's properties are known. */
    private record OfContext(CamelContext context) implements Invocation {

        @Override
        public String command() {
            return "";
        }

        @Override
        public String version() {
            return Optional.ofNullable(Invocation.class.getPackage().getImplementationVersion())
                    .map(version -> "caravan " + version)
                    .orElse("caravan development");
        }

        @Override
        public Map<String, String> settings() {
            return ShownSettings.of(context);
        }

        @Override
        public Map<String, String> given() {
            return Map.of();
        }
    }
}
