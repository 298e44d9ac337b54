package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs as a user meets them: a file in a folder, and the command line. */
class JobCommandsTest {

    private static final String WORDS = """
            description: Count the words of a text
            parameters:
              text: {required: true, description: what is counted}
              least: {type: integer, default: 0, minimum: 0, maximum: 9}
              token: {secret: true}
            run: {java: count-words}
            """;

    private static final String COUNT_WORDS = """
            import io.caravan.job.*;
            import io.caravan.run.RunReport.Status;
            import java.util.*;

            @org.apache.camel.BindToRegistry("count-words")
            public final class CountWords implements Job {
                public JobEnd plan(JobCall call) {
                    return JobEnd.done("would count with " + call.setting("caravan.words.by"));
                }

                public JobEnd run(JobCall call) {
                    long words = call.arguments().text("text").split(" ").length;
                    if (words == 9) throw new IllegalStateException("nine");
                    call.say("token " + call.arguments().text("token"));
                    boolean few = words < call.arguments().whole("least");
                    return new JobEnd(
                            few ? Status.PARTIAL : Status.SUCCEEDED, words + " words", Map.of("words", words),
                            few ? List.of("too few") : List.of());
                }
            }
            """;

    @TempDir
    Path folder;

    private UserProject project;

    @BeforeEach
    void aProjectWithAJob() throws IOException {
        project = new UserProject(folder);
        project.write("application.properties", "caravan.words.by = blanks\n");
        project.write("jobs/words.job.yaml", WORDS);
        project.write("jobs/CountWords.java", COUNT_WORDS);
    }

    @Test
    void aFileInAFolderIsAJobThatIsListedHelpedAndRun() throws IOException {
        assertThat(project.cli("list")).isZero();
        assertThat(project.out())
                .contains("job words: Count the words of a text")
                .contains("  --text  what is counted (required)")
                .contains("  --least  (at least 0; at most 9) [0]")
                .contains("job hello-world: Say hello, to see that an installation runs.");
        assertThat(project.cli("list", "--json")).isZero();
        JsonNode job = project.json().findParents("job").stream()
                .filter(j -> j.path("job").asText().equals("words"))
                .findFirst()
                .orElseThrow();
        assertThat(job.toString())
                .startsWith("{\"job\":\"words\",\"kind\":\"job\",\"description\":\"Count the words of a text\","
                        + "\"runs\":{\"java\":\"count-words\"},\"parameters\":[{\"name\":\"text\",\"type\":\"string\","
                        + "\"required\":true")
                .endsWith("\"problems\":[]}");

        assertThat(project.cli("help", "words")).isZero();
        assertThat(project.out())
                .contains("Count the words of a text")
                .anyMatch(line -> line.matches(" +--text=?.<string> +what is counted \\(required\\)"))
                .contains("Example: ./caravan run words --text <string>");

        assertThat(project.cli("run", "words", "--", "--text", "a b c")).isZero();
        assertThat(project.out()).containsExactly("token ", "run of words: succeeded, 3 words");
        assertThat(project.cli("words", "--text", "a b", "--least=3", "--json")).isEqualTo(3);
        assertThat(project.json().path("status").asText()).isEqualTo("partial");
        assertThat(project.json().at("/counts/words").asInt()).isEqualTo(2);
        assertThat(project.err()).containsExactly("token ", "too few");
        assertThat(project.cli("run", "words", "--dry-run", "--text", "a")).isZero();
        assertThat(project.out()).containsExactly("plan of words: succeeded, would count with blanks");
    }

    @Test
    void aSecretIsMaskedAndAFailureIsOne() {
        assertThat(project.cli("run", "words", "--text", "1 2 3 4 5 6 7 8 9")).isEqualTo(1);
        assertThat(project.err()).singleElement().asString().contains("nine");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '"', textBlock = """
            run words                          ~ words: --text must be given, got ''
            run words --text a --least x       ~ words: --least must be a whole number, got 'x'
            run words --text a --least 10      ~ words: --least must be 0 to 9, got '10'
            run words --text a --text b        ~ words: --text must be given once, got 'a,b'
            run words --txet a                 ~ run: Unknown option: '--txet'; did you mean '--text'? See ./caravan run --help
            wrods --text a                     ~ did you mean 'words'?
            plan words                         ~ caravan: pipeline must be no job, got 'words'; what a job would do says ./caravan run words --dry-run
            """)
    void whatIsWrongOnTheCommandLineIsSaid(String command, String said) {
        assertThat(project.cli(command.split(" "))).isEqualTo(2);
        assertThat(String.join("\n", project.err())).contains(said);
    }

    @Test
    void aBrokenFileIsShownAndEndsItsRunAndNoOther() throws IOException {
        project.write("config/jobs/broken.job.yaml", WORDS.replace("run:", "runs:"));
        project.write("routes/a/b/jobs/lost.yaml", "run: {java: io.caravan.job.None}\n");
        project.write("jobs/nowhere.job.yaml", "run: {pipeline: order}\nparameters: {a: {}}\n");
        String broken =
                folder + "/config/jobs/broken.job.yaml:6: job: key must be one of description, parameters, run, set,"
                        + " retries, retryDelaySeconds, timeoutSeconds, concurrencyKey, got 'runs'; did you mean 'run'?";

        assertThat(project.cli("list")).isZero();
        assertThat(project.out())
                .contains("job broken: cannot run, as its file is wrong", "  " + broken)
                .contains("job lost: cannot run, as its file is wrong")
                .anyMatch(line -> line.contains("jobs/nowhere.job.yaml:1: job: run.pipeline must be one of "));
        assertThat(project.cli("run", "broken", "--text", "a")).isEqualTo(2);
        assertThat(project.err()).contains(broken);
        assertThat(project.cli("run", "lost")).isEqualTo(2);
        assertThat(project.err())
                .containsExactly(folder + "/routes/a/b/jobs/lost.yaml:1: job: the file's name must end with .job.yaml,"
                        + " got 'lost'");
        assertThat(project.cli("run", "words", "--text", "a")).isZero();
    }

    @Test
    void aNameIsThereOnceAndAProjectsJobStandsForTheOneThatShips() throws IOException {
        project.write("jobs/hello-world.job.yaml", WORDS);
        assertThat(project.cli("run", "hello-world", "--text", "a b")).isZero();
        project.write("jobs/books-publish.job.yaml", WORDS);
        assertThat(project.cli("list")).isEqualTo(2);
        assertThat(project.err())
                .singleElement()
                .asString()
                .startsWith("caravan: job 'books-publish' must be there once, got it in ");
    }

    @Test
    void aContainerTakesBareOptionsOfTheJobThatASettingNames() throws IOException {
        project.settings(Map.of("caravan.default.job", "words"));
        assertThat(project.cli("--text", "run it")).isZero();
        assertThat(project.out()).contains("run of words: succeeded, 2 words");
        assertThat(project.cli("--json", "--", "--text", "a")).isZero();
        assertThat(project.json().path("job").asText()).isEqualTo("words");
        assertThat(project.cli()).isEqualTo(2);
        assertThat(project.err()).containsExactly("words: --text must be given, got ''");
        assertThat(project.cli("--json", "list")).isZero();
        assertThat(project.cli("hello-world")).isZero();
        assertThat(project.out()).first().isEqualTo("Hello, world!");
        assertThat(project.cli("--help")).isZero();
        assertThat(project.out()).anyMatch(line -> line.contains("<command>"));
    }
}
