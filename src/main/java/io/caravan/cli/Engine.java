package io.caravan.cli;

import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.util.List;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;

/** A plain Camel Main with some routes; nothing is reached before a request is sent. */
final class Engine implements AutoCloseable {

    private final Main main = new Main();

    /** Starts the routes, with these settings over those that ship. */
    Engine(Configuration configuration, List<String> routes) throws Exception {
        Properties settings = configuration.changes();
        settings.setProperty("camel.main.routes-include-pattern", String.join(",", routes));
        settings.setProperty("camel.server.enabled", "false");
        main.setOverrideProperties(settings);
        try {
            main.start();
        } catch (Exception e) {
            main.stop();
            throw e;
        }
    }

    /** Sends a request through a pipeline and returns when it has ended; throws what kept it from being opened. */
    RunReport send(String pipeline, RunRequest request) throws Exception {
        Exchange exchange =
                main.getCamelTemplate().request("direct:" + pipeline, e -> e.setVariable(RunRequest.VARIABLE, request));
        if (exchange.getException() != null) throw exchange.getException();
        return exchange.getMessage().getBody(RunReport.class);
    }

    @Override
    public void close() throws Exception {
        main.stop();
    }
}
