package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.cli.CommandChild.Running;
import io.caravan.ledger.Sql;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of a backfill at any moment, beside runs of today, and gone on with: in the end silver is what a clean build makes. The
 * long proof: {@code -Dcaravan.backfill.months=60 -Dcaravan.backfill.kills=10}.
 */
class BackfillKillTest {

    private static final int MONTHS = Integer.getInteger("caravan.backfill.months", 3);
    private static final int KILLS = Integer.getInteger("caravan.backfill.kills", 1);
    private static final int PARALLEL = Integer.getInteger("caravan.backfill.parallel", 1);
    private static final long SEED = Long.getLong("caravan.seed", 20_260_101);
    private static final LocalDate FIRST = LocalDate.parse("2020-01-01");
    /** Of one file; each month repeats most people of the month before. */
    private static final int PEOPLE = 400;

    private static final String ROUTE = """
            - route:
                id: copy
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: copy, input: IN, keyFields: id, layout: agency, winner: last, leaseMillis: 3000}
                  steps:
                    - to:
                        uri: kamelet:objects-sink
                        parameters: {output: OUT, format: jsonl, compression: none, partitions: 1, partitionBy: run_date}
            """;

    @TempDir
    Path folder;

    @Test
    void aBackfillThatIsKilledBesideRunsOfTodayEqualsACleanBuild() throws Exception {
        Path bronze = folder.resolve("bronze");
        Endpoint ledger = TestStores.freshDatabase();
        CommandChild commands = project("disturbed", bronze, ledger);
        Random random = new Random(SEED);
        for (int month = 0; month < MONTHS; month++)
            write(bronze, FIRST.plusMonths(month).plusDays(4), month);
        LocalDate until = FIRST.plusMonths(MONTHS).minusDays(1);
        LocalDate today = FIRST.plusMonths(MONTHS);
        String[] backfill = {
            "backfill", "copy", "--since", FIRST.toString(), "--until", until.toString(), "--parallel", "" + PARALLEL
        };
        int hits = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            write(bronze, today.plusDays(kill), MONTHS + kill);
            // what history is, may be corrected meanwhile
            int corrected = random.nextInt(MONTHS);
            write(bronze, FIRST.plusMonths(corrected).plusDays(4), corrected + 1000 * kill);
            int slices = 1 + random.nextInt(Math.max(1, MONTHS / PARALLEL / KILLS - 1));
            long more = random.nextInt(1500);
            try (Running running = commands.start(backfill);
                    Running live = commands.start("run", "copy", "--wait", "60", "--allow-deletes")) {
                waitFor(running, slices);
                boolean hit = !running.process().waitFor(more, TimeUnit.MILLISECONDS);
                running.process().destroyForcibly().waitFor();
                if (hit) hits++;
                System.out.println("kill " + kill + " of " + KILLS + ", seed " + SEED + ": after " + slices
                        + " slices and " + more + " ms, " + (hit ? "hit" : "it had ended: " + running.err()));
                assertThat(live.end()).as("%s", live.err()).isZero();
            }
        }
        try (Running last = commands.start(backfill)) {
            last.process().waitFor();
            assertThat(last.end()).as("%s", last.err()).isZero();
        }
        assertThat(hits).isPositive();
        System.out.println(
                hits + " of " + KILLS + " kills hit the process, " + broken(ledger) + " a run in the ledger");

        CommandChild clean = project("clean", bronze, TestStores.freshDatabase());
        try (Running build = clean.start("run", "copy")) {
            assertThat(build.end()).as("%s", build.err()).isZero();
        }
        Map<String, String> expected = silver("clean");
        assertThat(expected).hasSizeGreaterThan(MONTHS);
        assertThat(silver("disturbed")).isEqualTo(expected);
        try (Running again = commands.start("run", "copy", "--json")) {
            assertThat(again.end()).as("%s", again.err()).isZero();
            assertThat(again.out()).contains("\"written\":0", "\"deleted\":0");
        }
    }

    private static long broken(Endpoint ledger) throws SQLException {
        return Sql.transaction(TestStores.dataSource(ledger), c -> Sql.first(
                        c,
                        row -> row.getLong(1),
                        "select count(*) from ledger.run where problem = 'the process ended before the run did'")
                .orElseThrow());
    }

    private static void waitFor(Running running, int slices) {
        running.waitUntil(() -> {
            try {
                return running.out()
                                .lines()
                                .filter(l -> l.contains("slices done"))
                                .count()
                        >= slices;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private CommandChild project(String name, Path bronze, Endpoint ledger) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(bronze);
        CommandChild commands = new CommandChild(
                home,
                ledger,
                Map.of(
                        "caravan.ledger.uri", ledger.uri(),
                        "caravan.ledger.user", ledger.user(),
                        "caravan.ledger.password", ledger.password(),
                        "caravan.ledger.connectTimeoutMillis", "60000"));
        new UserProject(home)
                .write(
                        "routes/copy/copy.camel.yaml",
                        ROUTE.replace("IN,", bronze + ",").replace("OUT,", home.resolve("out") + ","));
        return commands;
    }

    /** A part of the people has moved since the month before, some have come, some are not in the file. */
    private static void write(Path bronze, LocalDate day, int version) throws IOException {
        StringBuilder rows = new StringBuilder("id,version\n");
        int month = version % 1000;
        for (int i = 0; i < PEOPLE; i++) {
            if ((i + version) % 7 != 0)
                rows.append(month * 20 + i).append(',').append(version / 3).append('\n');
        }
        Path file = bronze.resolve("agency/a/files/staff/" + day + "/04/data.csv");
        Files.createDirectories(file.getParent());
        Path whole = Files.writeString(bronze.resolveSibling("next"), rows);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** By day, its rows in order. */
    private Map<String, String> silver(String name) throws IOException {
        Path out = folder.resolve(name).resolve("out");
        Map<String, String> silver = new TreeMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("part-"))
                    .toList()) {
                silver.put(
                        out.relativize(file).toString(),
                        String.join(
                                "\n", Files.readAllLines(file).stream().sorted().toList()));
            }
        }
        return silver;
    }
}
