package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.ConfigurationException;
import io.caravan.ledger.LedgerDataSource;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;

/** Pipelines of several YAML files in a Camel of their own. */
final class YamlRoutes implements AutoCloseable {

    private final Main main = new Main();

    /** {@code routes}: as Camel's include pattern names them. */
    YamlRoutes(LedgerDataSource ledger, String... routes) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("camel.main.routes-include-pattern", String.join(",", routes));
        properties.setProperty("camel.component.kamelet.no-error-handler", "true");
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(properties);
        main.bind("ledgerDataSource", ledger);
        main.start();
    }

    private Exchange send(String pipeline, RunRequest request) throws Exception {
        return main.getCamelTemplate().request("direct:" + pipeline, e -> e.setVariable(RunRequest.VARIABLE, request));
    }

    RunReport run(String pipeline, Mode mode) throws Exception {
        return run(pipeline, RunRequest.of(mode));
    }

    RunReport run(String pipeline, RunRequest request) throws Exception {
        return RunReport.of(send(pipeline, request));
    }

    String refusal(String pipeline, Mode mode) throws Exception {
        ConfigurationException refused = send(pipeline, RunRequest.of(mode)).getException(ConfigurationException.class);
        assertThat(refused).isNotNull();
        return refused.getMessage();
    }

    @Override
    public void close() {
        main.stop();
    }
}
