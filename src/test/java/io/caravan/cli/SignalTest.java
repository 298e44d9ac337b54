package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.cli.CommandChild.Running;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signals to real processes. {@code -Dcaravan.signals=100} sends as many instead of a few; {@code StopTest} has a hundred
 * moments of the same way without processes.
 */
class SignalTest {

    private static final int SIGNALS = Integer.getInteger("caravan.signals", 6);
    private static final long SEED = Long.getLong("caravan.seed", 20);
    private static final int RECORDS = 6_000;
    private static final Map<String, Integer> CODES = Map.of("TERM", 143, "INT", 130, "HUP", 129);
    private static final List<String> NAMES = List.of("TERM", "INT", "TERM", "HUP");

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();

    @Test
    void aSignalStopsARunAtItsNextBatchWithAReportAndItsExitCode() throws Exception {
        CommandChild child = new CommandChild(folder, database, database, database);
        child.records(RECORDS, 0);
        long life;
        try (Running whole = child.start("run", "things", "--json")) {
            assertThat(whole.end()).as(whole.err()).isZero();
            life = System.nanoTime() - whole.startedNanos();
        }
        Random random = new Random(SEED);
        long longest = 0;
        int stopped = 0;
        int early = 0;
        int ended = 0;
        for (int i = 1; i <= SIGNALS; i++) {
            child.records(RECORDS, i);
            String name = NAMES.get(i % NAMES.size());
            Duration moment = Duration.ofNanos((long) ((i - random.nextDouble()) / SIGNALS * life));
            long runs = count("select count(*) from ledger.run");
            try (Running run = child.start("run", "things", "--json")) {
                // every third as soon as the run has begun, however long a busy machine takes until then
                boolean lived = i % 3 == 0 ? livesAsRunBegins(run, runs) : run.lives(moment);
                long sent = System.nanoTime();
                run.signal(name);
                int code = run.end();
                long took = System.nanoTime() - sent;
                longest = Math.max(longest, took);
                String what = "signal " + i + " of " + SIGNALS + ", seed " + SEED + ": SIG" + name + " after "
                        + moment.toMillis() + " ms: " + code + " after " + took / 1_000_000 + " ms: " + run.out() + " "
                        + run.err();
                System.out.println(what);
                assertThat(Duration.ofNanos(took)).as(what).isLessThan(Duration.ofSeconds(10));
                boolean began = count("select count(*) from ledger.run") > runs;
                if (run.out().isEmpty()) {
                    early++;
                    assertThat(began).as(what).isFalse();
                    assertThat(code).as(what).isEqualTo(CODES.get(name));
                } else if (json(run).at("/status").asText().equals("succeeded")) {
                    ended++;
                    assertThat(code).as(what).isZero();
                } else {
                    stopped++;
                    assertThat(lived).as(what).isTrue();
                    assertThat(code).as(what).isEqualTo(CODES.get(name));
                    assertThat(json(run).at("/problems/0").asText())
                            .as(what)
                            .startsWith("things: the run was stopped by SIG" + name);
                    assertThat(json(run).has("runId")).as(what).isEqualTo(began);
                }
            }
            assertThat(text("select string_agg(distinct status, ',') from ledger.run"))
                    .as("no run is left behind as going on")
                    .doesNotContain("running");
        }
        child.records(RECORDS, SIGNALS + 1);
        try (Running last = child.start("run", "things", "--json")) {
            assertThat(last.end()).as(last.err()).isZero();
        }
        assertThat(child.held("left")).isEqualTo(CommandChild.expected(RECORDS, SIGNALS + 1));
        assertThat(child.held("right")).isEqualTo(CommandChild.expected(RECORDS, SIGNALS + 1));
        System.out.println("signals: " + SIGNALS + ", seed " + SEED + ": " + stopped + " stopped runs, " + early
                + " came before a command had begun, " + ended + " after the run; " + longest / 1_000_000
                + " ms from signal to end at most");
        assertThat(stopped).isPositive();
    }

    private boolean livesAsRunBegins(Running run, long runs) throws Exception {
        while (count("select count(*) from ledger.run") == runs) {
            if (!run.lives(
                    Duration.ofNanos(System.nanoTime() - run.startedNanos()).plusMillis(2))) return false;
        }
        return run.lives(Duration.ZERO);
    }

    private static JsonNode json(Running run) throws Exception {
        return new ObjectMapper().readTree(run.out());
    }

    private long count(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    private String text(String sql) throws SQLException {
        try (Connection c = DriverManager.getConnection(database.uri(), database.user(), database.password());
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return String.valueOf(r.getString(1));
        }
    }
}
