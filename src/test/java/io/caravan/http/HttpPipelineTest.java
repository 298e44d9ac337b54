package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;

/** A whole pipeline from one API to another, with the ledger between them. */
class HttpPipelineTest {

    @Test
    void theOtherApiHoldsWhatTheOneLists() throws Exception {
        try (StatefulApi from = new StatefulApi();
                StatefulApi to = new StatefulApi();
                Pipeline pipeline = new Pipeline(from.server.url("/things"), to.server.url("/things"))) {
            IntStream.range(0, 1_200).forEach(i -> put(from, "k" + i, "ä/\"%" + i));
            assertThat(pipeline.run(Mode.RUN)).satisfies(run -> {
                assertThat(run.problems()).isEmpty();
                assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
            });
            assertThat(to.held.equals(from.held))
                    .as("one API holds what the other lists")
                    .isTrue();

            to.carriedOut.set(0);
            assertThat(pipeline.run(Mode.RUN).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(to.carriedOut).hasValue(0);

            for (int i = 0; i < 3; i++) put(from, "k" + i, "changed");
            for (int i = 0; i < 2; i++) put(from, "new" + i, "");
            for (int i = 10; i < 14; i++) from.held.remove("k" + i);
            assertThat(pipeline.run(Mode.RUN).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(to.held.equals(from.held))
                    .as("one API holds what the other lists")
                    .isTrue();
            assertThat(to.carriedOut).hasValue(9);
            assertThat(pipeline.run(Mode.VERIFY).problems()).isEmpty();
            assertThat(pipeline.run(Mode.VERIFY).status()).isEqualTo(Status.SUCCEEDED);

            TreeMap<String, ?> before = new TreeMap<>(to.held);
            from.failAfter = "k5";
            from.held.remove("k1");
            RunReport broken = pipeline.run(Mode.RUN);
            assertThat(broken.status()).isEqualTo(Status.FAILED);
            assertThat(broken.problems()).anyMatch(p -> p.contains("status must be 200, got '410'"));
            assertThat(to.held.equals(before)).as("half a list deletes nothing").isTrue();
        }
    }

    @Test
    void oneRecordThatTheApiRefusesIsSetAsideAndTheRestArrives() throws Exception {
        try (StatefulApi from = new StatefulApi();
                StatefulApi to = new StatefulApi();
                Pipeline pipeline = new Pipeline(from.server.url("/things"), to.server.url("/things"))) {
            IntStream.range(0, 300).forEach(i -> put(from, "k" + i, "x"));
            from.held.put(
                    "bad", StatefulApi.JSON.createObjectNode().put("id", "bad").put("poison", 1));
            RunReport run = pipeline.run(Mode.RUN);
            assertThat(run.status()).isEqualTo(Status.PARTIAL);
            assertThat(run.sinks().get("things").dead()).isEqualTo(1);
            assertThat(to.held).hasSize(300).doesNotContainKey("bad");
        }
    }

    /** Among others, and alone in its run: the sink gets past it. */
    @Test
    void oneRecordThatTheApiFailsIsSetAsideAndTheSinkGoesOn() throws Exception {
        try (StatefulApi from = new StatefulApi();
                StatefulApi to = new StatefulApi();
                Pipeline pipeline = new Pipeline(from.server.url("/things"), to.server.url("/things"))) {
            IntStream.range(0, 300).forEach(i -> put(from, "k" + i, "x"));
            for (int fault = 1; fault <= 2; fault++) {
                from.held.put(
                        "bad",
                        StatefulApi.JSON.createObjectNode().put("id", "bad").put("fault", fault));
                RunReport run = pipeline.run(Mode.RUN);
                assertThat(run.problems()).isEmpty();
                assertThat(run.status()).isEqualTo(Status.PARTIAL);
                assertThat(run.sinks().get("things").dead()).isEqualTo(1);
                assertThat(run.sinks().get("things").written()).isEqualTo(fault == 1 ? 300 : 0);
                assertThat(to.held).hasSize(300).doesNotContainKey("bad");
            }
            put(from, "bad", "good again");
            assertThat(pipeline.run(Mode.RUN).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(to.held).hasSize(301);
        }
    }

    private static void put(StatefulApi api, String id, String text) {
        api.held.put(id, StatefulApi.JSON.createObjectNode().put("id", id).put("text", text));
    }

    private static final class Pipeline implements AutoCloseable {

        private final Main main = new Main();
        private final LedgerDataSource ledger;

        Pipeline(String from, String to) throws Exception {
            Endpoint database = TestStores.freshDatabase();
            ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
            Properties properties = new Properties();
            properties.setProperty("camel.main.routes-include-pattern", "classpath:testroutes/copy-http.camel.yaml");
            properties.setProperty("camel.component.kamelet.no-error-handler", "true");
            properties.setProperty("test.from", from);
            properties.setProperty("test.to", to);
            main.setDefaultPropertyPlaceholderLocation("false");
            main.setOverrideProperties(properties);
            main.bind("ledgerDataSource", ledger);
            main.start();
        }

        RunReport run(Mode mode) throws Exception {
            return RunReport.of(main.getCamelTemplate()
                    .request("direct:http", e -> e.setVariable(RunRequest.VARIABLE, RunRequest.of(mode))));
        }

        @Override
        public void close() throws Exception {
            main.stop();
            ledger.close();
        }
    }
}
