package io.caravan.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.book.Book;
import io.caravan.book.PartialDate;
import io.caravan.book.Price;
import io.caravan.book.Wanted;
import io.caravan.job.Claim;
import io.caravan.job.Claims;
import io.caravan.job.JobException;
import io.caravan.job.TestJobs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BookLoadTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
    private final TestJobs jobs = new TestJobs();

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void fillsEveryTableOfTheStar() {
        load(book("The Lighthouse", List.of("Ann Able", "Bo Bell"), List.of("Fiction", "Sea"), "2017-10"));
        assertThat(jobs.texts("select concat_ws('|', b.title, p.name, l.code, b.published_id, m.page_count,"
                        + " m.rating_average, m.list_price, m.list_currency, m.ebook, m.snapshot_id)"
                        + " from books.dim_book b join books.dim_publisher p using (publisher_id)"
                        + " join books.dim_language l using (language_id) join books.book_metrics m using (book_id)"))
                .containsExactly("The Lighthouse|Lantern Press|en|20171000|321|4.25|12.50|EUR|t|20261121");
        assertThat(jobs.texts("select a.name || ' ' || position from books.book_author"
                        + " join books.dim_author a using (author_id) order by position"))
                .containsExactly("Ann Able 1", "Bo Bell 2");
        assertThat(jobs.texts(
                        "select concat_ws('|', date_id, year, quarter, month, day) from books.dim_date order by 1"))
                .containsExactly("20171000|2017|4|10", "20261121|2026|4|11|21");
    }

    @Test
    void loadingAgainUpdatesAndDuplicatesNothing() {
        load(book("The Lighthouse", List.of("Ann Able", "Bo Bell"), List.of("Fiction"), "2017"));
        load(book("The Lighthouse", List.of("ANN ABLE"), List.of("Sea"), "2018-01-02"));
        assertThat(StarRows.of(jobs))
                .containsEntry("dim_book", 1L)
                .containsEntry("dim_author", 2L)
                .containsEntry("book_author", 1L)
                .containsEntry("book_genre", 1L)
                .containsEntry("book_metrics", 1L);
        assertThat(jobs.texts("select published_id from books.dim_book")).containsExactly("20180102");
        jobs.database.in(c -> new BookLoad(TODAY.plusDays(1))
                .load(c, book("The Lighthouse", List.of("Ann Able"), List.of(), "2018")));
        assertThat(jobs.count("books.book_metrics")).as("one a day").isEqualTo(2);
    }

    /** The row of the three is of the time when commas did not count: its books and it stay together. */
    @Test
    void authorsAreWhatTheirNamesSayCommasIncluded() {
        jobs.texts("insert into books.dim_author (key, name) values ('ann bo cy', 'Ann, Bo, Cy') returning key");
        load(book("One", List.of("Paul, John", "Ann, Bo, Cy"), List.of(), "2017"));
        load(book("Two", List.of("John Paul"), List.of(), "2017"));
        load(book("Three", List.of("PAUL,  JOHN", "Paul John", "Ann Bo Cy"), List.of(), "2017"));
        assertThat(jobs.texts("select key || '=' || name || ' ' || count(*) from books.dim_author"
                        + " join books.book_author using (author_id) group by key, name order by key"))
                .containsExactly(
                        "ann bo cy=Ann Bo Cy 1",
                        "ann, bo, cy=Ann, Bo, Cy 1",
                        "john paul=John Paul 1",
                        "paul john=Paul John 1",
                        "paul, john=Paul, John 2");
        assertThat(jobs.count("books.dim_author")).isEqualTo(5);
    }

    @Test
    void afterAFailureBehindAnyStatementNothingIsThere() {
        jobs.publish(1);
        Book book = book("The Lighthouse", List.of("Ann Able", "Bo Bell"), List.of("Fiction", "Sea"), "2017-10");
        Map<String, Long> before = StarRows.of(jobs);
        int failures = 0;
        for (boolean failed = true; failed; failures++) {
            int after = failures + 1;
            Claim claim = jobs.database
                    .in(c -> new Claims("ann", Duration.ofMinutes(1)).take(c, 1))
                    .get(0);
            AtomicInteger statements = new AtomicInteger();
            try {
                jobs.database.in(c -> complete(failing(c, statements, after), claim, book));
                failed = false;
            } catch (JobException e) {
                assertThat(e).hasMessageContaining("injected");
                assertThat(StarRows.of(jobs)).as("after statement " + after).isEqualTo(before);
                assertThat(jobs.texts("select status from books.job")).containsExactly("processing");
                jobs.database.in(c -> {
                    Claims.release(c, List.of(claim));
                    return null;
                });
            }
        }
        assertThat(failures).isGreaterThan(12);
        assertThat(StarRows.of(jobs)).containsEntry("dim_book", 1L).containsEntry("book_author", 2L);
        assertThat(jobs.texts("select status from books.job")).containsExactly("completed");
    }

    @Test
    void twoWorkersWithTheSameNewAuthorAtTheSameMomentMakeOneOfHim() throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 50; round++) {
                CyclicBarrier together = new CyclicBarrier(2);
                List<Future<?>> both = new ArrayList<>();
                for (int worker = 0; worker < 2; worker++) {
                    Book book = book(
                            "Book " + round + " of " + worker,
                            List.of("Author " + round),
                            List.of("G" + round),
                            "2001");
                    both.add(workers.submit(() -> {
                        together.await();
                        load(book);
                        return null;
                    }));
                }
                for (Future<?> one : both) one.get();
            }
        } finally {
            workers.shutdownNow();
        }
        assertThat(StarRows.of(jobs))
                .containsEntry("dim_book", 100L)
                .containsEntry("dim_author", 50L)
                .containsEntry("dim_genre", 50L)
                .containsEntry("book_author", 100L);
    }

    @Test
    void manyWorkersWithOverlappingAuthorsNeverWaitForEver() throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int worker = 0; worker < 8; worker++) {
                Random random = new Random(worker);
                all.add(workers.submit(() -> {
                    for (int i = 0; i < 40; i++) {
                        List<String> authors = names(random, "Author");
                        load(book(
                                "Book " + random.nextInt(60),
                                authors,
                                names(random, "Genre"),
                                "200" + random.nextInt(10)));
                    }
                }));
            }
            for (Future<?> one : all) one.get();
        } finally {
            workers.shutdownNow();
        }
        assertThat(jobs.count("books.dim_author"))
                .isEqualTo(jobs.count("(select distinct key from books.dim_author)x"));
        assertThat(jobs.count("books.dim_book")).isLessThanOrEqualTo(60);
    }

    @Test
    void refusesWhatTheSchemaDoesNotHold() {
        assertThatThrownBy(() -> jobs.update("insert into books.book_author values (1, 1, 1)"))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("foreign key");
    }

    private static List<String> names(Random random, String kind) {
        List<String> names = new ArrayList<>(List.of(kind));
        for (int i = 0; i < 5; i++) names.add(kind + " " + random.nextInt(200));
        return names;
    }

    private void load(Book book) {
        jobs.database.in(c -> new BookLoad(TODAY).load(c, book));
    }

    private static Void complete(Connection c, Claim claim, Book book) throws SQLException {
        if (!Claims.hold(c, claim)) return null;
        new BookLoad(TODAY).load(c, claim, book);
        Claims.complete(c, claim, "[]", "{}");
        return null;
    }

    /** The connection, on which the statement of this number is carried out and then fails. */
    private static Connection failing(Connection c, AtomicInteger statements, int after) {
        return proxy(Connection.class, c, (name, result) -> {
            if (!name.equals("prepareStatement")) return result;
            return proxy(PreparedStatement.class, (PreparedStatement) result, (done, value) -> {
                if (done.startsWith("execute") && statements.incrementAndGet() == after) {
                    throw new SQLException("injected", "P0001");
                }
                return value;
            });
        });
    }

    private interface After {
        Object done(String method, Object result) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, T target, After after) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            try {
                return after.done(method.getName(), method.invoke(target, args));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    static Book book(String title, List<String> authors, List<String> genres, String published) {
        return new Book(
                new Wanted(title, authors.get(0), Optional.empty()),
                Optional.empty(),
                title,
                Optional.empty(),
                authors,
                Optional.of("Lantern Press"),
                PartialDate.parse(published),
                Optional.of("A description."),
                genres,
                Optional.of("en"),
                OptionalInt.of(321),
                OptionalInt.of(7),
                Optional.of(new BigDecimal("4.25")),
                OptionalLong.of(99),
                Price.of(new BigDecimal("12.5"), "EUR"),
                Optional.empty(),
                Optional.of(true),
                Optional.of("FOR_SALE"),
                Map.of("title", List.of("google-books")));
    }
}
