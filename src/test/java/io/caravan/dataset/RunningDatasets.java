package io.caravan.dataset;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;

/** Datasets in a context with the settings that ship, on a real ledger. */
final class RunningDatasets implements AutoCloseable {

    private final Main main = new Main();

    /** @param routes files of routes beside them, comma separated; {@code false} for none */
    RunningDatasets(Endpoint ledger, String routes, Map<String, String> settings, List<Path> files, boolean scheduled)
            throws Exception {
        Properties properties = new Properties();
        properties.setProperty("camel.main.routes-include-pattern", routes);
        properties.setProperty("camel.main.jmx-enabled", "false");
        properties.setProperty("caravan.ledger.uri", ledger.uri());
        properties.setProperty("caravan.ledger.user", ledger.user());
        properties.setProperty("caravan.ledger.password", ledger.password());
        properties.setProperty("caravan.delivery.retries", "0");
        properties.putAll(settings);
        main.setOverrideProperties(properties);
        List<String> locations = files.stream().map(Path::toString).toList();
        if (!locations.isEmpty()) main.configure().addRoutesBuilder(new DatasetRoutes(locations, scheduled));
        main.start();
    }

    /** On a ledger of their own. */
    RunningDatasets(Map<String, String> settings, Path... files) throws Exception {
        this(TestStores.freshDatabase(), "false", settings, List.of(files), false);
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    RunReport run(String dataset) throws Exception {
        Exchange exchange = main.getCamelTemplate()
                .request("direct:" + dataset, e -> e.setVariable(RunRequest.VARIABLE, RunRequest.of(Mode.RUN)));
        return RunReport.of(exchange);
    }

    @Override
    public void close() {
        main.stop();
    }
}
