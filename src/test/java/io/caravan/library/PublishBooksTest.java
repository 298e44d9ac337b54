package io.caravan.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.job.TestJobs;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishBooksTest {

    @TempDir
    Path folder;

    private final TestJobs jobs = new TestJobs();
    private BooksRoutes routes;

    @BeforeEach
    void start() throws Exception {
        routes = new BooksRoutes(jobs, folder, Map.of());
    }

    @AfterEach
    void stop() {
        routes.close();
        jobs.close();
    }

    @Test
    void makesAJobOfEachBookOnceWhateverTheColumnsAreCalled() throws Exception {
        csv(
                "a.csv",
                "ISBN,author,TITLE",
                "0-525-55535-8,John Green,Turtles All the Way Down",
                ",\"Gilbert, Elizabeth\",\"Eat, Pray, Love\"");
        csv("b.csv", "Title,Author", "Eat Pray Love!,\"GILBERT,  Elizabeth\"");
        RunReport run = routes.publish();
        assertThat(run.problems()).isEmpty();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks().get("jobs")).isEqualTo(new SinkReport(2, 1, 0, 0, 0, 0, List.of()));
        assertThat(jobs.texts("select concat_ws('|', key, title, author, isbn, status, retry_count) from books.job"
                        + " order by id"))
                .containsExactly(
                        "9780525555353|Turtles All the Way Down|John Green|9780525555353|pending|0",
                        "t:eat pray love|gilbert, elizabeth|Eat, Pray, Love|Gilbert, Elizabeth|pending|0");
        assertThat(routes.publish().sinks().get("jobs")).isEqualTo(new SinkReport(0, 3, 0, 0, 0, 0, List.of()));
        csv("c.csv", "title,author,isbn", "Other words,Somebody,9780525555353");
        assertThat(routes.publish().sinks().get("jobs")).isEqualTo(new SinkReport(0, 4, 0, 0, 0, 0, List.of()));
    }

    @Test
    void booksThatDifferByASignAloneAreDifferentBooks() throws Exception {
        csv(
                "a.csv",
                "title,author",
                "C Primer,Stella Roth",
                "C++ Primer,Stella Roth",
                "C# Primer,Stella Roth",
                "c++ primer!,STELLA ROTH",
                "A,B",
                "A+,B");
        assertThat(routes.publish().sinks().get("jobs")).isEqualTo(new SinkReport(5, 1, 0, 0, 0, 0, List.of()));
        assertThat(routes.publish().sinks().get("jobs")).isEqualTo(new SinkReport(0, 6, 0, 0, 0, 0, List.of()));
    }

    /** Its key is of the time when signs did not count: the book gets no second job, and C Primer one of its own. */
    @Test
    void aJobOfAnEarlierVersionIsStillItsBooks() throws Exception {
        csv("a.csv", "title,author", "C++ Primer,Stella Roth");
        routes.publish();
        jobs.texts("update books.job set key = 't:c primer|stella roth' returning key");
        jobs.texts(
                "insert into books.dim_book (key, title, provenance) values ('t:c primer|stella roth', 'C++ Primer', '{}')"
                        + " returning key");

        csv("a.csv", "title,author", "C Primer,Stella Roth", "C++ Primer,Stella Roth");
        assertThat(routes.publish().sinks().get("jobs")).isEqualTo(new SinkReport(1, 1, 0, 0, 0, 0, List.of()));

        assertThat(jobs.texts("select key || '=' || title from books.job order by id"))
                .containsExactly("t:c++ primer|stella roth=C++ Primer", "t:c primer|stella roth=C Primer");
        assertThat(jobs.texts("select key from books.dim_book")).containsExactly("t:c++ primer|stella roth");
    }

    /** The job of "Paul, John" has the key of the time when it was that of "John Paul" too, who gets one of his own now. */
    @Test
    void aJobOfTheTimeWhenNamesWereTurnedRoundIsStillItsBooks() throws Exception {
        csv("a.csv", "title,author", "Peace,\"Paul, John\"", "War,\"Paul, John\"", "Love,John Paul");
        routes.publish();
        jobs.texts("update books.job set key = 't:' || lower(title) || '|john paul' returning key");

        csv(
                "a.csv",
                "title,author",
                "Peace,John Paul",
                "Peace,\"Paul, John\"",
                "War,\"PAUL, JOHN\"",
                "Love,\"Paul, John\"",
                "Love,John Paul");
        assertThat(routes.publish().sinks().get("jobs")).isEqualTo(new SinkReport(2, 3, 0, 0, 0, 0, List.of()));
        assertThat(routes.publish().sinks().get("jobs")).isEqualTo(new SinkReport(0, 5, 0, 0, 0, 0, List.of()));

        assertThat(jobs.texts("select key || '=' || author from books.job order by key"))
                .containsExactly(
                        "t:love|john paul=John Paul",
                        "t:love|paul, john=Paul, John",
                        "t:peace|john paul=John Paul",
                        "t:peace|paul, john=Paul, John",
                        "t:war|paul, john=Paul, John");
    }

    @Test
    void rowsThatNameNoBookAreDeadLettersWithLineAndReason() throws Exception {
        csv(
                "a.csv",
                "Title,Author,ISBN",
                "Good,Author,9780525555353",
                ",Nobody,",
                "No author,,",
                "Wrong,Digit,9780525555354",
                "Too,many,,columns");
        RunReport run = routes.publish();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.sinks().get("jobs")).isEqualTo(new SinkReport(1, 0, 0, 4, 0, 0, List.of()));
        assertThat(run.recordsRead()).isEqualTo(5);
        assertThat(letters())
                .hasSize(4)
                .anyMatch(l -> l.startsWith("3 ") && l.contains("not be blank"))
                .anyMatch(l -> l.startsWith("4 ") && l.contains("author"))
                .anyMatch(l -> l.startsWith("5 ") && l.contains("'9780525555354'"))
                .anyMatch(l -> l.startsWith("6 ") && l.contains("columns must be 3, got '4'"));
        csv("a.csv", "Title,Author,ISBN", "Good,Author,9780525555353", "Mended,Nobody,");
        RunReport fixed = routes.publish();
        assertThat(fixed.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(fixed.sinks().get("jobs").written()).isEqualTo(1);
        assertThat(letters()).isEmpty();
    }

    @Test
    void anObjectWithoutATitleColumnFailsTheRun() throws Exception {
        csv("a.csv", "name,author", "x,y");
        RunReport run = routes.publish();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems())
                .containsExactly("a.csv: the header must have title and author, and may have isbn, got 'name,author'");
        assertThat(jobs.texts("select status from ledger.run")).containsExactly("failed");
    }

    @Test
    void aFileThatIsCutOffIsNoSuccess() throws Exception {
        Files.writeString(folder.resolve("a.csv"), "Title,Author,ISBN\nGood,Author,\nCut,\"Auth");
        RunReport run = routes.publish();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).hasSize(1);
    }

    @Test
    void nothingToReadIsNoSuccess() throws Exception {
        assertThat(routes.publish().problems())
                .containsExactly(
                        "books-publish: input must hold an object to read, got none; see --input and --name-pattern");
    }

    private List<String> letters() {
        return jobs.texts("select line || ' ' || reason from ledger.dead_letter where state = 'open' order by line");
    }

    private void csv(String name, String... lines) throws Exception {
        Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }
}
