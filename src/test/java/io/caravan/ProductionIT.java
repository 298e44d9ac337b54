package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.bigquery.BigQueryStub;
import io.caravan.object.TestPlace;
import io.caravan.query.QueryApi;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import io.caravan.vector.TestMilvus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The personalization pipeline and the query API that ship, from a bucket to the stores of production, by settings alone: Google Cloud
 * Storage (fake-gcs-server), MongoDB (FerretDB), Milvus (Milvus Lite), Neo4j and BigQuery (a stub: there is none to be had).
 */
class ProductionIT {

    private static final SinkReport ALL = sink(360, 0, 0);
    private static final SinkReport NONE = sink(0, 360, 0);

    @TempDir
    Path folder;

    @Test
    void thePipelineMovesABucketToFiveProductionStoresAndTheApiAsksThem() throws Exception {
        String mongo = "mongodb://" + Peers.address("ferretdb");
        TestPlace bucket = TestPlace.gcs();
        try (Stream<Path> files = Files.list(Path.of("samples/personalization/user_data"))) {
            for (Path file : files.toList()) bucket.put("user_data/" + file.getFileName(), Files.readAllBytes(file));
        }
        try (MongoClient documents = MongoClients.create(mongo);
                TestMilvus milvus = new TestMilvus();
                BigQueryStub bigQuery = new BigQueryStub()) {
            documents.getDatabase("marketing_db").drop();
            Map<String, String> production = new HashMap<>(vectors(milvus));
            production.put("caravan.personalization.input", bucket.uri());
            production.put("caravan.objects.endpoint", bucket.settings().get("endpoint"));
            production.put("caravan.documents.uri", mongo);
            production.put("caravan.warehouse.kind", "bigquery");
            production.put("caravan.warehouse.project", BigQueryStub.PROJECT);
            production.put("caravan.warehouse.dataset", BigQueryStub.DATASET);
            production.put("caravan.warehouse.host", bigQuery.host());
            Path laptop = folder.resolve("vectors");
            try (PersonalizationStores stores = new PersonalizationStores(folder, laptop, production)) {
                assertThat(sinks(stores.send(RunRequest.of(Mode.CHECK)))).hasSize(4);
                assertThat(sinks(stores.send(RunRequest.of(Mode.PLAN))).values())
                        .hasSize(4)
                        .allMatch(plan -> plan.inserts() == 360);
                assertThat(bigQuery.jobs("load")).as("nothing is written yet").isZero();

                assertThat(sinks(stores.run()).values()).hasSize(4).containsOnly(ALL);
                assertThat(stores.verify().status()).isEqualTo(Status.SUCCEEDED);
                assertThat(sinks(stores.run()).values()).containsOnly(NONE);

                assertThat(documents
                                .getDatabase("marketing_db")
                                .getCollection("user_messages")
                                .countDocuments())
                        .isEqualTo(360);
                assertThat(bigQuery.rows("select count(*) from marketing.user_data"))
                        .containsExactly("360");
                assertThat(stores.graph("MATCH (n:Event) RETURN count(n)")).isEqualTo(360);
                assertThat(laptop).doesNotExist();
                assertAnswers(stores.with(production));
            }
        }
    }

    @Test
    void vectorsThatMoveToMilvusAndBackAreRightInBoth() throws Exception {
        Path input =
                Files.createDirectories(folder.resolve("in/user_data")).resolve("ai_marketing_personlization_1.csv");
        List<String> lines = new ArrayList<>(List.of(
                "record_id,user_id,message,campaign,timestamp",
                "r1,anna,hello,,2025-11-01 00:00:00.000001",
                "r2,bert,hello,,2025-11-01 00:00:00.000002",
                "r3,cleo,good bye,,2025-11-01 00:00:00.000003"));
        Files.write(input, lines);
        try (TestMilvus milvus = new TestMilvus();
                PersonalizationStores stores =
                        new PersonalizationStores(folder.resolve("in"), folder.resolve("vectors"))) {
            assertThat(sinks(stores.run()).get("vectors")).isEqualTo(sink(3, 0, 0));

            stores.restart(vectors(milvus));
            Map<String, SinkReport> moved = sinks(stores.run());
            assertThat(moved.get("vectors")).isEqualTo(sink(3, 0, 0));
            assertThat(moved.get("documents")).isEqualTo(sink(0, 3, 0));
            assertThat(stores.verify().status()).isEqualTo(Status.SUCCEEDED);
            assertThat(similarToAnna(stores.with(vectors(milvus)))).contains("bert", "cleo");

            lines.set(2, "r4,dora,hello,,2025-11-01 00:00:00.000002");
            Files.write(input, lines);
            assertThat(stores.runAllowingDeletes().status()).isEqualTo(Status.SUCCEEDED);
            assertThat(similarToAnna(stores.with(vectors(milvus))))
                    .contains("dora")
                    .doesNotContain("bert");
            assertThat(similarToAnna(stores.with(Map.of())))
                    .as("nobody wrote to Lucene")
                    .contains("bert");

            stores.restart(Map.of());
            assertThat(stores.run().status()).isEqualTo(Status.SUCCEEDED);
            assertThat(stores.verify().status()).isEqualTo(Status.SUCCEEDED);
            assertThat(similarToAnna(stores.with(Map.of()))).contains("dora").doesNotContain("bert");
        }
    }

    /** As docs/query-api.md has them, of laptop stores. */
    private static void assertAnswers(Properties settings) throws Exception {
        try (QueryApi api = new QueryApi(settings)) {
            assertThat(api.get("/recommendations/similar-users?user_id=user_87&limit=3")
                            .body())
                    .isEqualTo("""
                            [{"user_id":"user_104","similarity_score":0.6089985795201803},\
                            {"user_id":"user_113","similarity_score":0.6089985795201803},\
                            {"user_id":"user_3","similarity_score":0.6089985795201803}]""");
            assertThat(api.get("/graph/user-campaigns?user_id=user_87").body())
                    .isEqualTo("{\"campaigns\":[\"Loyalty_Club\",\"New_Arrivals\",\"Summer_Sale\"]}");
            assertThat(api.get("/analytics/user-engagement?user_id=user_87").body())
                    .isEqualTo("""
                            {"user_id":"user_87","total_events":4,"first_event_time":"2025-09-01T10:46:00.240195Z",\
                            "last_event_time":"2025-09-19T07:03:32.659601Z"}""");
            assertThat(api.get("/health/ready").statusCode()).isEqualTo(200);
        }
    }

    private static String similarToAnna(Properties settings) throws Exception {
        try (QueryApi api = new QueryApi(settings)) {
            return api.get("/recommendations/similar-users?user_id=anna").body();
        }
    }

    private static Map<String, String> vectors(TestMilvus milvus) {
        return Map.of(
                "caravan.vectors.kind", "milvus",
                "caravan.vectors.uri", milvus.uri,
                "caravan.vectors.database", milvus.database);
    }

    private static Map<String, SinkReport> sinks(RunReport run) {
        assertThat(run.problems()).isEmpty();
        return run.sinks();
    }

    private static SinkReport sink(long written, long unchanged, long deleted) {
        return new SinkReport(written, unchanged, deleted, 0, 0, 0, List.of());
    }
}
