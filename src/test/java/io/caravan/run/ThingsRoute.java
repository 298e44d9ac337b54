package io.caravan.run;

import io.caravan.delivery.Sink;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;

/** A route of testroutes on plain Camel, copy-things by default, with two stores in memory and a ledger of its own. */
public final class ThingsRoute implements AutoCloseable {

    public final MemorySink left;
    public final MemorySink right;
    private final Main main = new Main();
    private final LedgerDataSource ledger;

    public ThingsRoute(Path input, Endpoint database) throws Exception {
        this("copy-things", input, database);
    }

    /** {@code route}: a file of testroutes. */
    ThingsRoute(String route, Path input, Endpoint database) throws Exception {
        this(route, input, database, Optional.empty());
    }

    /** {@code store}: a sink that is called left in place of the one in memory. */
    ThingsRoute(String route, Path input, Endpoint database, Optional<Sink> store) throws Exception {
        this(route, input, database, store, new MemorySink("left"), new MemorySink("right"), true);
    }

    /** {@code on}: what its filters and choices find in a setting. */
    ThingsRoute(String route, Path input, Endpoint database, MemorySink left, MemorySink right, boolean on)
            throws Exception {
        this(route, input, database, Optional.empty(), left, right, on);
    }

    /** {@code more}: properties of its Camel, over its own. */
    ThingsRoute(Path input, Endpoint database, Properties more) throws Exception {
        this(
                "copy-things",
                input,
                database,
                Optional.empty(),
                new MemorySink("left"),
                new MemorySink("right"),
                true,
                more);
    }

    private ThingsRoute(
            String route,
            Path input,
            Endpoint database,
            Optional<Sink> store,
            MemorySink left,
            MemorySink right,
            boolean on)
            throws Exception {
        this(route, input, database, store, left, right, on, new Properties());
    }

    private ThingsRoute(
            String route,
            Path input,
            Endpoint database,
            Optional<Sink> store,
            MemorySink left,
            MemorySink right,
            boolean on,
            Properties more)
            throws Exception {
        this.left = left;
        this.right = right;
        ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
        Properties properties = new Properties();
        properties.setProperty("camel.main.routes-include-pattern", "classpath:testroutes/" + route + ".camel.yaml");
        properties.setProperty("camel.component.kamelet.no-error-handler", "true");
        properties.setProperty("test.input", input.toString());
        properties.setProperty("test.on", String.valueOf(on));
        properties.setProperty("test.small", "< 10");
        properties.putAll(more);
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(properties);
        main.bind("left", store.orElse(left));
        main.bind("right", right);
        main.bind("ledgerDataSource", ledger);
        main.start();
    }

    public RunReport run(RunRequest request) throws Exception {
        Exchange exchange =
                main.getCamelTemplate().request("direct:things", e -> e.setVariable(RunRequest.VARIABLE, request));
        return RunReport.of(exchange);
    }

    /** Sends this message, or a new one, through the route. */
    Exchange send(Exchange exchange) throws Exception {
        return exchange == null
                ? main.getCamelTemplate().request("direct:things", e -> {})
                : main.getCamelTemplate().send("direct:things", exchange);
    }

    CamelContext camel() {
        return main.getCamelContext();
    }

    /** Whether its Camel was told to stop. */
    boolean stopping() {
        return !main.getCamelContext().getStatus().isStarted();
    }

    public RunReport run() throws Exception {
        return run(RunRequest.of(Mode.RUN));
    }

    @Override
    public void close() throws Exception {
        main.stop();
        ledger.close();
    }
}
