package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.cli.CommandChild.Running;
import io.caravan.job.TestJobs;
import io.caravan.library.BookApiStandIn;
import io.caravan.library.BookApiStandIn.Faults;
import io.caravan.library.BookJob;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals to the commands that go on for long without a run: workers, the display of jobs, the server. */
class WorkerSignalTest {

    private static final int JOBS = 400;

    @TempDir
    Path folder;

    private final TestJobs jobs = new TestJobs();

    @BeforeEach
    void publish() {
        jobs.ofAPipeline();
        jobs.publish(JOBS);
    }

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void aWorkerThatIsStoppedEndsWhatItBeganAndGivesTheRestBack() throws Exception {
        try (BookApiStandIn apis = new BookApiStandIn(List.<BookJob>of(), new Faults(20, 0, 0, 0));
                Running worker = child(apis).start("run", "books-work", "--json")) {
            worker.waitUntil(() -> jobs.count("books.job where status in ('completed', 'failed')") > 20);
            long sent = System.nanoTime();
            worker.signal("TERM");
            assertThat(worker.end()).as(worker.err()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(Duration.ofSeconds(8));
            JsonNode report = new ObjectMapper().readTree(worker.out());
            assertThat(report.at("/problems/0").asText())
                    .isEqualTo("books-work: the run was stopped by SIGTERM before its end; the next run resumes");
            assertThat(report.at("/recordsRead").asLong())
                    .isEqualTo(jobs.count("books.job where status in ('completed', 'failed')"));
            assertThat(jobs.texts("select distinct status from books.job order by 1"))
                    .containsExactly("failed", "pending");
            assertThat(jobs.count("books.attempt where outcome is null")).isZero();
        }
    }

    /** An answer takes longer than the worker has. */
    @Test
    void jobsInHandGoBackWhenTheirApisSayNothingAndTheDisplayOfJobsEndsAtOnce() throws Exception {
        try (BookApiStandIn apis = new BookApiStandIn(List.<BookJob>of(), new Faults(60_000, 0, 0, 0));
                Running worker = child(apis).start("run", "books-work");
                Running watch = child(apis).start("jobs", "--watch")) {
            worker.waitUntil(() -> apis.asked() > 0);
            long sent = System.nanoTime();
            worker.signal("INT");
            watch.waitUntil(() -> watch.said("jobs/s"));
            long watched = System.nanoTime();
            watch.signal("INT");
            assertThat(watch.end()).isEqualTo(130);
            assertThat(Duration.ofNanos(System.nanoTime() - watched)).isLessThan(Duration.ofSeconds(2));
            assertThat(worker.end()).as(worker.err()).isEqualTo(130);
            assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(Duration.ofMillis(10_500));
            assertThat(worker.out()).contains("books-work: failed, 0 records read");
            assertThat(jobs.texts("select distinct status || ' ' || attempts from books.job"))
                    .containsExactly("pending 0");
            assertThat(jobs.count("books.attempt")).isZero();
        }
    }

    @Test
    void aServerEndsWithTheSignal() throws Exception {
        try (BookApiStandIn apis = new BookApiStandIn(List.<BookJob>of(), Faults.NONE);
                Running server = child(apis).start("serve")) {
            server.waitUntil(() -> server.said("until Ctrl-C"));
            long sent = System.nanoTime();
            server.signal("TERM");
            assertThat(server.end()).as(server.err()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(Duration.ofSeconds(5));
            assertThat(server.err()).isEmpty();
        }
    }

    private CommandChild child(BookApiStandIn apis) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "caravan.books-work.googleBooksUrl", apis.googleBooks(),
                "caravan.books-work.googleBooksPerSecond", "0",
                "caravan.books-work.openLibraryUrl", apis.openLibrary(),
                "caravan.books-work.openLibraryPerSecond", "0",
                "caravan.books-work.apiTimeoutMillis", "60000",
                "caravan.documents.uri", "mongodb://127.0.0.1:1",
                "caravan.graph.uri", "bolt://127.0.0.1:1",
                "caravan.vectors.path", folder.resolve("vectors").toString()));
        try (ServerSocket free = new ServerSocket(0)) {
            settings.put("caravan.api.port", String.valueOf(free.getLocalPort()));
        }
        for (String store : List.of("ledger", "warehouse")) {
            settings.put("caravan." + store + ".uri", jobs.endpoint.uri());
            settings.put("caravan." + store + ".user", jobs.endpoint.user());
            settings.put("caravan." + store + ".password", jobs.endpoint.password());
        }
        return new CommandChild(folder, jobs.endpoint, settings);
    }
}
