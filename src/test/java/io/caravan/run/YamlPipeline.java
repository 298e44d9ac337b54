package io.caravan.run;

import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;

/** A pipeline of one YAML route that a test writes, on plain Camel, with the Kamelets that ship and a ledger of its own. */
public final class YamlPipeline implements AutoCloseable {

    private final Main main = new Main();
    private final LedgerDataSource ledger;
    private final String pipeline;

    /**
     * @param folder where the route is written
     * @param pipeline its name, and the route's id
     * @param settings properties that the route names
     */
    public YamlPipeline(Path folder, String pipeline, String yaml, Endpoint database, Properties settings)
            throws Exception {
        this.pipeline = pipeline;
        this.ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
        Path route = Files.writeString(folder.resolve(pipeline + ".camel.yaml"), yaml);
        Properties properties = new Properties();
        properties.putAll(settings);
        properties.setProperty("camel.main.routes-include-pattern", "file:" + route);
        properties.setProperty("camel.component.kamelet.no-error-handler", "true");
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(properties);
        main.bind("ledgerDataSource", ledger);
        main.start();
    }

    public RunReport run(Mode mode) throws Exception {
        return run(RunRequest.of(mode));
    }

    public RunReport run(RunRequest request) throws Exception {
        Exchange exchange =
                main.getCamelTemplate().request("direct:" + pipeline, e -> e.setVariable(RunRequest.VARIABLE, request));
        return RunReport.of(exchange);
    }

    /** The generation of a sink. */
    public String generation(String sink) {
        return PipelineModel.find(main.getCamelContext(), pipeline)
                .wiring()
                .generations()
                .get(sink);
    }

    @Override
    public void close() throws Exception {
        main.stop();
        ledger.close();
    }
}
