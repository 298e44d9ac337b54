package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import io.caravan.error.Mask;
import io.caravan.job.Claim;
import io.caravan.job.Claims;
import io.caravan.job.Jobs;
import io.caravan.job.TestJobs;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.local.Endpoint;
import io.caravan.local.LaptopStores;
import io.caravan.local.TestStores;
import io.caravan.run.TableSink;
import io.caravan.settings.Configuration;
import io.caravan.settings.SettingFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line as a user meets it, with a pipeline of two stores in memory and a real ledger. */
class CliTest {

    private static final Endpoint NOWHERE = new Endpoint("jdbc:postgresql://127.0.0.1:1/none", "caravan", "none");

    private static final String SETTINGS = """
            # the folder they are read from
            caravan.things.input = nowhere
            # what their names are like
            caravan.things.namePattern = *.csv
            """;

    @TempDir
    Path folder;

    private final Map<String, String> settings = new HashMap<>(Map.of(
            "caravan.things.input",
            "nowhere",
            "caravan.things.namePattern",
            "*.csv",
            "camel.beans.left",
            "#class:io.caravan.run.MemorySink(left)",
            "camel.beans.right",
            "#class:io.caravan.run.MemorySink(right)"));

    private Screen screen = new Screen();

    @Test
    void everyCommandHelpsWithAnExampleAndTakesJson() {
        List<String> commands = below("", new Cli(shell(NOWHERE), folder).commandLine());
        assertThat(commands).hasSizeGreaterThan(40).contains("run", "jobs purge", "stores");
        for (String command : commands) {
            assertThat(cli(NOWHERE, (command + " --help").split(" ")))
                    .as(command)
                    .isZero();
            assertThat(screen.out())
                    .as(command)
                    .anyMatch(l -> l.matches("Example: .*\\./caravan " + command + "\\b.*"));
            if (command.equals("completion")) continue; // what it prints is a script
            assertThat(screen.out())
                    .as(command)
                    .anyMatch(l -> l.contains("--json"))
                    .anyMatch(l -> l.contains("-v, --verbose"));
        }
    }

    /** The commands below one, and those below them, as they are typed. */
    private static List<String> below(String parent, CommandLine command) {
        List<String> all = new ArrayList<>();
        command.getSubcommands().forEach((name, child) -> {
            all.add(parent + name);
            all.addAll(below(parent + name + " ", child));
        });
        return all;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            run                      ~ run: Missing required parameter: '<pipeline>'; see ./caravan run --help
            run thing                ~ caravan: pipeline must be one of things, got 'thing'; did you mean 'things'?
            run things more          ~ run: there must be one pipeline, got also 'more'; see ./caravan run --help
            plan things --inptu x    ~ plan: a parameter must be one of --input, --name-pattern, got '--inptu'; did you mean '--input'? See ./caravan plan things --help
            plan things --repair     ~ plan: an option must be one of this command, got '--repair', which is of run; see ./caravan plan --help
            run --inptu x things     ~ run: a parameter must be one of --input, --name-pattern, got '--inptu'; did you mean '--input'? See ./caravan run --help
            runs --limt 5            ~ runs: Unknown option: '--limt'; did you mean '--limit'? See ./caravan runs --help
            jobs shwo 1              ~ jobs: Unmatched arguments from index 1: 'shwo', '1'; did you mean 'show'? See ./caravan jobs --help
            run things --fulll       ~ run: a parameter must be one of --input, --name-pattern, got '--fulll'; did you mean '--full'? See ./caravan run things --help
            thigns                   ~ caravan: command must be one of demo, run, plan, verify, adopt, backfill, list, pipelines, runs, audit, lineage, jobs, workers, schedules, dead-letters, datasets, keys, check, serve, stores, reset, remove, rename, purge, config, init, preview, test, completion, validate, kubernetes, help, or a pipeline or job, got 'thigns'; did you mean 'things'? See ./caravan --help
            things --inptu x         ~ run: a parameter must be one of --input, --name-pattern, got '--inptu'; did you mean '--input'? See ./caravan run things --help
            runs --limit 0           ~ runs: --limit must be 1 to 10000, got '0'
            runs --pipeline thing    ~ caravan: pipeline must be one of things, got 'thing'; did you mean 'things'?
            jobs purge               ~ jobs purge: Missing required option: '--older-than-days=<n>'; see ./caravan jobs purge --help
            jobs purge --older-than-days -1 ~ jobs purge: --older-than-days must be 0 to 36500, got '-1'
            dead-letters replay      ~ dead-letters replay: Missing required argument (specify one of these): (<id> | --all); see ./caravan dead-letters replay --help
            """)
    void wrongUsageIsOneSentenceAndExitCodeTwo(String command, String sentence) {
        assertThat(cli(NOWHERE, command.split(" "))).isEqualTo(2);
        assertThat(screen.err()).containsExactly(sentence);
        assertThat(screen.out()).isEmpty();
    }

    @Test
    void aWrongCommandIsAnsweredWithTheKnownOnes() {
        assertThat(cli(NOWHERE, "rnu")).isEqualTo(2);
        assertThat(screen.err())
                .containsExactly(
                        "caravan: command must be one of demo, run, plan, verify, adopt, backfill, list, pipelines, runs, audit, lineage, jobs, workers, schedules,"
                                + " dead-letters, datasets, keys, check, serve, stores, reset, remove, rename, purge, config, init, preview, test, completion, validate, kubernetes, help, or a pipeline or job, got 'rnu'; did you mean 'run'? See ./caravan --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run things --help", "run --help things", "things --help", "--routes routes things --help"})
    void theHelpOfAPipelineShowsItsParametersOnlyByWhatTheyAreOf(String command) {
        assertThat(cli(NOWHERE, command.split(" "))).isZero();
        assertThat(screen.err()).isEmpty();
        assertThat(screen.out())
                .startsWith(
                        "Usage: caravan run things [--<parameter> <value> ...] [<option> ...]",
                        "Things from CSV files to two stores in memory",
                        "",
                        "Of the source (objects-source):")
                .contains("Options of run:", "Example: ./caravan run things --input nowhere")
                .anyMatch(l -> l.matches(" +--input=<value> +the folder they are read from \\[nowhere]"))
                .anyMatch(l -> l.matches(" +--name-pattern=<value>"))
                .anyMatch(l -> l.matches(" +--full +Read the source whole.*"))
                .noneMatch(l -> l.contains("personalization"));
    }

    @Test
    void aPipelinesNameAloneRunsIt() throws IOException {
        things("a.csv", 3);
        assertThat(cli(TestStores.freshDatabase(), "things", "--input", folder.toString(), "--json"))
                .isZero();
        assertThat(json().at("/sinks/left/written").asInt()).isEqualTo(3);
    }

    @Test
    void listNeedsNoStore() throws IOException {
        assertThat(cli(NOWHERE, "list")).isZero();
        assertThat(screen.out())
                .containsExactly(
                        "pipeline things: Things from CSV files to two stores in memory",
                        "  --input  the folder they are read from [nowhere]",
                        "  --name-pattern  what their names are like [*.csv]");
        assertThat(cli(NOWHERE, "list", "--json")).isZero();
        assertThat(json().at("/0/parameters/0/name").asText()).isEqualTo("input");
    }

    @Test
    void aRunDoesWhatItSaysAndTheNextWritesNothing() throws IOException {
        things("a.csv", 200);
        Endpoint ledger = TestStores.freshDatabase();

        assertThat(cli(ledger, "plan", "things", "--input", folder.toString())).isZero();
        assertThat(screen.out()).anyMatch(l -> l.matches("left +200 +0 +0 +0 +0"));

        assertThat(cli(ledger, "run", "things", "--input=" + folder, "--json")).isZero();
        assertThat(json().at("/sinks/left/written").asInt()).isEqualTo(200);
        assertThat(screen.out()).hasSize(1);
        assertThat(screen.err()).isEmpty();

        assertThat(cli(ledger, "run", "things", "--input", folder.toString())).isZero();
        assertThat(screen.out()).anyMatch(l -> l.contains("succeeded, nothing had to be written, 200 records read"));

        assertThat(cli(ledger, "runs", "--json")).isZero();
        assertThat(json()).hasSize(2);
        assertThat(json().at("/1/sinks/right/written").asInt()).isEqualTo(200);
    }

    @Test
    void relativePathsStartFromTheFolderOfTheCaller() throws IOException {
        things("only.txt", 3);
        Endpoint ledger = TestStores.freshDatabase();

        assertThat(cli(ledger, "run", "things", "--input", ".", "--namePattern", "*.txt", "--json"))
                .isZero();
        assertThat(json().at("/recordsRead").asInt()).isEqualTo(3);
    }

    @Test
    void theCommandLineHasTheLastWordAlsoOverTheSystem() throws IOException {
        things("a.csv", 3);
        System.setProperty("caravan.things.input", "elsewhere");
        try {
            assertThat(cli(TestStores.freshDatabase(), "run", "things", "--input", ".", "--json"))
                    .isZero();
            assertThat(json().at("/recordsRead").asInt()).isEqualTo(3);
        } finally {
            System.clearProperty("caravan.things.input");
        }
    }

    @Test
    void verifyEndsWithThreeWhenSinksDiffer() throws IOException {
        things("a.csv", 2);
        Endpoint ledger = TestStores.freshDatabase();
        cli(ledger, "run", "things", "--input", ".");

        // the stores in memory are new, and empty, each time
        assertThat(cli(ledger, "verify", "things", "--input", ".")).isEqualTo(3);
        assertThat(screen.out()).contains("left differs in: k0, k1");
    }

    @Test
    void aRepairFollowsARunThatFailedForOneSinkAndTheExitCodeIsTheWorseOfBoth() throws Exception {
        things("a.csv", 2);
        Endpoint ledger = TestStores.freshDatabase();
        table("left", ledger);
        table("right", ledger);
        assertThat(cli(ledger, "run", "things", "--input", ".", "--repair")).isZero();
        try (Connection c = DriverManager.getConnection(ledger.uri(), ledger.user(), ledger.password());
                Statement s = c.createStatement()) {
            s.execute("delete from sink_right where key = 'k1'");
            s.execute("insert into sink_right values ('stranger', '')");
        }
        table("left", NOWHERE);
        things("a.csv", 4);

        assertThat(cli(ledger, "run", "things", "--input", ".", "--repair", "--allow-deletes"))
                .isEqualTo(1);
        assertThat(screen.out())
                .anyMatch(line -> line.startsWith("things run 3: failed"))
                .contains("right was repaired in: k1, stranger")
                .anyMatch(line -> line.startsWith("things repair 4: failed"));
        assertThat(screen.err()).hasSize(2).allMatch(line -> line.startsWith("left: "));
        assertThat(new TableSink("right", ledger.uri(), ledger.user(), ledger.password(), 1).contents())
                .containsOnlyKeys("k0", "k1", "k2", "k3");

        // what the other still waits for is the next run's matter
        table("left", ledger);
        assertThat(cli(ledger, "run", "things", "--input", ".", "--repair")).isZero();
        assertThat(screen.out()).noneMatch(line -> line.contains("repaired in"));
        assertThat(new TableSink("left", ledger.uri(), ledger.user(), ledger.password(), 1).contents())
                .hasSize(4);
    }

    @Test
    void deadLettersCanBeSeenSentAgainAndDiscarded() throws IOException {
        things("a.csv", 2);
        Files.writeString(folder.resolve("b.csv"), "id,size,text\nodd,many,x\n");
        Endpoint ledger = TestStores.freshDatabase();

        assertThat(cli(ledger, "run", "things", "--input", ".")).isEqualTo(3);
        assertThat(screen.out())
                .endsWith("1 dead letters are open; see them: ./caravan dead-letters list --pipeline things");

        assertThat(cli(ledger, "dead-letters", "list", "--pipeline", "things", "--json"))
                .isZero();
        String id = json().at("/0/id").asText();
        assertThat(json().at("/0/key").asText()).isEqualTo("odd");

        assertThat(cli(ledger, "dead-letters", "show", id)).isZero();
        assertThat(screen.out()).anyMatch(l -> l.startsWith("content") && l.contains("many"));

        assertThat(cli(ledger, "dead-letters", "replay", id)).isEqualTo(3);
        assertThat(cli(ledger, "dead-letters", "discard", id)).isZero();
        assertThat(screen.out()).containsExactly("1 dead letters of things discarded");
        assertThat(cli(ledger, "dead-letters", "discard", id)).isEqualTo(2);
        assertThat(screen.err())
                .containsExactly("dead-letters: letter " + id + " must be open to be discarded, got 'discarded'");
        assertThat(cli(ledger, "dead-letters")).isZero();
        assertThat(screen.out()).containsExactly("No dead letters are open.");
    }

    @Test
    void anAcceptedLetterLeavesTheNextRunASuccessAndIsStillShown() throws IOException {
        things("a.csv", 2);
        Files.writeString(folder.resolve("b.csv"), "id,size,text\nodd,many,x\n");
        Endpoint ledger = TestStores.freshDatabase();
        assertThat(cli(ledger, "run", "things", "--input", ".")).isEqualTo(3);

        assertThat(cli(ledger, "dead-letters", "accept", "--reason", "no such reason"))
                .isZero();
        assertThat(screen.out()).containsExactly("0 dead letters of things accepted");
        assertThat(cli(ledger, "dead-letters", "accept", "--reason", " ")).isEqualTo(2);
        assertThat(cli(ledger, "dead-letters", "accept", "--reason", "size")).isZero();
        assertThat(screen.out()).containsExactly("1 dead letters of things accepted");
        assertThat(cli(ledger, "run", "things", "--input", ".")).isZero();

        assertThat(cli(ledger, "dead-letters", "list")).isZero();
        assertThat(screen.out()).containsExactly("No dead letters are open.");
        assertThat(cli(ledger, "dead-letters", "list", "--state", "accepted", "--json"))
                .isZero();
        assertThat(json().at("/0/state").asText()).isEqualTo("accepted");
        String id = json().at("/0/id").asText();
        assertThat(cli(ledger, "dead-letters", "accept", id)).isEqualTo(2);
        assertThat(screen.err())
                .containsExactly("dead-letters: letter " + id + " must be open to be accepted, got 'accepted'");
        assertThat(cli(ledger, "dead-letters", "replay", id))
                .as("refused again")
                .isZero();
        assertThat(cli(ledger, "dead-letters", "list", "--state", "wrong")).isEqualTo(2);
        assertThat(screen.err())
                .containsExactly("dead-letters: --state must be one of open, accepted, discarded, delivered, gone, any,"
                        + " got 'wrong'");
    }

    @Test
    void aLeaseHeldByAnotherRunIsExitCodeFour() throws IOException {
        things("a.csv", 2);
        Endpoint at = TestStores.freshDatabase();
        try (LedgerDataSource ledger = new LedgerDataSource(at.uri(), at.user(), at.password())) {
            Flow flow = new PlainTransactions(ledger).in(c -> Flows.of(c, "things"));
            try (Lease lease = Lease.acquire(ledger, flow, "somebody", Duration.ofMinutes(1))) {
                assertThat(lease.held()).isTrue();
                assertThat(cli(at, "run", "things", "--input", ".")).isEqualTo(4);
            }
        }
        assertThat(screen.err()).singleElement().asString().contains("the lease is held by somebody");
        assertThat(screen.out()).isEmpty();
    }

    @Test
    void whatIsWrongWithTheConfigurationIsExitCodeTwo() {
        assertThat(cli(NOWHERE, "run", "things", "--input", ".", "--name-pattern", "/b"))
                .isEqualTo(2);
        assertThat(screen.err()).containsExactly("objects-source: namePattern must not begin with /, got '/b'");
    }

    @Test
    void aFailedRunIsExitCodeOneWithItsProblem() {
        assertThat(cli(TestStores.freshDatabase(), "run", "things", "--input", "missing"))
                .isEqualTo(1);
        assertThat(screen.err()).singleElement().asString().contains("missing");
    }

    @Test
    void aTakenPortIsFoundBeforeAnythingIsServed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("caravan.api.port", String.valueOf(taken.getLocalPort()));

            assertThat(cli(NOWHERE, "serve")).isEqualTo(2);
            assertThat(screen.err())
                    .containsExactly("serve: caravan.api.port must be free on 127.0.0.1, got '" + taken.getLocalPort()
                            + "'; end what listens there, or choose another: CARAVAN_API_PORT=8081");
        }
    }

    @Test
    void aServerThatOtherMachinesReachDoesNotStartWithoutAKey() {
        settings.put("caravan.api.host", "0.0.0.0");

        assertThat(cli(NOWHERE, "serve")).isEqualTo(2);
        assertThat(screen.err())
                .containsExactly("serve: caravan.api.key must be set where other machines reach 0.0.0.0, got ''; set"
                        + " CARAVAN_API_KEY to what openssl rand -hex 32 prints, or caravan.api.host to 127.0.0.1");
    }

    @Test
    void checkSaysAllThatIsWrong() {
        assertThat(cli(NOWHERE, "check")).isEqualTo(1);
        assertThat(screen.out())
                .anyMatch(l -> l.matches("things +ledger +problem"))
                .anyMatch(l -> l.matches("things +source +problem"))
                .anyMatch(l -> l.matches("things +left +ok"));
        assertThat(screen.err())
                .containsExactly(
                        "ledger: caravan.ledger.uri must lead to a PostgreSQL that answers, got"
                                + " 'jdbc:postgresql://127.0.0.1:1/none' (connection refused); start it or correct"
                                + " 'caravan.ledger.uri'; on a laptop start it with: ./caravan stores start",
                        "source: objects-source: input must be a folder or file that can be read, got '"
                                + Path.of("nowhere").toAbsolutePath() + "'; create it or correct 'input'");
    }

    @Test
    void checkTellsMachinesTheStateOfEachEndpoint() throws IOException {
        assertThat(cli(TestStores.freshDatabase(), "check", "things", "--json")).isEqualTo(1);
        assertThat(json().at("/0/status").asText()).isEqualTo("failed");
        assertThat(json().at("/0/endpoints"))
                .extracting(
                        e -> e.get("endpoint").asText() + " " + e.get("state").asText())
                .containsExactly("ledger ok", "source problem", "left ok", "right ok");
        assertThat(json().at("/0/endpoints/1/problems/0").asText())
                .startsWith("source: objects-source: input must be a folder");
    }

    @Test
    void checkTellsWhatAStoreHoldsAndDoesNotMindOneThatWillNotSay() throws IOException {
        String uri = TestStores.mongo().uri();
        try (MongoClient mongo = MongoClients.create(uri)) {
            MongoCollection<Document> things = mongo.getDatabase("cli_check").getCollection("things");
            things.drop();
            for (int i = 0; i < 1_200; i++) things.insertOne(new Document("_id", "k" + i));
        }
        Files.writeString(folder.resolve("a.csv"), "id\n1\n");
        settings.put("caravan.things.input", folder.toString());
        settings.put("camel.beans.left", "#class:io.caravan.run.SecretiveSink(left)");
        settings.put(
                "camel.beans.right",
                "#class:io.caravan.document.MongoSink(right, '" + uri
                        + "', '', '', 'cli_check', 'things', '', '', 'remove', 5000, 10000)");

        assertThat(cli(TestStores.freshDatabase(), "check", "things"))
                .as("%s", screen.err())
                .isZero();
        assertThat(screen.out())
                .anyMatch(l -> l.matches("pipeline +endpoint +state +holds"))
                .anyMatch(l -> l.matches("things +left +ok"))
                .anyMatch(l -> l.matches("things +right +ok +1,200 documents, [0-9,]+ bytes.*"));
        assertThat(cli(TestStores.freshDatabase(), "check", "things", "--json")).isZero();
        assertThat(json().at("/0/endpoints/3/holds/documents").asInt()).isEqualTo(1_200);
        assertThat(json().at("/0/endpoints/2").has("holds")).isFalse();
    }

    @Test
    void checkOfAWrongSettingIsExitCodeTwoAndAsksNobody() {
        settings.put("caravan.things.namePattern", "/b");

        assertThat(cli(NOWHERE, "check", "things")).isEqualTo(2);
        assertThat(screen.out()).anyMatch(l -> l.matches("things +everything +not asked"));
        assertThat(screen.err()).containsExactly("objects-source: namePattern must not begin with /, got '/b'");
    }

    @Test
    void jobsSaysHowManyThereAreAndWhyTheyFailed() throws IOException {
        try (TestJobs jobs = new TestJobs()) {
            jobsIn(jobs);
            settings.put("caravan.books-work.maxRetries", "3");
            assertThat(cli(jobs.endpoint, "jobs")).isZero();
            assertThat(screen.out()).containsExactly("No jobs yet; make some: ./caravan jobs add <job>");
            jobs.publish(4);
            Claims claims = new Claims("a worker", Duration.ofMinutes(1));
            jobs.database.in(c -> {
                List<Claim> taken = claims.take(c, 3);
                Claims.fail(c, taken.get(0), "unknown to a", "[{\"source\":\"a\",\"unknown\":true}]");
                Claims.fail(c, taken.get(1), "unknown to a", "[]");
                return null;
            });
            assertThat(cli(jobs.endpoint, "jobs")).isZero();
            assertThat(screen.out())
                    .startsWith(
                            "status      jobs",
                            "pending        1",
                            "processing     1",
                            "completed      0",
                            "failed         2",
                            "[###############...............] 2 of 4 ended, 0.0 jobs/s completed")
                    .anyMatch(l -> l.startsWith("The oldest pending job waits for "))
                    .contains("     2  unknown to a");
            assertThat(cli(jobs.endpoint, "jobs", "--json")).isZero();
            assertThat(json().at("/failures/unknown to a").asInt()).isEqualTo(2);
            assertThat(json().at("/retryable").asInt()).isEqualTo(2);
            assertThat(cli(jobs.endpoint, "jobs", "show", "1", "--json")).isZero();
            assertThat(json().at("/status").asText()).isEqualTo("failed");
            assertThat(json().at("/attempts/0/answers/0/unknown").asBoolean()).isTrue();
            assertThat(cli(jobs.endpoint, "jobs", "show", "1")).isZero();
            assertThat(screen.out()).contains("worker   a worker", "reason   unknown to a");
            assertThat(cli(jobs.endpoint, "jobs", "show", "99")).isEqualTo(2);
            assertThat(screen.err())
                    .containsExactly("jobs: id must be the number of a job, got '99'; see ./caravan jobs list");
            assertThat(cli(jobs.endpoint, "jobs", "--watch", "--json")).isEqualTo(2);
        }
    }

    @Test
    void jobsSaysHowManyFailedOnesRetryingWouldPutBack() throws IOException {
        try (TestJobs jobs = new TestJobs()) {
            jobsIn(jobs);
            settings.put("caravan.books-work.maxRetries", "3");
            jobs.publish(4);
            String again = "./caravan run books-work --retry-failed";

            jobs.update("update books.job set status = 'failed', retry_count = 2");
            assertThat(cli(jobs.endpoint, "jobs")).isZero();
            assertThat(screen.out()).endsWith("Next: " + again + " puts 4 back");

            jobs.update("update books.job set retry_count = 5 where key = 'k1'");
            assertThat(cli(jobs.endpoint, "jobs")).isZero();
            assertThat(screen.out())
                    .endsWith(
                            "Next: " + again + " puts 3 back,",
                            "  not the 1 that were put back too often; those too: " + again + " --max-retries 6");
            assertThat(cli(jobs.endpoint, "jobs", "--json")).isZero();
            assertThat(json().at("/retryable").asInt()).isEqualTo(3);
            assertThat(json().at("/retriesUsedUp").asInt()).isEqualTo(1);
            assertThat(json().at("/maxRetriesForAll").asInt()).isEqualTo(6);
            assertThat(jobs.database.<Integer>in(c -> Jobs.retryFailed(c, 3))).isEqualTo(3);
            assertThat(jobs.database.<Integer>in(c -> Jobs.retryFailed(c, 6))).isEqualTo(1);

            jobs.update("update books.job set status = 'failed', retry_count = 3");
            assertThat(cli(jobs.endpoint, "jobs")).isZero();
            assertThat(screen.out())
                    .endsWith("Next: 4 were put back too often; all the same: " + again + " --max-retries 4");
        }
    }

    @Test
    void jobsPurgeForgetsOldAttemptsButNoJobsLast() throws IOException {
        try (TestJobs jobs = new TestJobs()) {
            jobsIn(jobs);
            jobs.publish(2);
            Claims claims = new Claims("a worker", Duration.ofMinutes(1));
            for (int attempt = 1; attempt <= 3; attempt++) {
                jobs.database.in(c -> {
                    for (Claim claim : claims.take(c, 2)) Claims.later(c, claim, "busy", "[]", 9, Duration.ZERO);
                    return null;
                });
            }
            jobs.update("update books.attempt set ended_at = ended_at - interval '40 days'"
                    + " where attempt = 1 or job = 2");
            jobs.database.in(c -> claims.take(c, 1)); // a fourth attempt at the first job goes on
            String left = "select job || ' ' || attempt from books.attempt order by 1";

            assertThat(cli(jobs.endpoint, "jobs", "purge", "--older-than-days", "41"))
                    .isZero();
            assertThat(screen.out()).containsExactly("0 attempts forgotten");
            assertThat(cli(jobs.endpoint, "jobs", "purge", "--older-than-days", "39"))
                    .isZero();
            assertThat(screen.out()).containsExactly("3 attempts forgotten");
            assertThat(jobs.texts(left)).containsExactly("1 2", "1 3", "1 4", "2 3");
            assertThat(cli(jobs.endpoint, "jobs", "purge", "--older-than-days", "0", "--json"))
                    .isZero();
            assertThat(json().at("/forgotten").asInt()).isEqualTo(2);
            assertThat(jobs.texts(left)).containsExactly("1 4", "2 3");
        }
    }

    private void jobsIn(TestJobs jobs) {
        jobs.ofAPipeline();
        settings.put("caravan.warehouse.uri", jobs.endpoint.uri());
        settings.put("caravan.warehouse.user", jobs.endpoint.user());
        settings.put("caravan.warehouse.password", jobs.endpoint.password());
    }

    private int cli(Endpoint ledger, String... args) {
        return new Cli(shell(ledger), folder).run(args);
    }

    private Shell shell(Endpoint ledger) {
        screen = new Screen();
        settings.put("caravan.ledger.uri", ledger.uri());
        settings.put("caravan.ledger.user", ledger.user());
        settings.put("caravan.ledger.password", ledger.password());
        return new Shell(
                screen.terminal(),
                new Mask(),
                () -> Configuration.of(SettingFiles.layer("", SETTINGS), List.of(), n -> null, n -> null)
                        .with(settings),
                () -> Pipelines.in("cliroutes"),
                () -> new LaptopStores(folder, List.of()));
    }

    private void table(String sink, Endpoint at) {
        settings.put(
                "camel.beans." + sink,
                "#class:io.caravan.run.TableSink(\"" + sink + "\",\"" + at.uri() + "\",\"" + at.user() + "\",\""
                        + at.password() + "\",100)");
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(screen.out().get(0));
    }

    private void things(String name, int count) throws IOException {
        Files.writeString(
                folder.resolve(name),
                IntStream.range(0, count)
                        .mapToObj(i -> "k" + i + "," + i + ",text " + i)
                        .collect(Collectors.joining("\n", "id,size,text\n", "\n")));
    }
}
