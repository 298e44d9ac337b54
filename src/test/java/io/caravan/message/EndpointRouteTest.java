package io.caravan.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.http.ApiServer;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's route with {@code kamelet:endpoint-sink}, under the ledger: what a run sends, sends again and never sends twice. */
class EndpointRouteTest {

    private static final String SECRET = "s3cr3t-T0k3n";

    @TempDir
    private Path folder;

    private record Told(String id, String body) {}

    private final List<Told> told = new CopyOnWriteArrayList<>();
    private volatile int awayAfter = Integer.MAX_VALUE;

    @Test
    void aServerThatGoesAwayInTheMiddleIsSentTheRestByTheNextRunUnderTheSameIds() throws Exception {
        Path in = Files.createDirectories(folder.resolve("in"));
        Files.writeString(
                in.resolve("a.csv"),
                "id,name\n"
                        + IntStream.range(0, 60)
                                .mapToObj(i -> i + ",n" + i + "\n")
                                .collect(Collectors.joining()));
        Endpoint database = TestStores.freshDatabase();
        try (ApiServer server = new ApiServer(exchange -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                    if (told.size() >= awayAfter) {
                        ApiServer.answer(exchange, 503, "{\"why\":\"" + SECRET + "\"}");
                    } else if (body.contains("\"n13\"")) {
                        ApiServer.answer(exchange, 422, "{\"why\":\"no n13 for " + SECRET + "\"}");
                    } else {
                        told.add(new Told(exchange.getRequestHeaders().getFirst("Idempotency-Key"), body));
                        ApiServer.answer(exchange, 200, "");
                    }
                });
                LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
                DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("ledgerDataSource", ledger);
            camel.getPropertiesComponent()
                    .setInitialProperties(
                            org.apache.camel.util.PropertiesHelper.asProperties("in", in.toString(), "token", SECRET));
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("copy.camel.yaml", """
                    - route:
                        id: copy-things
                        from:
                          uri: kamelet:objects-source
                          parameters: {pipeline: things, input: "{{in}}", keyFields: id}
                          steps:
                            - to:
                                uri: kamelet:endpoint-sink
                                parameters:
                                  uri: "RAW{HOOK?httpMethod=POST&oauth2ClientSecret=RAW({{token}})}"
                                  headers: "source=caravan"
                    """.replace(
                            "HOOK", server.url("/hooks"))));
            camel.start();
            awayAfter = 20;
            RunReport first = run(camel);
            assertThat(first.status().name()).isEqualTo("FAILED");
            assertThat(first.problems())
                    .singleElement()
                    .asString()
                    .contains("status 503")
                    .doesNotContain(SECRET);
            List<Told> before = List.copyOf(told);
            assertThat(before).hasSize(20);

            awayAfter = Integer.MAX_VALUE;
            RunReport second = run(camel);
            assertThat(second.status().name()).isEqualTo("PARTIAL");
            assertThat(second.sinks().get("endpoint").written()).isEqualTo(59);
            assertThat(second.sinks().get("endpoint").dead()).isEqualTo(1);
            assertThat(told.stream().distinct().count())
                    .as("what was told twice has the same id")
                    .isEqualTo(59);
            assertThat(told.containsAll(before)).isTrue();
            assertThat(letters(ledger))
                    .singleElement()
                    .asString()
                    .contains("status 422")
                    .doesNotContain(SECRET);

            told.clear();
            Files.writeString(
                    in.resolve("a.csv"), Files.readString(in.resolve("a.csv")).replace("5,n5\n", ""));
            RunReport third = run(camel);
            assertThat(third.sinks().get("endpoint").deleted()).isEqualTo(1);
            assertThat(told).extracting(Told::body).containsExactly("{\"id\":\"5\",\"deleted\":true}");
        }
    }

    /** Camel takes what is behind the first & for parameters of the Kamelet, which nobody would hear of. */
    @Test
    void aUriThatCamelCutsIsRefusedAtStart() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("cut.camel.yaml", """
                    - route:
                        from:
                          uri: direct:in
                          steps:
                            - to:
                                uri: kamelet:endpoint-sink
                                parameters: {uri: "kafka:orders?brokers=b:1&clientId=me"}
                    """));
            assertThatThrownBy(camel::start)
                    .hasMessageContaining("endpoint-sink: uri must stand within RAW{ } when an & is in it")
                    .hasMessageContaining("got the parameter 'clientId'");
        }
    }

    private static RunReport run(DefaultCamelContext camel) {
        var answer = camel.createProducerTemplate().request("direct:things", e -> {});
        return answer.getException() instanceof io.caravan.run.RunFailedException failed
                ? failed.report()
                : answer.getMessage().getBody(RunReport.class);
    }

    private static List<String> letters(LedgerDataSource ledger) throws Exception {
        List<String> reasons = new ArrayList<>();
        try (var connection = ledger.getConnection();
                var rows = connection.createStatement().executeQuery("select reason from ledger.dead_letter")) {
            while (rows.next()) reasons.add(rows.getString(1));
        }
        return reasons;
    }
}
