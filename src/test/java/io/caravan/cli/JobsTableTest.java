package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.job.Claims;
import io.caravan.job.JobDatabase;
import io.caravan.job.JobTable;
import io.caravan.job.TestJobs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that anyone adds to the table, and what people can do with them there. */
class JobsTableTest {

    private static final String GREET = """
            description: Greets an agency
            parameters:
              agency-id: {type: integer, required: true, minimum: 1}
              words: {list: true, default: hello}
              since: {type: date}
              token: {secret: true, default: ""}
            run: {java: io.caravan.job.HelloWorld}
            concurrencyKey: "agency {{agency-id}}"
            """;

    private static final String TABLE =
            "select concat_ws('|', kind, key, payload, concurrency_key, status) from jobs.job order by id";

    @TempDir
    Path folder;

    private final TestJobs books = new TestJobs();
    private final Map<String, String> settings = new HashMap<>();
    private UserProject project;

    @BeforeEach
    void aProject() throws IOException {
        project = new UserProject(folder);
        project.write("jobs/greet.job.yaml", GREET);
        for (String store : new String[] {"ledger", "warehouse"}) {
            settings.put("caravan." + store + ".uri", books.endpoint.uri());
            settings.put("caravan." + store + ".user", books.endpoint.user());
            settings.put("caravan." + store + ".password", books.endpoint.password());
        }
        project.settings(settings);
    }

    @AfterEach
    void close() {
        books.close();
    }

    /** A folder for the queue. */
    @Test
    void jobsThatAreSentToAQueueBecomeThoseOfTheTableOnce() throws IOException {
        String queue = "file:" + folder.resolve("queue");
        settings.put("caravan.jobs.queue", queue);
        settings.put("caravan.queued-jobs.uri", queue + "?move=.done");
        settings.put(
                "caravan.queued-jobs.jobs",
                folder.resolve("jobs/greet.job.yaml").toString());
        project.settings(settings);
        project.write("agencies.csv", "agency-id,words,since\n10,\"good,$(day)\",2024-02-29\n20,,\n");
        add("greet: 2 would be sent", "--each", "agencies.csv", "--to", "queue", "--dry-run");
        add("greet: 2 sent", "--each", "agencies.csv", "--to", "queue");
        add("greet: 1 sent", "--to", queue, "--key", "twenty", "--", "--agency-id", "20");
        assertThat(books.count("pg_tables where schemaname = 'jobs'"))
                .as("not in the table")
                .isZero();
        queued(0);
        add("greet: 2 sent", "--each", "agencies.csv", "--to", "queue");
        project.write("queue/other", "{\"job\": \"hello-world\", \"key\": \"x\", \"told\": {}}");
        queued(3);
        List<String> sent = books.texts(TABLE);
        assertThat(sent)
                .containsExactlyInAnyOrder(
                        "greet|agency-id=10 words=good,$(day) since=2024-02-29|{\"since\": \"2024-02-29\", \"words\": [\"good\","
                                + " \"$(day)\"], \"agency-id\": \"10\"}|agency 10|pending",
                        "greet|agency-id=20|{\"agency-id\": \"20\"}|agency 20|pending",
                        "greet|twenty|{\"agency-id\": \"20\"}|agency 20|pending");
        add("greet: 0 added, 2 were there already", "--each", "agencies.csv");
        assertThat(books.texts(TABLE)).as("a message and a row are one").isEqualTo(sent);

        assertThat(project.cli("jobs", "add", "greet", "--to", "nowhere", "--", "--agency-id", "1"))
                .isEqualTo(2);
        assertThat(project.err())
                .containsExactly(
                        "jobs add: --to must be queue (that of caravan.jobs.queue), kubernetes, or the URI of an endpoint,"
                                + " got 'nowhere'");
    }

    private void queued(int exit) {
        assertThat(project.cli("run", "queued-jobs")).as("%s", project.err()).isEqualTo(exit);
    }

    @Test
    void aRowIsPrintedAsAJobOfKubernetes() throws IOException {
        project.write("agencies.csv", "agency-id,words\n10,\"a: b\"\n20,\n");
        assertThat(project.cli("jobs", "add", "greet", "--each", "agencies.csv", "--to", "kubernetes"))
                .isEqualTo(2);
        assertThat(project.err()).singleElement().asString().contains("caravan.jobs.kubernetes.image must name");
        settings.put("caravan.jobs.kubernetes.image", "caravan:1");
        project.settings(settings);
        assertThat(project.cli("jobs", "add", "greet", "--each", "agencies.csv", "--to", "kubernetes"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.out())
                .containsOnlyOnce("        - \"--words=a: b\"")
                .contains("        - \"--agency-id=20\"")
                .filteredOn("---"::equals)
                .hasSize(2);
        assertThat(books.count("pg_tables where schemaname = 'jobs'")).isZero();
    }

    @Test
    void aRowOfTheFileIsAJobAndTheSameIsNotAddedTwice() throws IOException {
        project.write(
                "agencies.csv",
                "agency-id,words,since\n10,\"good,day\",2024-02-29\n20,,\n10,\"good,day\",2024-02-29\n");
        assertThat(project.cli("jobs", "add", "greet", "--each", "agencies.csv", "--dry-run"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.out()).containsExactly("greet: 2 would be added, 1 was there already");
        assertThat(project.cli("jobs")).isZero();
        assertThat(project.out()).containsExactly("No jobs yet; make some: ./caravan jobs add <job>");

        add("greet: 2 added, 1 was there already", "--each", "agencies.csv");
        add("greet: 0 added, 3 were there already", "--each", "agencies.csv");
        add("greet: 1 added", "--", "--agency-id", "30");
        add("greet: 0 added, 1 was there already", "--", "--agency-id", "30");
        add("greet: 1 added", "--key", "{{agency-id}} of May", "--", "--agency-id", "30");
        assertThat(books.texts(
                        "select concat_ws('|', kind, key, payload, concurrency_key, status) from jobs.job order by id"))
                .containsExactly(
                        "greet|agency-id=10 words=good,day since=2024-02-29|{\"since\": \"2024-02-29\", \"words\": [\"good\", \"day\"],"
                                + " \"agency-id\": \"10\"}|agency 10|pending",
                        "greet|agency-id=20|{\"agency-id\": \"20\"}|agency 20|pending",
                        "greet|agency-id=30|{\"agency-id\": \"30\"}|agency 30|pending",
                        "greet|30 of May|{\"agency-id\": \"30\"}|agency 30|pending");
    }

    private void add(String said, String... arguments) {
        String[] all = new String[arguments.length + 3];
        System.arraycopy(new String[] {"jobs", "add", "greet"}, 0, all, 0, 3);
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        assertThat(project.cli(all)).as("%s", project.err()).isZero();
        assertThat(project.out()).startsWith(said);
    }

    @Test
    void nothingIsStoredWhileAnyRowIsWrongAndAllThatIsWrongIsSaidWithItsLine() throws IOException {
        project.write(
                "agencies.csv", "agency-id,since\n10,\nten,2024-02-30\n,2024-01-01\n0,,\n\"3\n0\",\n40,{{env:HOME}}\n");
        assertThat(project.cli("jobs", "add", "greet", "--each", "agencies.csv"))
                .isEqualTo(2);
        assertThat(project.err())
                .contains(
                        "agencies.csv:3: greet: --agency-id must be a whole number, got 'ten'",
                        "agencies.csv:3: greet: --since must be a date such as 2024-02-29, got '2024-02-30'",
                        "agencies.csv:4: greet: --agency-id must be given, got ''",
                        "agencies.csv:6: greet: --agency-id must be a whole number, got '3␀0'")
                .contains("agencies.csv:5: columns must be 2, got '3'")
                .anyMatch(l -> l.startsWith("agencies.csv:8: greet: --since must be a date"))
                .hasSize(6);

        project.write("agencies.csv", "agency_id,token\n10,abc\n");
        assertThat(project.cli("jobs", "add", "greet", "--each", "agencies.csv"))
                .isEqualTo(2);
        assertThat(project.err())
                .containsExactly("agencies.csv:1: greet: column must be one of the parameters agency-id, words, since,"
                        + " token, got 'agency_id'; did you mean 'agency-id'?");
        project.write("agencies.csv", "agency-id,token\n10,abcdef\n");
        assertThat(project.cli("jobs", "add", "greet", "--each", "agencies.csv"))
                .isEqualTo(2);
        assertThat(project.err())
                .singleElement()
                .asString()
                .startsWith("agencies.csv:2: greet: --token must not be told to a table")
                .doesNotContain("abcdef");
        project.write("agencies.csv", "agency-id,words\n10,a\n10,b\n");
        assertThat(project.cli("jobs", "add", "greet", "--key", "{{agency-id}}", "--each", "agencies.csv"))
                .isEqualTo(2);
        assertThat(project.err())
                .containsExactly("agencies.csv:3: greet: --key must differ from that of another row that is told"
                        + " something else (agencies.csv:2), got '10'");
        assertThat(project.cli("jobs", "add", "greet", "--each", "none.csv")).isEqualTo(2);
        assertThat(project.cli("jobs", "add", "gret", "--", "--agency-id", "1")).isEqualTo(2);
        assertThat(project.err()).singleElement().asString().contains("got 'gret'; did you mean 'greet'?");
        assertThat(project.cli("jobs", "add", "greet", "--", "--agency", "1")).isEqualTo(2);
        assertThat(project.err()).singleElement().asString().startsWith("jobs add: Unknown option");
        assertThat(project.cli("jobs", "add", "greet", "--key", "{{agency}}", "--", "--agency-id", "1"))
                .isEqualTo(2);
        assertThat(project.cli("jobs", "add", "greet", "--", "--agency-id", "1", "--token", "abcdef"))
                .isEqualTo(2);
        assertThat(project.cli("jobs", "--json")).isZero();
        assertThat(project.json().at("/pending").asInt()).isZero();
    }

    @Test
    void jobsAreEditedCancelledAndPutBackBesideThoseOfBooks() throws IOException {
        books.ofAPipeline();
        books.publish(2);
        add("greet: 1 added", "--", "--agency-id", "10", "--since", "2024-01-01");
        assertThat(project.cli("jobs")).isZero();
        assertThat(project.out())
                .anyMatch(l -> l.matches("books-work +2 +0 +0 +0 +0"))
                .anyMatch(l -> l.matches("greet +1 +0 +0 +0 +0"));
        assertThat(project.cli("jobs", "show", "1")).isEqualTo(2);
        assertThat(project.err()).containsExactly("jobs: id must be jobs/1 or books/1, as both are there, got '1'");
        assertThat(project.cli("jobs", "show", "books/1", "--json")).isZero();
        assertThat(project.json().at("/parameters/title").asText()).isEqualTo("Title 1");
        assertThat(project.cli("jobs", "show", "2"))
                .as("only books have a second")
                .isZero();

        assertThat(project.cli("jobs", "edit", "jobs/1", "--", "--agency-id", "0"))
                .isEqualTo(2);
        assertThat(project.err()).containsExactly("greet: --agency-id must be 1 or more, got '0'");
        assertThat(project.cli("jobs", "edit", "jobs/1", "--", "--agency-id", "11"))
                .as("%s", project.err())
                .isZero();
        assertThat(books.texts("select concat_ws('|', key, payload, concurrency_key) from jobs.job"))
                .containsExactly(
                        "agency-id=10 since=2024-01-01|{\"since\": \"2024-01-01\", \"agency-id\": \"11\"}|agency 11");
        assertThat(project.cli("jobs", "edit", "books/1", "--", "--title", "X")).isEqualTo(2);
        assertThat(project.cli("jobs", "retry", "jobs/1")).as("it did not fail").isEqualTo(2);

        assertThat(project.cli("jobs", "cancel", "jobs/1", "books/2"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.cli("jobs", "list", "--status", "cancelled", "--json"))
                .isZero();
        assertThat(project.json().findValuesAsText("id")).containsExactly("jobs/1", "books/2");
        assertThat(project.cli("jobs", "cancel", "jobs/1")).isEqualTo(2);
        assertThat(books.database.<Integer>in(
                        c -> new Claims("w", Duration.ofMinutes(1)).take(c, 9).size()))
                .as("a cancelled one is not taken")
                .isEqualTo(1);
        try (JobDatabase ledger = new JobDatabase(
                JobTable.LEDGER, books.endpoint.uri(), books.endpoint.user(), books.endpoint.password(), 60_000)) {
            Claims claims = new Claims("w", Duration.ofMinutes(1));
            assertThat(ledger.<Integer>in(c -> claims.take(c, 9).size())).isZero();
            assertThat(project.cli("jobs", "retry", "jobs/1"))
                    .as("%s", project.err())
                    .isZero();
            var taken = ledger.in(c -> claims.take(c, 9));
            ledger.in(c -> {
                Claims.fail(c, taken.get(0), "no voice", null);
                return null;
            });
        }
        assertThat(project.cli("jobs")).isZero();
        assertThat(project.out())
                .endsWith("Next: ./caravan jobs retry --failed puts 1 back")
                .contains("     1  no voice");
        assertThat(project.cli("jobs", "retry", "--failed", "--kind", "other")).isZero();
        assertThat(project.out()).containsExactly("0 put back");
        assertThat(project.cli("jobs", "retry", "--failed")).isZero();
        assertThat(project.out()).containsExactly("1 put back");
        assertThat(project.cli("jobs", "list", "--kind", "greet", "--json")).isZero();
        JsonNode job = project.json().get(0);
        assertThat(job.at("/status").asText()).isEqualTo("pending");
        assertThat(job.at("/attempts").asInt()).isEqualTo(1);
    }
}
