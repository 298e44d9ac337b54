package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.Sink;
import io.caravan.graph.Neo4jSink;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport.Status;
import io.caravan.warehouse.WarehouseSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.Session;
import org.neo4j.driver.TransactionConfig;

/** A run that waits for rows which somebody else holds in a store says so after five seconds, and for whom. */
class LockedRowsTest {

    private static final int LIMIT_MILLIS = 60_000;
    /** The five seconds, and what a busy machine takes to ask the store. */
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    private interface Holder {
        AutoCloseable hold() throws Exception;
    }

    /** Side by side, as each takes its five seconds. */
    @Test
    void whoWaitsForRowsThatAnotherTransactionHoldsSaysForWhom() throws Exception {
        CompletableFuture<Void> warehouse = during(this::warehouse);
        CompletableFuture<Void> ledger = during(this::ledger);
        CompletableFuture<Void> graph = during(this::graph);
        for (CompletableFuture<Void> each : List.of(warehouse, ledger, graph)) each.get();
    }

    private interface Story {
        void tell() throws Exception;
    }

    private static CompletableFuture<Void> during(Story story) {
        return CompletableFuture.runAsync(() -> {
            try {
                story.tell();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void warehouse() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        Path table = Files.writeString(folder.resolve("table.yaml"), """
                table: things
                columns:
                  - {name: id, type: text, key: true}
                  - {name: size, type: bigint}
                  - {name: text, type: text}
                """);
        try (WarehouseSink sink = new WarehouseSink(
                "left",
                database.uri(),
                database.user(),
                database.password(),
                "public",
                table.toString(),
                LIMIT_MILLIS,
                LIMIT_MILLIS)) {
            says(
                    "warehouse",
                    TestStores.freshDatabase(),
                    Optional.of(sink),
                    () -> locking(database, "select 1 from things for update"),
                    "left: waits for a lock of 'psql of anna' \\(process \\d+, user \\w+, from 127\\.0\\.0\\.1,"
                            + " idle in transaction for \\d+ s, its transaction began \\d+ s ago\\)");
        }
    }

    private void ledger() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        says(
                "ledger",
                database,
                Optional.empty(),
                () -> locking(database, "select 1 from ledger.sink_state for update"),
                "ledger: waits for a lock of 'psql of anna' \\(process \\d+, user \\w+, from 127\\.0\\.0\\.1,"
                        + " idle in transaction for \\d+ s, its transaction began \\d+ s ago\\)");
    }

    private void graph() throws Exception {
        TestNeo4j.clear();
        Endpoint graph = TestNeo4j.endpoint();
        Path mapping = Files.writeString(folder.resolve("graph.yaml"), """
                record: thing
                nodes:
                  thing: { label: Thing, key: id, properties: { text: text } }
                  size: { label: Size, key: size }
                relationships:
                  - { from: thing, type: HAS, to: size }
                """);
        try (Neo4jSink sink = new Neo4jSink(
                "left",
                graph.uri(),
                graph.user(),
                graph.password(),
                "neo4j",
                mapping.toString(),
                LIMIT_MILLIS,
                LIMIT_MILLIS)) {
            says(
                    "graph",
                    TestStores.freshDatabase(),
                    Optional.of(sink),
                    () -> {
                        Session session = TestNeo4j.driver().session();
                        session.beginTransaction(TransactionConfig.builder()
                                        .withMetadata(Map.of("app", "shell of anna"))
                                        .build())
                                .run("MATCH (n:Thing) SET n.id = n.id")
                                .consume();
                        return session;
                    },
                    "left: waits for locks of neo4j-transaction-\\d+ \\('shell of anna', user neo4j,"
                            + " from 127\\.0\\.0\\.1:\\d+, begun \\d+ s ago\\)");
        }
    }

    /** A second run finds all rows held, says so, and goes on when they are given back. */
    private void says(String name, Endpoint ledger, Optional<Sink> sink, Holder holder, String sentence)
            throws Exception {
        Path input = Files.createDirectories(folder.resolve(name));
        things(input, 1);
        BlockingQueue<String> notices = new LinkedBlockingQueue<>();
        try (ThingsRoute route = new ThingsRoute("copy-things", input, ledger, sink)) {
            assertThat(route.run().problems()).isEmpty();
            things(input, 2);
            CompletableFuture<RunReport> run;
            try (AutoCloseable held = holder.hold()) {
                long began = System.nanoTime();
                run = CompletableFuture.supplyAsync(() -> run(route, notices));

                String notice = notices.poll(SOON.toMillis(), TimeUnit.MILLISECONDS);

                assertThat(notice).as(name).isNotNull().matches(sentence);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).as(name).isBetween(Duration.ofSeconds(5), SOON);
                assertThat(run).as(name).isNotDone();
            }
            RunReport report = run.get();
            assertThat(report.problems()).isEmpty();
            assertThat(report.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(notices).as("once is enough").isEmpty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(name, e);
        }
    }

    private static RunReport run(ThingsRoute route, BlockingQueue<String> notices) {
        try {
            return route.run(RunRequest.of(Mode.RUN).noticedBy(notices::add));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A transaction that locks and then says nothing. */
    private static Connection locking(Endpoint database, String sql) throws SQLException {
        DataSource source = TestStores.dataSource(new Endpoint(
                database.uri() + "?ApplicationName=psql%20of%20anna", database.user(), database.password()));
        Connection other = source.getConnection();
        other.setAutoCommit(false);
        other.createStatement().execute(sql);
        return other;
    }

    private static void things(Path input, int version) throws IOException {
        String rows = IntStream.range(0, 400)
                .mapToObj(i -> "k" + i + "," + i % 7 + ",version " + version + " of " + i)
                .collect(Collectors.joining("\n"));
        Files.writeString(input.resolve("a.csv"), "id,size,text\n" + rows + "\n");
    }
}
