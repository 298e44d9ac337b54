package io.caravan.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.job.TestJobs;
import io.caravan.library.BookApiStandIn.Faults;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers in processes of their own that are killed, paused and cut off while they work. The numbers are small here; all of
 * them: {@code mvn test -Dtest=WorkersFaultTest -Dcaravan.books.jobs=10000 -Dcaravan.books.workers=8
 * -Dcaravan.books.faults=100}.
 */
class WorkersFaultTest {

    private static final int JOBS = Integer.getInteger("caravan.books.jobs", 600);
    private static final int WORKERS = Integer.getInteger("caravan.books.workers", 3);
    private static final int FAULTS = Integer.getInteger("caravan.books.faults", 12);
    private static final int LEASE_MILLIS = 5_000;
    private static final int MOST_SECONDS = 3_600;

    @TempDir
    Path folder;

    private final TestJobs jobs = new TestJobs();
    private final List<WorkerProcess> workers = new ArrayList<>();

    @AfterEach
    void stop() {
        workers.forEach(WorkerProcess::close);
        jobs.close();
    }

    @Test
    void everyJobIsDoneOnceWhateverHappensToTheWorkers() throws Exception {
        campaign(new Faults(20, 0, 0, 0));
    }

    @Test
    void everyJobIsDoneOnceWithFaultyApisToo() throws Exception {
        campaign(new Faults(10, 20, 5, 2));
    }

    private void campaign(Faults faults) throws Exception {
        List<BookJob> books = WorkBooksTest.books(JOBS);
        for (int from = 0; from < JOBS; from += 1_000) {
            List<BookJob> batch = books.subList(from, Math.min(JOBS, from + 1_000));
            jobs.database.in(c -> BookJob.publish(c, batch));
        }
        URI uri = URI.create(jobs.endpoint.uri().substring("jdbc:".length()));
        Random random = new Random(1);
        try (BookApiStandIn apis = new BookApiStandIn(books, faults);
                FaultProxy network = new FaultProxy(uri.getHost() + ":" + uri.getPort())) {
            Path settings = settings(apis, jobs.endpoint.uri().replace(uri.getAuthority(), network.address()));
            for (int i = 0; i < WORKERS; i++) workers.add(new WorkerProcess(settings));
            long longestStuck = 0;
            int done = 0;
            int restarts = 0;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
            while (open() > 0) {
                assertThat(System.nanoTime()).as("the campaign ends").isLessThan(end);
                longestStuck = Math.max(longestStuck, millisBehindTheirLeases());
                // spread over the work: the next fault when its share of the jobs has ended
                if (done < FAULTS && JOBS - open() >= (long) done * JOBS * 9 / 10 / FAULTS) {
                    disturb(random, network);
                    done++;
                }
                for (int i = 0; i < workers.size(); i++) {
                    if (workers.get(i).alive() || open() == 0) continue;
                    workers.set(i, new WorkerProcess(settings));
                    assertThat(++restarts).as("workers die of faults only").isLessThan(3 * FAULTS + 10);
                }
                TimeUnit.MILLISECONDS.sleep(100); // the rhythm of looking, not a wait for something
            }
            for (WorkerProcess worker : workers) assertThat(worker.ends(60)).isTrue();
            System.out.printf(
                    "%d jobs, %d workers, %d faults (%d cuts fired), longest behind its lease %d ms, attempts %s%n",
                    JOBS,
                    WORKERS,
                    done,
                    network.fired(),
                    longestStuck,
                    jobs.texts("select outcome || ' ' || count(*) from books.attempt group by outcome order by 1"));
            assertThat(done).isEqualTo(FAULTS);
            assertThat(longestStuck)
                    .as("nobody is stuck longer than two leases")
                    .isLessThan(LEASE_MILLIS);
        }
        assertReconciled();
    }

    private void assertReconciled() {
        long completed = jobs.count("books.job where status = 'completed'");
        long failed = jobs.count("books.job where status = 'failed'");
        assertThat(completed + failed).isEqualTo(JOBS);
        assertThat(jobs.texts("select distinct error_message from books.job where status = 'failed'"))
                .isSubsetOf("unknown to google-books and open-library");
        assertThat(StarRows.of(jobs)).containsEntry("dim_book", completed);
        assertThat(jobs.count("books.job where status = 'completed' and book_id is not null"))
                .isEqualTo(completed);
        assertThat(jobs.count(
                        "(select book_id from books.job where book_id is not null group by 1 having count(*) > 1) x"))
                .isZero();
        assertThat(jobs.count("(select job from books.attempt where outcome in ('completed', 'failed') group by job"
                        + " having count(*) <> 1) x"))
                .as("each job ended once")
                .isZero();
        assertThat(jobs.count("books.attempt where outcome is null")).isZero();
        assertThat(jobs.count("books.dim_book b where not exists"
                        + " (select 1 from books.book_metrics m where m.book_id = b.book_id)"))
                .isZero();
        assertThat(jobs.count("books.dim_author"))
                .isEqualTo(jobs.count("(select distinct key from books.dim_author) x"));
    }

    private void disturb(Random random, FaultProxy network) throws Exception {
        WorkerProcess worker = workers.get(random.nextInt(workers.size()));
        switch (random.nextInt(3)) {
            case 0 -> worker.kill();
            case 1 -> {
                worker.signal("STOP");
                int millis = random.nextInt(2 * LEASE_MILLIS);
                Thread later = new Thread(() -> {
                    try {
                        TimeUnit.MILLISECONDS.sleep(millis); // the pause is the fault
                        worker.signal("CONT");
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
                later.start();
            }
            default -> {
                for (int i = 0; i < 3; i++) network.arm(Fault.seeded(random, 20_000));
            }
        }
    }

    private long open() {
        return jobs.count("books.job where status in ('pending', 'processing')");
    }

    private long millisBehindTheirLeases() {
        return Long.parseLong(
                jobs.texts("select coalesce(max(extract(epoch from clock_timestamp() - leased_until)) * 1000,"
                                + " 0)::bigint from books.job where status = 'processing'")
                        .get(0));
    }

    private Path settings(BookApiStandIn apis, String database) throws Exception {
        Properties properties = new Properties();
        properties.putAll(BooksRoutes.settings(jobs.endpoint, database));
        properties.putAll(BooksRoutes.asking(apis));
        properties.putAll(Map.of(
                "caravan.books-work.leaseMillis", "" + LEASE_MILLIS,
                "caravan.books-work.batchSize", "20",
                "caravan.books-work.maxRetries", "100",
                "caravan.books-work.cacheDays", "0",
                "caravan.books-work.apiTimeoutMillis", "500"));
        Path file = folder.resolve("worker.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
        return file;
    }
}
