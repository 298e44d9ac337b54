package io.caravan.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.http.ApiServer;
import io.caravan.http.ApiServer.Answers;
import io.caravan.job.TestJobs;
import io.caravan.library.BookApiStandIn.Faults;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code check} says of the database and of both APIs. */
class CheckBooksTest {

    private static final Path SAMPLE = Path.of("samples/books");
    private static final String KEY = "AIza-s3cr3t";
    private static final String BOOKS = "{\"totalItems\":0,\"numFound\":0}";

    private final TestJobs jobs = new TestJobs();

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void bothApisAreAskedOnceEachPastTheCacheAndInTheLineOfAllWorkers() throws Exception {
        try (BookApiStandIn apis = new BookApiStandIn(WorkBooksTest.books(1), Faults.NONE)) {
            Map<String, String> settings = new HashMap<>(BooksRoutes.asking(apis));
            settings.put("caravan.books-work.googleBooksPerSecond", "50");
            settings.put("caravan.books-work.openLibraryPerSecond", "50");
            try (BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, settings)) {
                for (int asked = 2; asked <= 4; asked += 2) {
                    RunReport checked = routes.send("books-work", Mode.CHECK);
                    assertThat(checked.problems()).isEmpty();
                    assertThat(checked.status()).isEqualTo(Status.SUCCEEDED);
                    assertThat(checked.sinks()).containsOnlyKeys("source", "ledger", "google-books", "open-library");
                    assertThat(apis.asked()).isEqualTo(asked);
                }
                assertThat(jobs.texts("select api from ledger.api_pace order by api"))
                        .containsExactly("google-books", "open-library");
                assertThat(jobs.count("ledger.response_cache")).isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            400 ~ {"error":{"code":400,"message":"API key not valid.","details":[{"reason":"API_KEY_INVALID"}]}} ~ API key not valid.
            403 ~ {"error":{"code":403,"message":"The key AIza-s3cr3t may not.","status":"PERMISSION_DENIED"}}  ~ The key ***** may not.
            """)
    void aKeyThatGoogleRefusesIsAWrongSetting(int status, String answer, String words) throws Exception {
        try (ApiServer google = new ApiServer(exchange -> ApiServer.answer(exchange, status, answer));
                ApiServer openLibrary = answering(200, BOOKS)) {
            assertThat(check(google, openLibrary, Map.of("googleBooksApiKey", KEY)))
                    .containsExactly("google-books: " + (status == 403 ? "access denied" : "authentication failed")
                            + " for auth 'query key' at " + google.url("/books/v1") + " (status " + status + ": "
                            + words + "); " + (status == 403 ? "grant it the rights it needs, or " : "")
                            + "correct 'googleBooksApiKey'");
            assertThat(google.asked).singleElement().asString().endsWith("key=" + KEY);
            assertThat(openLibrary.asked).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            200 ~ <html>Log in</html>   ~ its answer is no JSON
            200 ~ {"items":[]}          ~ its answer is other JSON
            404 ~ <html>Not Found</html> ~ status 404
            """)
    void whatIsNoSuchApiIsSaidOfItsUrl(int status, String answer, String words) throws Exception {
        try (ApiServer google = answering(200, BOOKS);
                ApiServer other = answering(status, answer)) {
            assertThat(check(google, other, Map.of()))
                    .containsExactly("open-library: openLibraryUrl must lead to an API, got '" + other.url("")
                            + "' (another kind of server answers: " + words + "); correct 'openLibraryUrl'");
            assertThat(other.asked).hasSize(1);
        }
    }

    @Test
    void anApiInTroubleIsAskedOnce() throws Exception {
        try (ApiServer google = answering(503, "");
                ApiServer openLibrary = answering(429, "")) {
            assertThat(check(google, openLibrary, Map.of()))
                    .containsExactly(
                            "google-books: GET " + google.url("/books/v1/volumes") + " failed 1 time, at last with"
                                    + " status 503; try again later, look at its log or correct 'googleBooksUrl'",
                            "open-library: GET " + openLibrary.url("/search.json") + " failed 1 time, at last with"
                                    + " status 429; try again later, look at its log or correct 'openLibraryUrl'");
            assertThat(google.asked).hasSize(1);
            assertThat(openLibrary.asked).hasSize(1);
        }
    }

    @Test
    void databaseLedgerAndApisAreToldEachWhateverIsWrongWithTheOthers() throws Exception {
        Map<String, String> settings = Map.of(
                "caravan.warehouse.uri", "jdbc:postgresql://127.0.0.1:1/books",
                "caravan.ledger.uri", "jdbc:postgresql://127.0.0.1:1/ledger",
                "caravan.books-work.googleBooksUrl", "http://127.0.0.1:1/books/v1",
                "caravan.books-work.googleBooksPerSecond", "1",
                "caravan.books-work.openLibraryUrl", "http://nowhere.invalid");
        try (BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, settings)) {
            RunReport checked = routes.send("books-work", Mode.CHECK);
            assertThat(checked.status()).isEqualTo(Status.FAILED);
            assertThat(checked.problems())
                    .containsExactly(
                            "source: jobs: caravan.warehouse.uri must lead to a PostgreSQL that answers, got"
                                    + " 'jdbc:postgresql://127.0.0.1:1/books' (connection refused); start it or correct"
                                    + " 'caravan.warehouse.uri'; on a laptop start it with: ./caravan stores start",
                            "ledger: caravan.ledger.uri must lead to a PostgreSQL that answers, got"
                                    + " 'jdbc:postgresql://127.0.0.1:1/ledger' (connection refused); start it or correct"
                                    + " 'caravan.ledger.uri'; on a laptop start it with: ./caravan stores start",
                            "google-books: cannot GET: googleBooksUrl must lead to an API that answers, got"
                                    + " 'http://127.0.0.1:1/books/v1' (connection refused); start it or correct"
                                    + " 'googleBooksUrl'",
                            "open-library: cannot GET: openLibraryUrl must lead to an API that answers, got"
                                    + " 'http://nowhere.invalid:80' (unknown host); correct"
                                    + " 'openLibraryUrl'");
        }
    }

    @Test
    void anOpenCircuitHidesNothing() throws Exception {
        try (BookApiStandIn works = new BookApiStandIn(WorkBooksTest.books(30), Faults.NONE);
                ApiServer fails = answering(503, "")) {
            Map<String, String> settings = new HashMap<>(BooksRoutes.asking(works));
            settings.put("caravan.books-work.googleBooksUrl", fails.url("/books/v1"));
            settings.put("caravan.books-work.apiRetries", "0");
            settings.put("caravan.books-work.inFlight", "1");
            try (BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, settings)) {
                jobs.database.in(c -> BookJob.publish(c, WorkBooksTest.books(30)));
                routes.work();
                assertThat(jobs.count("books.attempt where answers::text like '%was not asked%'"))
                        .isPositive();
                int before = fails.asked.size();
                assertThat(routes.send("books-work", Mode.CHECK).problems())
                        .singleElement()
                        .asString()
                        .contains("status 503");
                assertThat(fails.asked).hasSize(before + 1);
            }
        }
    }

    @Test
    void aWrongKeyIsTheReasonOfTheGapInARunToo() throws Exception {
        try (BookApiStandIn works = new BookApiStandIn(WorkBooksTest.books(1), Faults.NONE);
                ApiServer google = answering(400, "{\"error\":{\"message\":\"API key not valid.\"}}")) {
            Map<String, String> settings = new HashMap<>(BooksRoutes.asking(works));
            settings.put("caravan.books-work.googleBooksUrl", google.url("/books/v1"));
            settings.put("caravan.books-work.googleBooksApiKey", KEY);
            try (BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, settings)) {
                jobs.database.in(c -> BookJob.publish(c, WorkBooksTest.books(1)));
                routes.work();
                assertThat(google.asked).as("asking again would change nothing").hasSize(1);
                assertThat(jobs.texts("select answers::text from books.attempt"))
                        .singleElement()
                        .asString()
                        .contains("correct 'googleBooksApiKey'")
                        .doesNotContain(KEY);
            }
        }
    }

    @Test
    void thePublishersInputAndDatabasesAreToldEach() throws Exception {
        Map<String, String> settings = Map.of("caravan.books-publish.input", "/nowhere/at/all");
        try (BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, settings)) {
            RunReport checked = routes.send("books-publish", Mode.CHECK);
            assertThat(checked.problems()).singleElement().asString().startsWith("source: books-publish: input must ");
            assertThat(checked.sinks()).containsOnlyKeys("ledger", "source", "jobs");
        }
    }

    private List<String> check(ApiServer google, ApiServer openLibrary, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("caravan.books-work.googleBooksUrl", google.url("/books/v1"));
        settings.put("caravan.books-work.openLibraryUrl", openLibrary.url(""));
        more.forEach((name, value) -> settings.put("caravan.books-work." + name, value));
        try (BooksRoutes routes = new BooksRoutes(jobs, SAMPLE, settings)) {
            return routes.send("books-work", Mode.CHECK).problems();
        }
    }

    private static ApiServer answering(int status, String body) {
        Answers answers = exchange -> ApiServer.answer(exchange, status, body);
        return new ApiServer(answers);
    }
}
