package io.caravan.bench;

import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.RouteDefinition;

/** Caravan as it ships: a Camel route of the same Kamelets, a file to some sinks, and a ledger of its own. */
final class BenchPipeline implements AutoCloseable {

    private static final String NAME = "bench";

    private final Main main = new Main();
    private final LedgerDataSource ledger;

    /** {@code types} as convert-types-action takes them, blank for no such step; {@code sinks} are URIs of Kamelets. */
    BenchPipeline(Path csv, String types, List<String> sinks, Endpoint database) throws Exception {
        ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
        migrate();
        Properties properties = new Properties();
        properties.setProperty("camel.component.kamelet.no-error-handler", "true");
        properties.setProperty("camel.component.kamelet.location", "classpath:kamelets,file:bench/kamelets");
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(properties);
        main.bind("ledgerDataSource", ledger);
        main.configure().addRoutesBuilder(route(csv, types, sinks));
        main.start();
    }

    /** One run, from its trigger to its report, which must say that every record went its way. */
    RunReport run() throws Exception {
        Exchange exchange = main.getCamelTemplate()
                .request("direct:" + NAME, e -> e.setVariable(RunRequest.VARIABLE, RunRequest.of(Mode.RUN)));
        RunReport report = RunReport.of(exchange);
        if (report.status() != RunReport.Status.SUCCEEDED) throw new IllegalStateException(report.toString());
        return report;
    }

    @Override
    public void close() {
        main.stop();
        ledger.close();
    }

    /** The schema of the ledger is made once in a database's life: no part of a run. */
    private void migrate() throws SQLException {
        try (Connection connection = ledger.getConnection()) {
            connection.isValid(1);
        }
    }

    private static RouteBuilder route(Path csv, String types, List<String> sinks) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                RouteDefinition route =
                        from("kamelet:objects-source?pipeline=" + NAME + "&keyFields=" + Orders.KEY + "&input=" + csv);
                if (!types.isBlank()) route.to("kamelet:convert-types-action?types=RAW(" + types + ")");
                MulticastDefinition everywhere = route.multicast().parallelProcessing();
                sinks.forEach(everywhere::to);
            }
        };
    }
}
