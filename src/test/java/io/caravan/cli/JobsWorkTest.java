package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.cli.CommandChild.Running;
import io.caravan.format.ParquetFormat;
import io.caravan.job.TestJobs;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LeaseTerms;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.Sql;
import io.caravan.local.TestStores;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers do the jobs of the table: each once, however many work, and whoever of them is killed. As the issue has it, 50 jobs in 8
 * processes with 40 kills, every silver object right and none twice: {@code mvn test -Dtest=JobsWorkTest -Dcaravan.jobs.jobs=50
 * -Dcaravan.jobs.workers=8 -Dcaravan.jobs.kills=40}.
 */
class JobsWorkTest {

    private static final int JOBS = Integer.getInteger("caravan.jobs.jobs", 3);
    private static final int WORKERS = Integer.getInteger("caravan.jobs.workers", 2);
    private static final int KILLS = Integer.getInteger("caravan.jobs.kills", 1);

    private static final int PEOPLE = 20;

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
        project.write("jobs/deaf.job.yaml", note.replace("retries: 1", "timeoutSeconds: 1"));
        project.settings(settings());
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        for (String store : List.of("ledger", "warehouse")) {
            settings.put("caravan." + store + ".uri", jobs.endpoint.uri());
            settings.put("caravan." + store + ".user", jobs.endpoint.user());
            settings.put("caravan." + store + ".password", jobs.endpoint.password());
        }
        settings.put("caravan.silver.input", folder.resolve("bronze").toString());
        settings.put("caravan.silver.output", folder.resolve("silver").toString());
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

    /** Each waits for the other to begin; what one says stands together. */
    @Test
    void oneWorkerDoesAsManyJobsAtOnceAsItIsTold() {
        for (String id : List.of("1", "2")) cli(0, "jobs", "add", "note", "--", "--id", id, "--how", "meet");
        cli(0, "jobs", "add", "note", "--", "--id", "3", "--how", "fail");
        cli(2, "jobs", "work", "--parallel", "33");
        assertThat(project.err()).anyMatch(line -> line.contains("--parallel must be 1 to 32, got '33'"));
        cli(3, "jobs", "work", "--parallel", "2");
        assertThat(project.out())
                .containsExactlyInAnyOrder(
                        "run of note: succeeded, noted 1",
                        "run of note: succeeded, noted 2",
                        "2 completed, 1 failed, 0 put back; see why: ./caravan jobs list --status failed");
        assertThat(project.err()).anyMatch(line -> line.contains("note: nobody is there, secret 3"));
        assertThat(jobs.texts("select concat_ws('|', status, attempts) from jobs.job order by id"))
                .containsExactly("completed|1", "completed|1", "failed|1");
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

    /** Of the first its time is over and it does not care; the other worker stays for more, and a second signal cuts what it has in hand. */
    @Test
    void aDeafJobEndsItsWorkerInTimeAndASecondSignalGivesTheJobBack() throws Exception {
        cli(0, "jobs", "add", "deaf", "--", "--id", "1", "--how", "deaf");
        try (Running deaf = child("jobs", "work", "--kind", "deaf");
                Running staying = child("jobs", "work", "--kind", "note", "--stay", "--lease-millis", "1000")) {
            cli(0, "jobs", "add", "note", "--", "--id", "2");
            staying.waitUntil(() -> jobs.count("jobs.job where id = 2 and status = 'completed'") == 1);
            cli(0, "jobs", "add", "note", "--", "--id", "3", "--how", "deaf");
            staying.waitUntil(() -> notes().contains("begin 3"));
            staying.signal("TERM");
            cli(0, "jobs", "add", "note", "--", "--id", "4");
            assertThat(staying.process().waitFor(1_500, TimeUnit.MILLISECONDS))
                    .as("the first lets the present job end")
                    .isFalse();
            staying.signal("TERM");
            assertThat(staying.end()).as(staying.err()).isEqualTo(143);
            assertThat(deaf.end()).as(deaf.err()).isEqualTo(1);
        }
        assertThat(jobs.texts("select concat_ws('|', kind, status, error_message) from jobs.job order by id"))
                .containsExactly(
                        "deaf|failed|deaf: it did not end in its time",
                        "note|completed",
                        "note|pending",
                        "note|pending");
        jobs.update("update jobs.job set payload = '{\"id\": \"3\"}' where id = 3");
        cli(0, "jobs", "work");
        assertThat(notes()).endsWith("begin 3", "end 3", "begin 4", "end 4");
        assertThat(jobs.texts("select outcome from jobs.attempt where job = 3 order by attempt"))
                .as("what was given back was no attempt")
                .containsExactly("completed");
    }

    @Test
    void aJobWhoseTimeIsOverHasFailedAndTheNextIsDone() {
        cli(0, "jobs", "add", "deaf", "--", "--id", "1", "--how", "forever");
        cli(0, "jobs", "add", "deaf", "--", "--id", "2");
        cli(3, "jobs", "work");
        assertThat(notes()).containsExactly("begin 1", "asked 1", "begin 2", "end 2");
        assertThat(jobs.texts("select concat_ws('|', status, error_message) from jobs.job order by id"))
                .containsExactly("failed|failed: note: stopped", "completed");
    }

    /** A lock keeps the run from beginning meanwhile. */
    @Test
    void aJobThatIsCancelledBeforeItsRunBeganDoesNotEndTheWorker() throws Exception {
        project.write(bronze(0, 3), people(0, 3));
        cli(0, "jobs", "add", "bronze-to-silver", "--", "--agency", agency(0));
        cli(0, "jobs", "add", "note", "--", "--id", "2");
        cli(0, "runs"); // the ledger is there
        try (Running worker = Sql.transaction(TestStores.dataSource(jobs.endpoint), c -> {
            Sql.update(c, "lock table ledger.flow in access exclusive mode");
            try {
                Running begun = child("jobs", "work", "--lease-millis", "900");
                begun.waitUntil(() -> jobs.count("pg_stat_activity where wait_event = 'relation'") == 1);
                jobs.update("update jobs.job set status = 'cancelled', token = null, worker = null, leased_until = null"
                        + " where id = 1");
                assertThat(begun.process().waitFor(1_500, TimeUnit.MILLISECONDS))
                        .as("five heartbeats later it is there")
                        .isFalse();
                return begun;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        })) {
            assertThat(worker.end()).as(worker.err()).isZero();
        }
        assertThat(jobs.texts("select status from jobs.job order by id")).containsExactly("cancelled", "completed");
        assertThat(folder.resolve("silver")).doesNotExist();
    }

    /** Jobs are agencies' files from bronze to silver, workers processes that are killed at any moment of them. */
    @Test
    void workersAreKilledAndEveryAgencysSilverIsRightAndNothingTwice() throws Exception {
        StringBuilder each = new StringBuilder("agency\n");
        for (int agency = 0; agency < JOBS; agency++) {
            each.append(agency(agency)).append('\n');
            for (int day = 3; day <= 4; day++) project.write(bronze(agency, day), people(agency, day));
        }
        project.write("agencies.csv", each.toString());
        cli(0, "jobs", "add", "bronze-to-silver", "--each", "agencies.csv");
        int kills = 0;
        Random random = new Random(Long.getLong("caravan.seed", 7));
        List<Running> workers = new ArrayList<>();
        try {
            for (int i = 0; i < WORKERS; i++) workers.add(worker());
            while (open() > 0) {
                List<Running> busy = kills < KILLS ? busy(workers) : List.of();
                if (busy.isEmpty()) {
                    LockSupport.parkNanos(20_000_000); // the rhythm of looking
                    continue;
                }
                Running victim = busy.get(random.nextInt(busy.size()));
                // anywhere in its job, or in the next one
                victim.process().waitFor(random.nextInt(1_500), TimeUnit.MILLISECONDS);
                victim.signal("KILL");
                victim.process().waitFor();
                workers.set(workers.indexOf(victim), worker());
                kills++;
            }
            for (Running worker : workers)
                assertThat(worker.end()).as(worker.err()).isZero();
        } finally {
            for (Running worker : workers) worker.close();
        }
        assertThat(jobs.texts("select distinct status from jobs.job")).containsExactly("completed");
        assertThat(jobs.count("jobs.attempt where outcome = 'completed'")).isEqualTo(JOBS);
        assertThat(jobs.count("jobs.attempt where outcome is null")).isZero();
        assertThat(jobs.count("jobs.attempt where outcome = 'lost'"))
                .as("also of those whom a busy machine kept waiting for longer than their lease")
                .isPositive();
        for (int agency = 0; agency < JOBS; agency++) assertThat(silver(agency)).isEqualTo(expected(agency));
        System.out.println(JOBS + " jobs, " + WORKERS + " workers, " + kills + " killed: "
                + jobs.texts("select outcome || ' ' || count(*) from jobs.attempt group by outcome order by 1"));
    }

    private static String agency(int agency) {
        return "agency-" + (10 + agency);
    }

    private static String bronze(int agency, int day) {
        return "bronze/agency/" + agency(agency) + "/files/staff/2031-02-0" + day + "/04/data.csv";
    }

    /** Of the second day half are newer forms of people of the first. */
    private static String people(int agency, int day) {
        StringBuilder rows = new StringBuilder("employee_id,full_name,status,hired,weekly_hours\n");
        for (int i = 0; i < PEOPLE; i++) {
            int id = i + (day - 3) * PEOPLE / 2 + 1;
            rows.append(id + "," + agency(agency) + " " + id + " of " + day + ",active,2001-02-11,21\n");
        }
        return rows.toString();
    }

    private static List<String> expected(int agency) {
        List<String> all = new ArrayList<>();
        for (int id = 1; id <= PEOPLE + PEOPLE / 2; id++)
            all.add(id + " " + agency(agency) + " " + id + " of " + (id <= PEOPLE / 2 ? 3 : 4));
        return all;
    }

    /** What all objects of an agency hold, each row as often as it is there. */
    private List<String> silver(int agency) throws IOException {
        Map<Integer, List<String>> rows = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder.resolve("silver/staff/agency=" + agency(agency)))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
                try (RecordReader reader =
                        new ParquetFormat().open(Files.newInputStream(file), "o", List.of("employee_id"))) {
                    for (Optional<Record> row = read(reader); row.isPresent(); row = read(reader)) {
                        int id = Integer.parseInt(
                                row.get().get("employee_id").orElseThrow().toString());
                        rows.computeIfAbsent(id, i -> new ArrayList<>())
                                .add(id + " " + row.get().get("full_name").orElseThrow());
                    }
                }
            }
        }
        return rows.values().stream().flatMap(List::stream).toList();
    }

    private static Optional<Record> read(RecordReader reader) {
        return reader.read(bad -> {
            throw new AssertionError(bad.reason());
        });
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
