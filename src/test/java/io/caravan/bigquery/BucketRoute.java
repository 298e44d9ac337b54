package io.caravan.bigquery;

import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/** A pipeline from a bucket of objects to a table in BigQuery, by the Kamelets that ship. */
final class BucketRoute implements AutoCloseable {

    private final Endpoint database = TestStores.freshDatabase();
    private final LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
    private final Main main = new Main();

    /**
     * @param source parameters of {@code objects-source}
     * @param step a Kamelet before the sink; blank for none
     * @param sink parameters of {@code bigquery-sink}
     */
    BucketRoute(Map<String, String> source, String step, Map<String, String> sink) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("camel.component.kamelet.no-error-handler", "true");
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(properties);
        main.bind("ledgerDataSource", ledger);
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                var route = from(uri("objects-source", source)).routeId("load-things");
                if (!step.isBlank()) route.to(step);
                route.to(uri("bigquery-sink", sink));
            }
        });
        main.start();
    }

    RunReport run() throws Exception {
        return run(RunRequest.of(Mode.RUN));
    }

    RunReport run(RunRequest request) throws Exception {
        Exchange exchange =
                main.getCamelTemplate().request("direct:things", e -> e.setVariable(RunRequest.VARIABLE, request));
        return RunReport.of(exchange);
    }

    /** Whether the table holds what the source gives. */
    RunReport verify() throws Exception {
        return run(RunRequest.of(Mode.VERIFY).comparingContents(true));
    }

    /** Why records are dead. */
    List<String> letters() throws Exception {
        List<String> reasons = new ArrayList<>();
        try (Connection c = ledger.getConnection();
                ResultSet row = c.createStatement().executeQuery("select reason from ledger.dead_letter order by 1")) {
            while (row.next()) reasons.add(row.getString(1));
        }
        return reasons;
    }

    @Override
    public void close() throws Exception {
        main.stop();
        ledger.close();
    }

    private static String uri(String kamelet, Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(p -> p.getKey() + "=RAW(" + p.getValue() + ")")
                .collect(Collectors.joining("&", "kamelet:" + kamelet + "?", ""));
    }
}
