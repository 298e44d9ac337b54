package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.SilentProxy;
import io.caravan.cli.CommandChild.Running;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Signals to real processes while one of their stores takes every byte and says nothing. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SilentStoreTest {

    private static final int RECORDS = 6_000;
    private static final Duration TEN_SECONDS_AND_A_LITTLE = Duration.ofMillis(10_500);

    private static final Executor SIDE_BY_SIDE = task -> {
        Thread thread = new Thread(task, "silence");
        thread.setDaemon(true);
        thread.start();
    };

    @TempDir
    static Path folder;

    private static Trial sink;
    private static Trial ledger;
    private static Trial twice;

    /** Side by side, as they mostly wait. */
    @BeforeAll
    static void begin() throws Exception {
        sink = new Trial(folder.resolve("sink"), false, "--json");
        ledger = new Trial(folder.resolve("ledger"), true);
        twice = new Trial(folder.resolve("twice"), false, "--json");
        // each as soon as it is in the middle of its writes
        CompletableFuture.allOf(
                        CompletableFuture.runAsync(() -> sink.silence("TERM"), SIDE_BY_SIDE),
                        CompletableFuture.runAsync(() -> ledger.silence("INT"), SIDE_BY_SIDE),
                        CompletableFuture.runAsync(() -> twice.silence("TERM"), SIDE_BY_SIDE))
                .get(2, TimeUnit.MINUTES);
    }

    @AfterAll
    static void close() throws IOException {
        for (Trial trial : new Trial[] {sink, ledger, twice}) if (trial != null) trial.close();
    }

    @Test
    @Order(1)
    void aSecondSignalEndsARunThatASilentStoreHoldsUpAtOnce() throws Exception {
        assertThat(twice.run.lives(Duration.ofNanos(twice.signalled - twice.run.startedNanos() + 500_000_000)))
                .isTrue();
        long sent = System.nanoTime();
        twice.run.signal("INT");
        assertThat(twice.run.end()).isEqualTo(130);
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    @Order(2)
    void aSilentSinkDoesNotHoldUpTheReportNorTheEnd() throws Exception {
        assertThat(sink.end()).isEqualTo(143);
        JsonNode report = new ObjectMapper().readTree(sink.run.out());
        assertThat(report.at("/status").asText()).isEqualTo("failed");
        assertThat(report.at("/recordsRead").asInt()).isPositive();
        assertThat(report.at("/sinks/right/written").asInt()).isLessThan(RECORDS);
        assertThat(sink.run.err().lines())
                .contains(
                        "things: the run was stopped by SIGTERM before its end; the next run resumes",
                        "right: it did not answer; what it has of its last batch is unknown, and the next run sends"
                                + " that again");
        assertThat(sink.text("select status from ledger.run")).isEqualTo("failed");
        assertThat(sink.text("select max(acked_run)::text from ledger.sink_state"))
                .isEqualTo("0");
        assertThat(sink.text("select (expires_at <= clock_timestamp())::text from ledger.lease"))
                .as("the lease was given back")
                .isEqualTo("true");
    }

    @Test
    @Order(3)
    void aSilentLedgerDoesNotHoldUpTheReportNorTheEnd() throws Exception {
        assertThat(ledger.end()).isEqualTo(130);
        assertThat(ledger.run.out()).contains("things run 1: failed");
        assertThat(ledger.run.err().lines())
                .contains(
                        "ledger: it did not answer, and does not know of this end; the lease ends by itself",
                        "things: it did not end within 8 s of SIGINT, as a store did not answer; this is what was"
                                + " known then");
        assertThat(ledger.text("select max(acked_run)::text from ledger.sink_state"))
                .isEqualTo("0");
    }

    @Test
    @Order(4)
    void theNextRunsConverge() throws Exception {
        for (Trial trial : List.of(sink, ledger, twice)) trial.again();
        for (Trial trial : List.of(sink, ledger, twice)) trial.converges();
    }

    /** A run in the middle of its writes. */
    private static final class Trial implements AutoCloseable {

        private final Endpoint database = TestStores.freshDatabase();
        private final SilentProxy proxy;
        private final CommandChild child;
        final Running run;
        long signalled;
        /** From the signal on; whoever asks for it may come late. */
        private CompletableFuture<Duration> tookToEnd;

        private Running next;

        /** {@code ledger}: its ledger will be silent, else its sinks. */
        Trial(Path folder, boolean ledger, String... options) throws IOException {
            URI uri = URI.create(database.uri().substring("jdbc:".length()));
            proxy = new SilentProxy(uri.getHost(), uri.getPort());
            String other = database.uri().replace(":" + uri.getPort() + "/", ":" + proxy.port() + "/");
            Endpoint through = new Endpoint(other, database.user(), database.password());
            child = new CommandChild(folder, database, ledger ? through : database, ledger ? database : through);
            child.records(RECORDS, 0);
            String[] arguments = new String[2 + options.length];
            arguments[0] = "run";
            arguments[1] = "things";
            System.arraycopy(options, 0, arguments, 2, options.length);
            run = child.start(arguments);
        }

        void silence(String signal) {
            run.waitUntil(() -> rows() > 200);
            proxy.silence();
            signalled = System.nanoTime();
            tookToEnd = run.process().onExit().thenApply(ended -> Duration.ofNanos(System.nanoTime() - signalled));
            try {
                run.signal(signal);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The exit code, within the limit. */
        int end() throws Exception {
            int code = run.end();
            assertThat(tookToEnd.get(1, TimeUnit.MINUTES)).as(run.err()).isLessThan(TEN_SECONDS_AND_A_LITTLE);
            return code;
        }

        /** Starts the next run. */
        void again() throws IOException {
            proxy.speak();
            child.records(RECORDS, 1);
            next = child.start("run", "things", "--json");
        }

        void converges() throws Exception {
            int code = next.end();
            while (code == 4) { // a lease that was not given back ends soon
                next = child.start("run", "things", "--json");
                code = next.end();
            }
            assertThat(code).as(next.err()).isZero();
            assertThat(child.held("left")).isEqualTo(CommandChild.expected(RECORDS, 1));
            assertThat(child.held("right")).isEqualTo(CommandChild.expected(RECORDS, 1));
        }

        private long rows() {
            try {
                return Long.parseLong(text("select count(*) from sink_right"));
            } catch (SQLException e) {
                return 0; // no table yet
            }
        }

        String text(String sql) throws SQLException {
            try (Connection c = DriverManager.getConnection(database.uri(), database.user(), database.password());
                    Statement s = c.createStatement();
                    ResultSet r = s.executeQuery(sql)) {
                r.next();
                return String.valueOf(r.getString(1));
            }
        }

        @Override
        public void close() throws IOException {
            run.close();
            if (next != null) next.close();
            proxy.close();
        }
    }
}
