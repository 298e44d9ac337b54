package io.caravan.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.RoutePolicySupport;

/**
 * Makes a chain of each route that calls {@code pipeline-action}: what its phases do is one report from the message's way into the route to its
 * way out. A Kamelet cannot see that, as Camel hands it a copy of the message.
 *
 * <p>Camel finds this class by {@code META-INF/services}, as it does {@link NamedSinks}.
 */
public final class ChainRoutes implements ContextServicePlugin {

    private static final String DIRECT = "direct:";

    @Override
    public void load(CamelContext context) {
        Definitions.routes(context, ChainRoutes::watch);
    }

    private static void watch(CamelContext context, RouteDefinition route) {
        if (Boolean.TRUE.equals(route.isKamelet())) return;
        List<String> phases = ChainModel.phases(context, route);
        if (phases.isEmpty()) return;
        String from = route.getInput().getEndpointUri();
        route.routePolicy(
                new Policy(from.startsWith(DIRECT) ? from.substring(DIRECT.length()) : route.getRouteId(), phases));
    }

    /** Begins and ends the chain of each message. */
    private static final class Policy extends RoutePolicySupport {

        private final String name;
        private final List<String> phases;
        private final Map<String, Chain> going = new ConcurrentHashMap<>();

        Policy(String name, List<String> phases) {
            this.name = name;
            this.phases = phases;
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            Chain.begin(exchange, name, phases).ifPresent(chain -> going.put(exchange.getExchangeId(), chain));
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            Optional.ofNullable(going.remove(exchange.getExchangeId())).ifPresent(chain -> chain.end(exchange));
        }
    }
}
