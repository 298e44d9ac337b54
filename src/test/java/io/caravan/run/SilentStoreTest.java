package io.caravan.run;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.FaultProxy;
import io.caravan.delivery.Sink;
import io.caravan.document.MongoSink;
import io.caravan.graph.Neo4jSink;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import io.caravan.warehouse.WarehouseSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.neo4j.driver.Session;

/** A store that says nothing any more fails its sink in time, and no other. */
class SilentStoreTest {

    private static final int LIMIT_MILLIS = 1_500;

    @TempDir
    Path folder;

    /** Where a store listens, a sink that reaches it at another address, and a transaction that locks what the sink wrote. */
    private record Store(String address, Function<String, Sink> sink, Callable<AutoCloseable> holder) {}

    @ParameterizedTest
    @CsvSource({
        "neo4j, 0",
        "neo4j, 2000",
        "neo4j, 20000",
        "warehouse, 0",
        "warehouse, 2000",
        "documents, 0",
        "documents, 2000"
    })
    void aStoreThatFallsSilentInAWriteFailsItsSinkInTimeAndTheOthersFinish(String kind, int afterBytes)
            throws Exception {
        Store store = store(kind);
        Path input = Files.createDirectory(folder.resolve("in"));
        things(input, 1, 400);
        try (FaultProxy proxy = new FaultProxy(store.address());
                ClosingSink sink = new ClosingSink(store.sink().apply(proxy.address()));
                ThingsRoute route =
                        new ThingsRoute("copy-things", input, TestStores.freshDatabase(), Optional.of(sink.sink()))) {
            assertThat(route.run().problems()).isEmpty();
            things(input, 2, 400);
            proxy.silence(afterBytes);
            long began = System.nanoTime();

            RunReport run = route.run();

            System.out.println(kind + " silent after " + afterBytes + " bytes: run ended after "
                    + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
            // the limit, once more for the only new try, and what connecting may take
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(12));
            assertThat(proxy.silent()).isTrue();
            assertThat(run.status()).isEqualTo(Status.FAILED);
            assertThat(run.problems()).singleElement().asString().contains("left: ", "imeoutMillis");
            assertThat(run.sinks().get("right").written()).isEqualTo(400);

            proxy.speak();
            assertThat(route.run().problems()).isEmpty();
            RunReport verify = route.run(RunRequest.of(Mode.VERIFY).comparingContents(true));
            assertThat(verify.problems()).isEmpty();
            assertThat(verify.status()).isEqualTo(Status.SUCCEEDED);
        }
    }

    @ParameterizedTest
    @CsvSource({"neo4j", "warehouse"})
    void whoWaitsForRowsThatAnotherTransactionHoldsFailsInTimeAndTheOthersFinish(String kind) throws Exception {
        Store store = store(kind);
        Path input = Files.createDirectory(folder.resolve("in"));
        things(input, 1, 400);
        try (ClosingSink sink = new ClosingSink(store.sink().apply(store.address()));
                ThingsRoute route =
                        new ThingsRoute("copy-things", input, TestStores.freshDatabase(), Optional.of(sink.sink()))) {
            assertThat(route.run().problems()).isEmpty();
            things(input, 2, 400);
            try (AutoCloseable other = store.holder().call()) {
                RunReport run = route.run();

                assertThat(run.status()).isEqualTo(Status.FAILED);
                assertThat(run.problems())
                        .singleElement()
                        .asString()
                        .contains("left: ", "at who holds locks there", "'timeoutMillis'");
                assertThat(run.sinks().get("right").written()).isEqualTo(400);
            }
            assertThat(route.run().problems()).isEmpty();
        }
    }

    private Store store(String kind) throws IOException {
        switch (kind) {
            case "neo4j":
                TestNeo4j.clear();
                Endpoint graph = TestNeo4j.endpoint();
                Path mapping = file("graph.yaml", """
                        record: thing
                        nodes:
                          thing: { label: Thing, key: id, properties: { text: text } }
                          size: { label: Size, key: size }
                        relationships:
                          - { from: thing, type: HAS, to: size }
                        """);
                // what is the first of its kind takes a new server longer
                try (Neo4jSink patient = knownTo(new Neo4jSink(
                        "left",
                        graph.uri(),
                        graph.user(),
                        graph.password(),
                        "neo4j",
                        mapping.toString(),
                        10_000,
                        60_000))) {
                    patient.write(List.of(Record.read(
                            "k0",
                            Fields.of("id", "size", "text"),
                            new Object[] {"k0", 1L, "first"},
                            new Origin("a", 1),
                            Hash.NONE)));
                    patient.write(List.of(Record.tombstone("k0", Fields.of("id"), new Object[] {"k0"}, 1)));
                }
                return new Store(
                        graph.uri().replaceFirst("^[a-z0-9+]*://", ""),
                        at -> knownTo(new Neo4jSink(
                                "left",
                                "bolt://" + at,
                                graph.user(),
                                graph.password(),
                                "neo4j",
                                mapping.toString(),
                                LIMIT_MILLIS,
                                LIMIT_MILLIS)),
                        () -> {
                            Session session = TestNeo4j.driver().session();
                            session.beginTransaction()
                                    .run("MATCH (n:Thing) SET n.id = n.id")
                                    .consume();
                            return session;
                        });
            case "warehouse":
                Endpoint database = TestStores.freshDatabase();
                Path table = file("table.yaml", """
                        table: things
                        columns:
                          - {name: id, type: text, key: true}
                          - {name: size, type: bigint}
                          - {name: text, type: text}
                        """);
                String server = database.uri().replaceFirst("^jdbc:postgresql://([^/]*)/.*$", "$1");
                return new Store(
                        server,
                        at -> new WarehouseSink(
                                "left",
                                database.uri().replace(server, at),
                                database.user(),
                                database.password(),
                                "public",
                                table.toString(),
                                LIMIT_MILLIS,
                                LIMIT_MILLIS),
                        () -> {
                            Connection other = TestStores.dataSource(database).getConnection();
                            other.setAutoCommit(false);
                            other.createStatement().execute("select 1 from things for update");
                            return other;
                        });
            default:
                String uri = TestStores.mongo().uri();
                return new Store(
                        uri.replace("mongodb://", ""),
                        at -> new MongoSink(
                                "left",
                                "mongodb://" + at,
                                "",
                                "",
                                "silence_" + System.nanoTime(),
                                "things",
                                "",
                                LIMIT_MILLIS,
                                LIMIT_MILLIS),
                        () -> () -> {});
        }
    }

    /** Closes what a sink holds open. */
    private record ClosingSink(Sink sink) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            if (sink instanceof AutoCloseable open) open.close();
        }
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static void things(Path input, int version, int count) throws IOException {
        String rows = IntStream.range(0, count)
                .mapToObj(i -> "k" + i + "," + i % 7 + ",version " + version + " of " + i)
                .collect(Collectors.joining("\n"));
        Files.writeString(input.resolve("a.csv"), "id,size,text\n" + rows + "\n");
    }
}
