package io.caravan.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.book.Isbn;
import io.caravan.book.Wanted;
import io.caravan.error.ConfigurationException;
import io.caravan.job.TestJobs;
import io.caravan.library.BookApiStandIn.Faults;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The worker's route as it ships, against a stand-in of both APIs and a real PostgreSQL. */
class WorkBooksTest {

    private static final Path SAMPLE = Path.of("samples/books");
    private static final int BOOKS =
            57; // of the sample, without the one that is there twice and the three that are none

    private final TestJobs jobs = new TestJobs();

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void everyBookOfTheSampleIsInTheStarOrHasFailedWithItsReason() throws Exception {
        try (BookApiStandIn apis = new BookApiStandIn(BookList.read(SAMPLE), Faults.NONE);
                BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, BooksRoutes.asking(apis))) {
            RunReport published = routes.publish();
            assertThat(published.sinks().get("jobs").written()).isEqualTo(jobs.count("books.job"));
            assertThat(published.sinks().get("jobs").dead()).isEqualTo(3);
            assertThat(published.sinks().get("jobs").unchanged()).isEqualTo(1);
            RunReport worked = routes.work();
            assertThat(worked.problems()).isEmpty();
            long completed = worked.sinks().get("warehouse").written();
            long failed = worked.sinks().get("warehouse").dead();
            assertThat(completed + failed).isEqualTo(jobs.count("books.job"));
            assertThat(worked.status()).isEqualTo(failed == 0 ? Status.SUCCEEDED : Status.PARTIAL);
            assertThat(jobs.count("books.job where status = 'completed' and book_id is not null"))
                    .isEqualTo(completed);
            assertThat(StarRows.of(jobs)).containsEntry("dim_book", completed).containsEntry("book_metrics", completed);
            assertThat(jobs.texts("select distinct error_message from books.job where status = 'failed'"))
                    .isSubsetOf("unknown to google-books and open-library");
            assertThat(jobs.count("books.attempt where outcome is null")).isZero();
            assertThat(routes.work().sinks().get("warehouse").written()).isZero();
        }
    }

    @Test
    void oneApiThatIsAwayLeavesAGapAndTheOthersDataAreTaken() throws Exception {
        try (BookApiStandIn apis = new BookApiStandIn(books(10), Faults.NONE)) {
            Map<String, String> settings = new HashMap<>(BooksRoutes.asking(apis));
            settings.put("caravan.books-work.googleBooksUrl", "http://127.0.0.1:1/books/v1");
            settings.put("caravan.books-work.apiRetries", "0");
            settings.put("caravan.books-work.maxRetries", "0");
            try (BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, settings)) {
                publish(books(10));
                RunReport worked = routes.work();
                assertThat(worked.problems()).isEmpty();
                assertThat(worked.recordsRead()).isEqualTo(10);
                assertThat(worked.sinks().get("warehouse").written()).isGreaterThan(5);
                assertThat(jobs.count("books.attempt where answers::text like '%google-books%'"))
                        .isEqualTo(10);
                assertThat(jobs.texts("select distinct answers->0->>'gap' is not null or answers->1->>'gap' is not null"
                                + " from books.attempt"))
                        .containsExactly("t");
            }
        }
    }

    @Test
    void aBookThatNobodyKnowsHasFailedAndMayBeRetried() throws Exception {
        try (BookApiStandIn apis = new BookApiStandIn(List.of(), Faults.NONE);
                BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, BooksRoutes.asking(apis))) {
            publish(books(1));
            assertThat(routes.work().status()).isEqualTo(Status.PARTIAL);
            assertThat(jobs.texts("select status || ': ' || error_message from books.job"))
                    .containsExactly("failed: unknown to google-books and open-library");
        }
        Map<String, String> again = new HashMap<>();
        again.put("caravan.books-work.retryFailed", "true");
        again.put("caravan.books-work.cacheDays", "0");
        try (BookApiStandIn apis = new BookApiStandIn(books(1), Faults.NONE)) {
            again.putAll(BooksRoutes.asking(apis));
            try (BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, again)) {
                assertThat(routes.work().sinks().get("warehouse").written()).isEqualTo(1);
                assertThat(jobs.texts("select outcome from books.attempt order by attempt"))
                        .containsExactly("failed", "completed");
            }
        }
    }

    @Test
    void anAnswerIsAskedForOnce() throws Exception {
        try (BookApiStandIn apis = new BookApiStandIn(books(20), Faults.NONE);
                BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, BooksRoutes.asking(apis))) {
            publish(books(20));
            routes.work();
            long asked = apis.asked();
            assertThat(asked).isGreaterThanOrEqualTo(40);
            jobs.database.in(c -> {
                try (var s = c.createStatement()) {
                    s.execute("update books.job set status = 'pending', book_id = null");
                }
                return null;
            });
            assertThat(routes.work().recordsRead()).isEqualTo(20);
            assertThat(apis.asked()).isEqualTo(asked);
        }
    }

    @Test
    void apisThatFailAndTalkNonsenseDelayABookAndLoseNone() throws Exception {
        try (BookApiStandIn apis = new BookApiStandIn(books(200), new Faults(1, 20, 5, 1));
                BooksRoutes routes = new BooksRoutes(
                        jobs, SAMPLE, with(BooksRoutes.asking(apis), "caravan.books-work.apiTimeoutMillis", "300"))) {
            publish(books(200));
            RunReport worked = routes.work();
            assertThat(worked.problems()).isEmpty();
            assertThat(jobs.count("books.job where status in ('pending', 'processing')"))
                    .isZero();
            assertThat(jobs.count("books.job where status = 'completed'"))
                    .isEqualTo(jobs.count("books.dim_book"))
                    .isGreaterThan(150);
            assertThat(jobs.texts("select distinct error_message from books.job where status = 'failed'"))
                    .isSubsetOf("unknown to google-books and open-library");
        }
    }

    @Test
    void stopsWhenBothApisStayAway() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("caravan.books-work.googleBooksUrl", "http://127.0.0.1:1");
        settings.put("caravan.books-work.openLibraryUrl", "http://127.0.0.1:1");
        settings.put("caravan.books-work.apiRetries", "0");
        settings.put("caravan.books-work.retryPauseMillis", "600000");
        try (BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, settings)) {
            publish(books(500));
            RunReport worked = routes.work();
            assertThat(worked.status()).isEqualTo(Status.FAILED);
            assertThat(worked.problems()).singleElement().asString().contains("100 jobs in a row");
            assertThat(jobs.count("books.job where status = 'pending'")).isEqualTo(500);
            assertThat(jobs.count("books.job where retry_count = 0")).isGreaterThan(300);
        }
    }

    @Test
    void theQuestionsOfTheDocsHaveAnswers() throws Exception {
        try (BookApiStandIn apis = new BookApiStandIn(BookList.read(SAMPLE), Faults.NONE);
                BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, BooksRoutes.asking(apis))) {
            routes.publish();
            routes.work();
        }
        Matcher sql = Pattern.compile("(?s)```sql\\n(.*?)```").matcher(Files.readString(Path.of("docs/books.md")));
        assertThat(sql.find()).isTrue();
        List<String> questions =
                Arrays.stream(sql.group(1).split(";")).filter(q -> !q.isBlank()).toList();
        assertThat(questions).hasSize(5);
        for (String question : questions)
            assertThat(jobs.texts(question)).as(question).isNotEmpty();
    }

    @Test
    void allWorkersTogetherKeepToTheRate() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("caravan.books-work.googleBooksPerSecond", "20");
        settings.put("caravan.books-work.parallel", "2");
        try (BookApiStandIn apis = new BookApiStandIn(books(30), Faults.NONE)) {
            settings.putAll(BooksRoutes.asking(apis));
            try (BooksRoutes one = new BooksRoutes(jobs, SAMPLE, settings);
                    BooksRoutes two = new BooksRoutes(jobs, SAMPLE, settings)) {
                publish(books(30));
                long begun = System.nanoTime();
                CompletableFuture<RunReport> other = CompletableFuture.supplyAsync(() -> {
                    try {
                        return two.work();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
                long done = one.work().recordsRead() + other.get().recordsRead();
                assertThat(done).isEqualTo(30);
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .as("30 requests, 50 ms apart")
                        .isGreaterThan(Duration.ofMillis(29 * 50));
            }
        }
    }

    @Test
    void anApiThatFailsAgainAndAgainIsLeftAlone() throws Exception {
        try (BookApiStandIn works = new BookApiStandIn(books(60), Faults.NONE);
                BookApiStandIn fails = new BookApiStandIn(books(60), new Faults(0, 100, 0, 0))) {
            Map<String, String> settings = new HashMap<>(BooksRoutes.asking(works));
            settings.put("caravan.books-work.googleBooksUrl", fails.googleBooks());
            settings.put("caravan.books-work.apiRetries", "0");
            settings.put("caravan.books-work.maxRetries", "0");
            settings.put("caravan.books-work.parallel", "1");
            settings.put("caravan.books-work.inFlight", "1");
            try (BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, settings)) {
                publish(books(60));
                assertThat(routes.work().recordsRead()).isEqualTo(60);
                assertThat(fails.asked()).isLessThan(30);
                assertThat(jobs.count("books.attempt where answers::text like '%was not asked%'"))
                        .isEqualTo(60 - fails.asked());
            }
        }
    }

    @Test
    void aFailureThatACallerDealtWithIsNotOneOfTheRun() throws Exception {
        try (BookApiStandIn apis = new BookApiStandIn(books(2), Faults.NONE);
                BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, BooksRoutes.asking(apis))) {
            Processor dealtWith = e -> e.setProperty(Exchange.EXCEPTION_CAUGHT, new IllegalStateException("old"));
            publish(books(2));
            assertThat(routes.send("books-publish", dealtWith).problems()).isEmpty();
            assertThat(routes.send("books-work", dealtWith).problems()).isEmpty();
        }
    }

    @Test
    void aModeThatIsNoneOfTheirsIsThrownAndNotReported() throws Exception {
        try (BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, Map.of())) {
            for (String pipeline : List.of("books-publish", "books-work")) {
                assertThatThrownBy(() -> routes.send(pipeline, Mode.PLAN))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining(pipeline + ": the command must be run or check, got 'plan'");
            }
        }
    }

    private void publish(List<BookJob> books) {
        jobs.database.in(c -> BookJob.publish(c, books));
    }

    private static Map<String, String> with(Map<String, String> settings, String key, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(key, value);
        return more;
    }

    /** With and without ISBN. */
    static List<BookJob> books(int n) {
        return IntStream.range(0, n)
                .mapToObj(i -> {
                    Optional<Isbn> isbn = i % 4 == 0 ? Optional.empty() : Optional.of(isbn(i));
                    Wanted wanted = new Wanted("Made Up Title " + i, "Author Number " + i % 50, isbn);
                    return new BookJob(wanted.key(), wanted.title(), wanted.author(), isbn.map(Isbn::digits));
                })
                .toList();
    }

    private static Isbn isbn(int i) {
        String twelve = "978%09d".formatted(i);
        int sum = 0;
        for (int d = 0; d < 12; d++) sum += (twelve.charAt(d) - '0') * (d % 2 == 0 ? 1 : 3);
        return Isbn.parse(twelve + (10 - sum % 10) % 10);
    }
}
