package io.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.cli.CommandChild.Running;
import io.caravan.ledger.Await;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.Sql;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many connections the server counts of one process, with ledger, jobs and warehouse in one database. */
class ConnectionsTest {

    private static final int REQUESTS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final Map<String, String> settings = new HashMap<>();

    @BeforeEach
    void oneDatabase() throws SQLException {
        for (String store : List.of("ledger", "warehouse")) {
            settings.put("caravan." + store + ".uri", database.uri());
            settings.put("caravan." + store + ".user", database.user());
            settings.put("caravan." + store + ".password", database.password());
        }
        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
                Connection c = ledger.getConnection()) {
            assertThat(c.isValid(1)).as("the tables are there").isTrue();
        }
    }

    @Test
    void aServiceHasTenHoweverManyAskIt() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        settings.put("caravan.api.port", Integer.toString(port));
        settings.put("caravan.api.warmUpMillis", "0");
        settings.put("caravan.documents.uri", "mongodb://127.0.0.1:1");
        settings.put("caravan.graph.uri", "bolt://127.0.0.1:1");
        settings.put("caravan.vectors.path", folder.resolve("vectors").toString());
        settings.put("caravan.ledger.timeoutMillis", "20000");
        try (Running serve = new CommandChild(folder, database, settings).start("serve");
                Connection observer = TestStores.dataSource(database).getConnection();
                Connection lock = TestStores.dataSource(database).getConnection()) {
            serve.waitUntil(() -> serve.said("until Ctrl-C"));
            lock.setAutoCommit(false);
            Sql.update(lock, "lock table ledger.run in access exclusive mode");
            HttpRequest question = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + port + "/analytics/user-engagement?user_id=anna"))
                    .build();
            HttpClient client = HttpClient.newHttpClient();
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) answers.add(client.sendAsync(question, BodyHandlers.ofString()));
            Await.until("all connections wait for the lock", PATIENCE, () -> waiting(observer) >= 10);
            long most = 0;
            for (long end = System.nanoTime() + Duration.ofMillis(500).toNanos(); System.nanoTime() < end; )
                most = Math.max(most, connections(observer));
            assertThat(most).isEqualTo(10);
            lock.rollback();
            for (CompletableFuture<HttpResponse<String>> answer : answers)
                assertThat(answer.get().body()).contains("no run of personalization has succeeded yet");
        }
    }

    @Test
    void aWorkerHasThreeAndOneForTheLeaseOfItsRun() throws Exception {
        jobs();
        CommandChild child = new CommandChild(folder, database, settings);
        try (Running worker = child.start("jobs", "work");
                Connection observer = TestStores.dataSource(database).getConnection()) {
            long most = 0;
            while (worker.process().isAlive()) most = Math.max(most, connections(observer));
            assertThat(worker.end()).as(worker.err()).isZero();
            assertThat(worker.out()).contains("2 completed, 0 failed");
            assertThat(most).as("connections").isBetween(2L, 4L);
        }
    }

    /** Nobody who has a connection of the pool may wait for another: with one, that would be the end. */
    @Test
    void workersAndRunsGetOnWithOne() throws Exception {
        settings.put("caravan.database.connections", "1");
        settings.put("caravan.ledger.timeoutMillis", "2000");
        settings.put("caravan.jobs.timeoutMillis", "2000");
        UserProject project = jobs();
        assertThat(project.cli("jobs", "work")).as(project.err().toString()).isZero();
        things(project);
        for (String command : List.of("plan", "run", "verify"))
            assertThat(project.cli(command, "things"))
                    .as(command + project.err() + project.out())
                    .isZero();
    }

    /** A pipeline of some batches to two sinks. */
    private void things(UserProject project) throws Exception {
        try (var route = ConnectionsTest.class.getResourceAsStream("/testroutes/copy-things.camel.yaml")) {
            project.write("routes/things/copy-things.camel.yaml", new String(route.readAllBytes(), UTF_8));
        }
        StringBuilder rows = new StringBuilder("id,size\n");
        for (int i = 0; i < 3_000; i++) rows.append("k" + i + "," + i + "\n");
        project.write("input/a.csv", rows.toString());
        settings.put("test.input", folder.resolve("input").toString());
        for (String sink : List.of("left", "right"))
            settings.put(
                    "camel.beans." + sink,
                    "#class:io.caravan.run.TableSink(\"" + sink + "\",\"" + database.uri() + "\",\"" + database.user()
                            + "\",\"" + database.password() + "\",100)");
        project.settings(settings);
    }

    private UserProject jobs() throws Exception {
        UserProject project = new UserProject(folder);
        settings.put("caravan.silver.input", folder.resolve("bronze").toString());
        settings.put("caravan.silver.agency", "agency-12");
        settings.put("caravan.silver.output", folder.resolve("silver").toString());
        project.write("application.properties", ""); // a project
        project.settings(settings);
        for (int agency = 10; agency < 13; agency++)
            project.write(
                    "bronze/agency/agency-" + agency + "/files/staff/2031-02-03/04/data.csv",
                    "employee_id,full_name,status,hired,weekly_hours\n1,Anna,active,2001-02-11,21\n");
        for (String agency : List.of("agency-10", "agency-11"))
            assertThat(project.cli("jobs", "add", "bronze-to-silver", "--", "--agency", agency))
                    .as(project.err().toString())
                    .isZero();
        return project;
    }

    private static long waiting(Connection observer) {
        return sessions(observer, "wait_event_type = 'Lock'");
    }

    private static long connections(Connection observer) {
        return sessions(observer, "application_name like 'caravan%'");
    }

    private static long sessions(Connection observer, String such) {
        try {
            return Sql.first(
                            observer,
                            r -> r.getLong(1),
                            "select count(*) from pg_stat_activity where datname = current_database() and " + such)
                    .orElseThrow();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
