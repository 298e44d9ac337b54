package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Lease;
import io.caravan.ledger.LeaseTerms;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job's run does: its pipeline with settings of its own, new tries, its time, its key, and what a script learns. */
class JobRunTest {

    static final String COPY = """
            - route:
                id: copy
                from:
                  uri: kamelet:objects-source
                  parameters:
                    pipeline: copy
                    input: "{{caravan.copy.input}}"
                    prefix: "{{caravan.copy.prefix}}"
                    namePattern: "*.csv"
                    keyFields: id
                    deleteLimitPercent: "100"
                  steps:
                    - to:
                        uri: kamelet:objects-sink
                        parameters: {sink: out, output: "{{caravan.copy.output}}", partitions: "1"}
            """;

    private static final String JOB = """
            description: Copy an agency's rows
            parameters:
              agency-id: {type: integer, required: true}
              input: {required: true}
              output: {required: true}
              shift: {default: day}
            run: {pipeline: copy}
            set: {caravan.copy.prefix: "agency/{{agency-id}}/"}
            concurrencyKey: "copy by {{shift}}"
            """;

    private static final String FUNCTION = """
            import io.caravan.error.*;
            import io.caravan.job.*;
            import java.nio.file.*;

            @org.apache.camel.BindToRegistry("try-again")
            public final class TryAgain implements Job {
                public JobEnd plan(JobCall call) { return JobEnd.done("would try"); }

                public JobEnd run(JobCall call) throws Exception {
                    Path file = call.folder().resolve("tries");
                    long tried = Files.exists(file) ? Files.size(file) : 0;
                    Files.writeString(file, "x".repeat((int) tried + 1));
                    if (call.arguments().text("how").equals("wrong")) throw new ConfigurationException("wrong");
                    if (call.arguments().text("how").equals("forever")) {
                        while (!call.stopped().getAsBoolean()) Thread.onSpinWait();
                        throw new StoppedException("asked to stop");
                    }
                    if (tried < 2) throw new UnavailableException("away " + tried, null);
                    return JobEnd.done("there");
                }
            }
            """;

    @TempDir
    Path folder;

    private UserProject project;

    @BeforeEach
    void aProject() {
        project = new UserProject(folder);
    }

    @Test
    void aPipelineGetsTheParametersAsItsSettingsForThisRunAlone() throws IOException {
        Endpoint database = ledger();
        String[] run = {
            "run", "copy-agency", "--", "--agency-id", "10", "--shift", "day", "--input", "in", "--output", "out"
        };

        assertThat(project.cli(
                        "run", "copy-agency", "--dry-run", "--agency-id", "10", "--input", "in", "--output", "out"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.out()).anyMatch(line -> line.startsWith("plan of copy") && line.contains("2 records read"));
        assertThat(folder.resolve("out")).doesNotExist();

        assertThat(project.cli(run)).as("%s", project.err()).isZero();
        assertThat(project.out()).anyMatch(line -> line.contains("succeeded, 2 records read"));
        assertThat(project.cli(run)).isZero();
        assertThat(project.out()).anyMatch(line -> line.contains("nothing had to be written, 2 records read"));
        assertThat(project.cli("preview", "copy", "--input", "in", "--output", "out"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.out()).as("without the job's prefix").anyMatch(line -> line.matches("3 +c"));

        LeaseTerms terms = LeaseTerms.of("somebody else", Duration.ofSeconds(30));
        try (LedgerDataSource source = new LedgerDataSource(database.uri(), database.user(), database.password())) {
            Lease held = Lease.acquire(source, "copy by day", "another job", terms);
            try (held) {
                assertThat(project.cli(run)).isEqualTo(4);
                assertThat(project.err())
                        .singleElement()
                        .asString()
                        .startsWith("copy-agency, key 'copy by day': the lease is held by somebody else for ");
                run[6] = "night"; // another key
                assertThat(project.cli(run)).as("%s", project.err()).isZero();
                run[6] = "day";
            }
            assertThat(held.held()).isFalse();
        }
        assertThat(project.cli(run)).isZero();

        project.write("in/agency/10/more.csv", "id,name\n,blank\n");
        assertThat(project.cli(run)).isEqualTo(3);
        run[run.length - 1] = "in/agency/10/one.csv/no-folder";
        assertThat(project.cli(run)).isBetween(1, 2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            retries: 2 | fail    | 0 | 3
            retries: 1 | fail    | 1 | 2
            retries: 5 | wrong   | 2 | 1
            retries: 5 | forever | 1 | 1
            """)
    void whatFailedIsTriedAgainAsOftenAsTheFileSaysWithinItsTime(String retries, String how, int exit, int tries)
            throws IOException {
        project.write("jobs/TryAgain.java", FUNCTION);
        project.write(
                "jobs/again.job.yaml",
                "parameters: {how: {required: true}}\nrun: {java: try-again}\n" + retries
                        + "\nretryDelaySeconds: 0\ntimeoutSeconds: " + (how.equals("forever") ? 2 : 60) + "\n");

        assertThat(project.cli("again", "--how", how)).as("%s", project.err()).isEqualTo(exit);
        assertThat(Files.size(folder.resolve("tries"))).isEqualTo(tries);
        if (how.equals("fail")) {
            assertThat(project.err())
                    .startsWith(
                            "away 0",
                            "again: it failed, and is tried again in 0 s; "
                                    + (exit == 0 ? "2 tries are left" : "1 try is left"));
        }
        if (how.equals("forever")) {
            assertThat(project.out())
                    .singleElement()
                    .asString()
                    .contains("stopped by its timeout of 2 s before its end");
            assertThat(project.err()).containsExactly("asked to stop");
        }
    }

    @Test
    void initMakesAJobWithATestThatRunAtOnce() throws IOException {
        assertThat(project.cli("init", "--job", "say-hello"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.out())
                .contains(
                        "  jobs/say-hello.job.yaml",
                        "Next: caravan test say-hello && caravan run say-hello -- --name you");
        assertThat(project.cli("test", "say-hello")).as("%s", project.out()).isZero();
        assertThat(project.cli("run", "say-hello", "--", "--name", "Ada", "--times=2"))
                .isZero();
        assertThat(project.out())
                .containsExactly("Hello, Ada", "Hello, Ada", "run of say-hello: succeeded, greeted Ada");
        assertThat(project.cli("validate")).as("%s", project.err()).isZero();
        assertThat(project.out()).singleElement().asString().contains(", and 1 job: say-hello; ");

        project.replace("tests/say-hello/first/expected/plan.txt", "Ada", "Eve");
        assertThat(project.cli("test")).isEqualTo(1);
        assertThat(project.out())
                .contains("    - text: plan of say-hello: succeeded, would greet Eve")
                .contains("    + text: plan of say-hello: succeeded, would greet Ada");
        assertThat(project.cli("init", "--job", "say-hello")).isEqualTo(2);
        project.replace("jobs/say-hello.job.yaml", "type: string", "type: sting");
        assertThat(project.cli("validate")).isEqualTo(2);
        assertThat(project.err())
                .containsExactly("jobs/say-hello.job.yaml:8: job: parameters.name.type must be one of string, integer,"
                        + " number, boolean, date, got 'sting'; did you mean 'string'?");
    }

    /** Rows of two agencies, a pipeline and a job, with a ledger. */
    private Endpoint ledger() throws IOException {
        Endpoint database = TestStores.freshDatabase();
        project.settings(new HashMap<>(Map.of(
                "caravan.ledger.uri", database.uri(),
                "caravan.ledger.user", database.user(),
                "caravan.ledger.password", database.password())));
        project.write("application.properties", "caravan.copy.input =\ncaravan.copy.prefix =\ncaravan.copy.output =\n");
        project.write("routes/copy/copy.camel.yaml", COPY);
        project.write("jobs/copy-agency.job.yaml", JOB);
        project.write("in/agency/10/one.csv", "id,name\n1,a\n2,b\n");
        project.write("in/agency/11/one.csv", "id,name\n3,c\n");
        return database;
    }
}
