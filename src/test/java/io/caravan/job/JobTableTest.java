package io.caravan.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Schema;
import io.caravan.ledger.Sql;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Where jobs lie, and how those of before come there. */
class JobTableTest {

    private static final String COLUMNS =
            "select string_agg(column_name || ' ' || data_type || ' ' || is_nullable, ', '"
                    + " order by column_name) from information_schema.columns where table_schema = ? and table_name = ?"
                    + " and column_name not in ('title', 'author', 'isbn', 'book_id')";

    private final Endpoint endpoint = TestStores.freshDatabase();

    @ParameterizedTest
    @EnumSource
    void theSchemaIsTheNewestInTheFolder(JobTable table) throws Exception {
        try (var files = Files.list(Path.of("src/main/resources/db/" + table.schema()))) {
            assertThat(files).hasSize(Integer.parseInt(table.newest()));
        }
    }

    @Test
    void allTablesHaveTheColumnsThatTheirCommonStatementsNeed() {
        try (JobDatabase ledger = database(JobTable.LEDGER);
                JobDatabase books = database(JobTable.BOOKS)) {
            for (String table : List.of("job", "attempt")) {
                assertThat(columns(books, table))
                        .isEqualTo(columns(ledger, table))
                        .contains("worker text");
            }
        }
    }

    @Test
    void jobsOfBooksInEveryStateStayWhatTheyAreWhenTheTableBecomesGeneral() throws Exception {
        PGSimpleDataSource before = new PGSimpleDataSource();
        before.setUrl(endpoint.uri());
        before.setUser(endpoint.user());
        before.setPassword(endpoint.password());
        Schema.migrate(before, "books", "filesystem:" + firstOnly(), "1");
        Sql.transaction(before, c -> {
            Sql.update(c, "insert into books.dim_book (key, title, provenance) values ('b', 'B', '{}')");
            Sql.update(
                    c,
                    "insert into books.job (key, title, author, isbn, status, completed_at, error_message,"
                            + " retry_count, attempts, lost, worker, token, leased_until, book_id) values"
                            + " ('p', 'P \"quoted\" \\', 'Ä', null, 'pending', null, 'was away', 2, 2, 1, null, null, null, null),"
                            + " ('w', 'W', 'A', '9780306406157', 'processing', null, null, 0, 1, 0, 'gone',"
                            + " nextval('books.claim_token'), clock_timestamp() - interval '1 second', null),"
                            + " ('c', 'C', '', null, 'completed', clock_timestamp(), null, 0, 1, 0, null, null, null, 1),"
                            + " ('f', 'F', 'A', null, 'failed', null, 'unknown', 3, 4, 0, null, null, null, null)");
            return Sql.update(
                    c,
                    "insert into books.attempt (job, attempt, token, worker, outcome, reason, answers, book)"
                            + " values (2, 1, 1, 'gone', null, null, null, null),"
                            + " (3, 1, 0, 'w', 'completed', null, '[]', '{\"title\": \"C\"}'),"
                            + " (4, 4, 0, 'w', 'failed', 'unknown', '[]', null)");
        });

        try (JobDatabase books = database(JobTable.BOOKS)) {
            assertThat(texts(
                            books,
                            "select concat_ws('|', key, kind, payload, title, author, isbn, status, retry_count,"
                                    + " attempts, lost, error_message, book_id) from books.job order by id"))
                    .containsExactly(
                            "p|books-work|{\"title\": \"P \\\"quoted\\\" \\\\\", \"author\": \"Ä\"}|P \"quoted\" \\|Ä|pending|2|2|1|was away",
                            "w|books-work|{\"isbn\": \"9780306406157\", \"title\": \"W\", \"author\": \"A\"}|W|A|9780306406157|processing|0|1|0",
                            "c|books-work|{\"title\": \"C\", \"author\": \"\"}|C||completed|0|1|0|1",
                            "f|books-work|{\"title\": \"F\", \"author\": \"A\"}|F|A|failed|3|4|0|unknown");
            assertThat(books.<JobReport.Job>in(c -> JobReport.find(c, 3).orElseThrow()))
                    .satisfies(done -> assertThat(done.book()).contains(1L))
                    .satisfies(
                            done -> assertThat(done.attempts().get(0).result()).contains("{\"title\": \"C\"}"));

            Claims claims = new Claims("now", Duration.ofMinutes(1));
            assertThat(books.<Integer>in(claims::takeBack)).isEqualTo(1);
            List<Claim> taken = books.in(c -> claims.take(c, 9));
            assertThat(taken).extracting(Claim::key).containsExactly("p", "w");
            assertThat(taken).extracting(Claim::attempt).containsExactly(3, 2);
            assertThat(taken.get(0).token()).as("higher than any before").isGreaterThan(1);
            assertThat(taken.get(1).payload().find("isbn")).contains("9780306406157");
            assertThat(books.<Integer>in(c -> Jobs.retryFailed(c, 9))).isEqualTo(1);
        }
    }

    @Test
    void aWorkerTakesOnlyWhatItKnowsAndNoTwoOfOneConcurrencyKey() {
        try (JobDatabase ledger = database(JobTable.LEDGER)) {
            for (String job : List.of("a 1 x", "b 2 x", "a 3 x", "a 4 y", "a 5 -")) {
                String[] is = job.split(" ");
                Optional<String> key = Optional.of(is[2]).filter(k -> !k.equals("-"));
                ledger.in(c -> Jobs.publish(c, List.of(new NewJob(is[0], is[1], Payload.of(Map.of()), key))));
            }
            Claims claims = new Claims("w", Duration.ofMinutes(1), Set.of("a"));
            List<Claim> taken = new ArrayList<>();
            for (List<Claim> next = take(ledger, claims); !next.isEmpty(); next = take(ledger, claims))
                taken.addAll(next);
            assertThat(taken).extracting(Claim::key).containsExactly("1", "4", "5");
            assertThat(ledger.<Long>in(c -> claims.millisToNextChange(c).orElseThrow()))
                    .as("who waits for another's end looks once a second")
                    .isBetween(900L, 1_000L);
            ledger.in(c -> {
                Claims.complete(c, taken.get(0), null, null);
                return null;
            });
            assertThat(take(ledger, claims)).extracting(Claim::key).containsExactly("3");
            assertThat(take(ledger, new Claims("w", Duration.ofMinutes(1))))
                    .as("of another kind, but its key is held")
                    .isEmpty();
        }
    }

    private static List<Claim> take(JobDatabase database, Claims claims) {
        return database.in(c -> claims.take(c, 1));
    }

    /** The migrations of the time before. */
    private static Path firstOnly() throws Exception {
        Path folder = Files.createTempDirectory("before");
        String name = "V1__jobs_and_star.sql";
        Files.copy(Path.of("src/main/resources/db/books", name), folder.resolve(name));
        folder.resolve(name).toFile().deleteOnExit();
        folder.toFile().deleteOnExit();
        return folder;
    }

    private JobDatabase database(JobTable table) {
        return new JobDatabase(table, endpoint.uri(), endpoint.user(), endpoint.password(), 60_000);
    }

    private static List<String> texts(JobDatabase database, String sql) {
        return database.in(c -> Sql.list(c, r -> r.getString(1), sql));
    }

    private static String columns(JobDatabase database, String table) {
        return database.<String>in(c ->
                Sql.first(c, r -> r.getString(1), COLUMNS, c.getSchema(), table).orElseThrow());
    }
}
