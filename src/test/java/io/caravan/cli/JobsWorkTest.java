package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.cli.CommandChild.Running;
import io.caravan.job.TestJobs;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LeaseTerms;
import io.caravan.ledger.LedgerDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers do the jobs of the table: each once, however many work, and whoever of them is killed. As the issue has it, 50 jobs in 8
 * processes with 40 kills: {@code mvn test -Dtest=JobsWorkTest -Dcaravan.jobs.jobs=50 -Dcaravan.jobs.workers=8
 * -Dcaravan.jobs.kills=40}.
 */
class JobsWorkTest {

    private static final int JOBS = Integer.getInteger("caravan.jobs.jobs", 5);
    private static final int WORKERS = Integer.getInteger("caravan.jobs.workers", 2);
    private static final int KILLS = Integer.getInteger("caravan.jobs.kills", 1);

    private static final String NOTE = """
            description: Notes
            parameters:
              id: {required: true}
              how: {default: well}
              millis: {type: integer, default: 0}
              together: {default: ""}
              folder: {default: "FOLDER"}
            run: {java: io.caravan.cli.NoteJob}
            retries: 1
            retryDelaySeconds: 0
            """;

    @TempDir
    Path folder;

    private final TestJobs jobs = new TestJobs();
    private UserProject project;

    @BeforeEach
    void aProject() throws IOException {
        project = new UserProject(folder);
        String note = NOTE.replace("FOLDER", folder.toString());
        project.write("jobs/note.job.yaml", note);
        project.write("jobs/alone.job.yaml", note + "concurrencyKey: \"of {{together}}\"\n");
        project.settings(settings());
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        for (String store : List.of("ledger", "warehouse")) {
            settings.put("caravan." + store + ".uri", jobs.endpoint.uri());
            settings.put("caravan." + store + ".user", jobs.endpoint.user());
            settings.put("caravan." + store + ".password", jobs.endpoint.password());
        }
        return settings;
    }

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void aWorkerDoesWhatThereIsAndTheTableSaysHowEachEnded() throws IOException {
        project.write("jobs.csv", "id,how\n1,\n2,fail\n3,partial\n");
        cli(0, "jobs", "add", "note", "--each", "jobs.csv");
        jobs.update("insert into jobs.job (kind, key, payload) values ('of another project', 'k', '{}'),"
                + " ('note', 'old', '{\"id\": \"4\", \"millis\": \"soon\"}')");

        cli(3, "jobs", "work");
        assertThat(project.out())
                .endsWith("1 completed, 3 failed, 0 put back; see why: ./caravan jobs list --status failed");
        assertThat(notes()).containsExactly("begin 1", "end 1", "begin 2", "begin 2", "begin 3");
        assertThat(jobs.texts(
                        "select concat_ws('|', kind, key, status, attempts, error_message) from jobs.job order by id"))
                .containsExactly(
                        "note|id=1|completed|1",
                        "note|id=2 how=fail|failed|1|note: nobody is there, secret 2",
                        "note|id=3 how=partial|failed|1|partial: the other half is gone",
                        "of another project|k|pending|0",
                        "note|old|failed|1|note: --millis must be a whole number, got 'soon'");
        assertThat(jobs.texts("select result from jobs.attempt where job = 1"))
                .containsExactly(
                        "{\"counts\": {\"notes\": 2}, \"status\": \"succeeded\", \"summary\": \"noted 1\", \"problems\": []}");

        cli(0, "jobs", "work");
        assertThat(project.out()).endsWith("0 completed, 0 failed, 0 put back");
        cli(2, "jobs", "work", "--kind", "nothing");
    }

    /** Somebody else, such as a run by hand, has the key. */
    @Test
    void aJobWaitsForWhoHasItsConcurrencyKey() {
        cli(0, "jobs", "add", "alone", "--", "--id", "1", "--together", "a");
        cli(0, "jobs", "add", "alone", "--", "--id", "2", "--together", "b");
        LeaseTerms terms = LeaseTerms.of("somebody else", Duration.ofSeconds(30));
        try (LedgerDataSource ledger =
                new LedgerDataSource(jobs.endpoint.uri(), jobs.endpoint.user(), jobs.endpoint.password())) {
            Lease held = Lease.acquire(ledger, "of a", "a run by hand", terms);
            CompletableFuture<Void> given = CompletableFuture.runAsync(() -> {
                until(() -> jobs.count("jobs.job where id = 1 and not_before > created_at + interval '900 ms'") == 1
                        && notes().contains("end 2"));
                held.close();
            });
            cli(0, "jobs", "work");
            given.join();
        }
        assertThat(notes()).containsExactly("begin 2", "end 2", "begin 1", "end 1");
        assertThat(jobs.texts("select status || ' ' || attempts from jobs.job"))
                .as("waiting is no attempt")
                .containsOnly("completed 1");
    }

    @Test
    void aSignalLetsThePresentJobEndAndACancelledOneIsAskedTo() throws Exception {
        cli(0, "jobs", "add", "note", "--", "--id", "1", "--how", "forever");
        for (String id : List.of("2", "3")) cli(0, "jobs", "add", "note", "--", "--id", id, "--millis", "1000");
        try (Running worker = child("jobs", "work", "--lease-millis", "900")) {
            worker.waitUntil(() -> notes().contains("begin 1"));
            cli(0, "jobs", "cancel", "1");
            worker.waitUntil(() -> notes().contains("begin 2"));
            worker.signal("TERM");
            assertThat(worker.end()).as(worker.err()).isEqualTo(143);
        }
        assertThat(notes()).containsExactly("begin 1", "asked 1", "begin 2", "end 2");
        assertThat(jobs.texts("select concat_ws('|', status, attempts) from jobs.job order by id"))
                .containsExactly("cancelled|1", "completed|1", "pending|0");
        assertThat(jobs.texts("select outcome from jobs.attempt order by job"))
                .containsExactly("cancelled", "completed");
    }

    @Test
    void workersAreKilledAndEachJobIsDoneOnce() throws Exception {
        project.write(
                "jobs.csv",
                "id,millis\n"
                        + String.join(
                                "",
                                IntStream.range(0, JOBS)
                                        .mapToObj(i -> i + ",600\n")
                                        .toList()));
        cli(0, "jobs", "add", "note", "--each", "jobs.csv");
        Random random = new Random(Long.getLong("caravan.seed", 7));
        List<Running> workers = new ArrayList<>();
        try {
            for (int i = 0; i < WORKERS; i++) workers.add(worker());
            for (int kill = 0; kill < KILLS && open() > 0; kill++) {
                until(() -> open() == 0 || !busy(workers).isEmpty());
                List<Running> busy = busy(workers);
                if (busy.isEmpty()) continue;
                Running victim = busy.get(random.nextInt(busy.size()));
                victim.signal("KILL");
                victim.process().waitFor();
                workers.set(workers.indexOf(victim), worker());
            }
            for (Running worker : workers)
                assertThat(worker.end()).as(worker.err()).isZero();
        } finally {
            for (Running worker : workers) worker.close();
        }
        assertThat(jobs.texts("select distinct status from jobs.job")).containsExactly("completed");
        assertThat(jobs.count("jobs.attempt where outcome = 'completed'")).isEqualTo(JOBS);
        assertThat(jobs.count("jobs.attempt where outcome is null")).isZero();
        assertThat(jobs.count("jobs.attempt where outcome = 'lost'")).isBetween(1L, (long) KILLS);
        try (Stream<Path> made = Files.list(folder)) {
            assertThat(made.filter(f -> f.getFileName().toString().startsWith("made-")))
                    .hasSize(JOBS);
        }
        System.out.println("jobs, killed workers: "
                + jobs.texts("select outcome || ' ' || count(*) from jobs.attempt group by outcome"));
    }

    /** Those who have a job in hand. */
    private List<Running> busy(List<Running> workers) {
        List<String> names = jobs.texts("select worker from jobs.job where status = 'processing'");
        return workers.stream()
                .filter(w -> names.stream()
                        .anyMatch(
                                name -> name.startsWith("process " + w.process().pid() + " ")))
                .toList();
    }

    private Running worker() throws IOException {
        return child("jobs", "work", "--lease-millis", "1000");
    }

    private Running child(String... command) throws IOException {
        return new CommandChild(folder, jobs.endpoint, settings()).start(command);
    }

    private long open() {
        return jobs.count("jobs.job where status in ('pending', 'processing')");
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) throw new AssertionError("it did not come to pass");
            Thread.onSpinWait();
        }
    }

    private void cli(int exit, String... command) {
        assertThat(project.cli(command)).as("%s", project.err()).isEqualTo(exit);
    }

    private List<String> notes() {
        try {
            Path notes = folder.resolve("notes");
            return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
