package io.caravan.matrix;

import static io.caravan.matrix.MinimalRoutes.call;
import static io.caravan.matrix.MinimalRoutes.namesThatSinksHave;
import static io.caravan.matrix.MinimalRoutes.pipeline;
import static io.caravan.matrix.MinimalRoutes.route;
import static io.caravan.matrix.MinimalRoutes.run;
import static io.caravan.matrix.MinimalRoutes.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.local.TestNeo4j;
import io.caravan.local.TestStores;
import io.caravan.run.PipelineModel;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A route that says no more than it must starts, and runs. */
class RequiredParametersTest {

    @RegisterExtension
    final MinimalRoutes routes = new MinimalRoutes();

    static List<String> sources() throws IOException {
        return Connector.kamelets("source");
    }

    static List<String> steps() throws IOException {
        // two stand where 'prepare' of a source leads: EncryptedPipelineTest, BronzeToSilverTest; one calls pipelines,
        // not records
        List<String> others = List.of("encrypt-fields-action", "apply-schema-action", "pipeline-action");
        return Connector.kamelets("action").stream()
                .filter(name -> !others.contains(name))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aSourceStarts(String kamelet) throws Exception {
        try (DefaultCamelContext camel = routes.started(route(routes.source(kamelet), routes.sink("objects-sink")))) {
            String pipeline = routes.required(kamelet).get("pipeline");
            assertThat(PipelineModel.find(camel, pipeline).wiring().generations())
                    .containsOnlyKeys("objects");
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aStepStarts(String kamelet) throws Exception {
        Map<String, Object> step = call(null, kamelet, routes.required(kamelet));
        try (DefaultCamelContext camel =
                routes.started(route(routes.source("objects-source"), step, routes.sink("objects-sink")))) {
            assertThat(namesThatSinksHave(camel)).containsExactly("objects");
        }
    }

    @Test
    void aFileReachesEverySinkThatCanBeHadHereWithoutAName() throws Exception {
        TestNeo4j.clear();
        routes.laptopStore("postgres", routes.database());
        routes.laptopStore("mongo", TestStores.mongo());
        routes.laptopStore("neo4j", TestNeo4j.endpoint());
        List<String> kamelets = List.of(
                "objects-sink",
                "warehouse-sink",
                "mongodb-sink",
                "neo4j-sink",
                "lucene-sink",
                "http-sink",
                "endpoint-sink",
                "notify-sink");
        List<Map<String, Object>> branches = new ArrayList<>();
        for (String kamelet : kamelets) branches.add(routes.sink(kamelet));
        Map<String, Object> embed = call(null, "embed-text-action", Map.of("field", "name", "into", "vector"));
        Map<String, Object> everywhere = Map.of("multicast", Map.of("parallelProcessing", true, "steps", branches));
        List<Object> route = pipeline(routes.source("objects-source"), embed, everywhere);
        try (DefaultCamelContext camel = routes.started(route)) {
            RunReport run = run(camel);
            assertThat(run.problems()).isEmpty();
            assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(run.sinks())
                    .containsOnlyKeys(
                            "objects", "warehouse", "documents", "graph", "vectors", "api", "endpoint", "notify")
                    .allSatisfy(
                            (name, did) -> assertThat(did.written()).as(name).isEqualTo(2));
            assertThat(run(camel).sinks())
                    .allSatisfy(
                            (name, did) -> assertThat(did.written()).as(name).isZero());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"objects-source", "http-source", "jdbc-source", "mongodb-source"})
    void everySourceThatCanBeHadHereReachesASinkWithoutAName(String kamelet) throws Exception {
        routes.laptopStore("postgres", routes.database());
        routes.laptopStore("mongo", TestStores.mongo());
        try (MongoClient mongo = MongoClients.create(TestStores.mongo().uri())) {
            mongo.getDatabase(routes.mongoDatabase())
                    .getCollection("things")
                    .insertMany(List.of(new Document("_id", "1"), new Document("_id", "2")));
        }
        try (DefaultCamelContext camel =
                routes.started(pipeline(routes.source(kamelet), routes.sink("objects-sink")))) {
            RunReport run = run(camel, routes.required(kamelet).get("pipeline"));
            assertThat(run.problems()).isEmpty();
            assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(run.sinks().get("objects").written()).isEqualTo(2);
        }
    }

    @Test
    void tuningResendsNothingAndAnotherPlaceGetsEverything() throws Exception {
        Map<String, String> to = routes.required("objects-sink");
        assertThat(written(routes.required("objects-source"), to)).isEqualTo(2);
        Map<String, String> from = with(routes.required("objects-source"), "leaseMillis", "20000");
        from.putAll(Map.of("retries", "1", "timeoutMillis", "7000", "deleteLimitPercent", "30"));
        assertThat(written(from, with(to, "timeoutMillis", "7000"))).isZero();
        assertThat(written(
                        from,
                        with(to, "output", routes.folder().resolve("other").toString())))
                .isEqualTo(2);
    }

    private long written(Map<String, String> from, Map<String, String> to) throws Exception {
        List<Object> route = pipeline(call(null, "objects-source", from), call(null, "objects-sink", to));
        try (DefaultCamelContext camel = routes.started(route)) {
            RunReport run = run(camel);
            assertThat(run.problems()).isEmpty();
            return run.sinks().get("objects").written();
        }
    }
}
