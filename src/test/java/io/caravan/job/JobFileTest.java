package io.caravan.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.caravan.job.JobDefinition.Kind;
import io.caravan.job.JobDefinition.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job file may say, what is said of one that is wrong, and of what a run is told. */
class JobFileTest {

    private static final Path SCHEMA = Path.of("src/main/resources/schemas/job.schema.json");
    private static final Path PAGE = Path.of("docs/jobs.md");

    private static final String ALL = """
            description: Moves the orders of an agency
            parameters:
              agency-id:
                description: the number of the agency
                type: integer
                required: true
                minimum: 1
              since:
                type: date
                default: 2024-01-31
                maximum: 2030-01-01
              kind:
                allowed: [full, part]
              tags:
                list: true
                pattern: "[a-z]+"
                default: [a, b]
              share: {type: number, minimum: 0, maximum: 1.5}
              loud: {type: boolean}
              token: {secret: true, default: "{{env:TOKEN}}"}
            run:
              pipeline: orders
            set:
              caravan.orders.prefix: "agency/{{agency-id}}/{{kind}}"
            retries: 2
            retryDelaySeconds: 0
            timeoutSeconds: 60
            concurrencyKey: "orders {{agency-id}}"
            """;

    @Test
    void aFileIsReadWithItsMeaning() {
        JobDefinition job = read(ALL);

        assertThat(job.name()).isEqualTo("move-orders");
        assertThat(job.target()).isEqualTo(new Target(Kind.PIPELINE, "orders"));
        assertThat(job.retries()).isEqualTo(2);
        assertThat(job.retryDelay()).isZero();
        assertThat(job.timeout()).contains(Duration.ofMinutes(1));
        JobArguments arguments = told(job, Map.of("agency-id", List.of("10"), "loud", List.of("TRUE")));
        assertThat(arguments.whole("agency-id")).isEqualTo(10);
        assertThat(arguments.truth("loud")).isTrue();
        assertThat(arguments.texts("tags")).containsExactly("a", "b");
        assertThat(arguments.date("since")).contains(LocalDate.of(2024, 1, 31));
        assertThat(arguments.text("token")).isEqualTo("made of env:TOKEN");
        assertThat(arguments.secrets()).containsExactly("made of env:TOKEN");
        assertThat(job.key(arguments)).contains("orders 10");
        assertThat(job.settings(arguments)).isEqualTo(Map.of("caravan.orders.prefix", "agency/10/"));
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceWithItsLineAndTheNearestWord() {
        String wrong = ALL.replace("    required: true\n", "    required: true\n    defualt: 1\n")
                .replace("type: date", "type: dat")
                .replace("pattern: \"[a-z]+\"", "pattern: \"[a-z\"")
                .replace("{type: boolean}", "{type: boolean, default: perhaps}")
                .replace("default: \"{{env:TOKEN}}\"", "default: hunter2")
                .replace("pipeline: orders", "pipline: orders")
                .replace("retries: 2", "retries: many")
                .replace("\"orders {{agency-id}}\"", "\"orders {{agency}}\"")
                .replace("timeoutSeconds: 60", "timeoutSeconds: 0");
        assertThat(JobFile.read("jobs/x.job.yaml", wrong).problems().stream()
                        .map(Object::toString)
                        .toList())
                .containsExactlyInAnyOrder(
                        "jobs/x.job.yaml:7: parameters.agency-id: key must be one of description, type, required, default,"
                                + " allowed, pattern, minimum, maximum, list, secret, got 'defualt'; did you mean 'default'?",
                        "jobs/x.job.yaml:10: job: parameters.since.type must be one of string, integer, number, boolean,"
                                + " date, got 'dat'; did you mean 'date'?",
                        "jobs/x.job.yaml:17: job: parameters.tags.pattern must be a regular expression, got '[a-z'",
                        "jobs/x.job.yaml:20: job: parameters.loud.default must be true or false, got 'perhaps'",
                        "jobs/x.job.yaml:21: job: parameters.token.default must be a placeholder such as {{env:TOKEN}},"
                                + " as it is a secret, got '*****'",
                        "jobs/x.job.yaml:23: run: key must be one of pipeline, chain, dataset, backfill, java, got 'pipline';"
                                + " did you mean 'pipeline'?",
                        "jobs/x.job.yaml:26: job: retries must be a whole number, 0 or more, got 'many'",
                        "jobs/x.job.yaml:28: job: timeoutSeconds must be 1 to 604800, got '0'",
                        "jobs/x.job.yaml:29: job: concurrencyKey must name parameters of the job: agency-id, since, kind,"
                                + " tags, share, loud, token, got 'agency'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            jobs/x.yaml        ~ run: {java: A}                           ~ jobs/x.yaml:1: job: the file's name must end with .job.yaml, got 'x'
            jobs/x.job.yaml    ~ [a]                                      ~ jobs/x.job.yaml:1: job: file must be a map with keys such as description and run, got 'a list'
            jobs/x.job.yaml    ~ description: none                        ~ jobs/x.job.yaml:1: job: run must name one of pipeline, chain, dataset, backfill, java, got ''
            jobs/x.job.yaml    ~ run: {java: A, chain: b}                 ~ jobs/x.job.yaml:1: job: run must name one of pipeline, chain, dataset, backfill, java, got 'java, chain'
            jobs/x.job.yaml    ~ {run: {java: A}, retries: 101}           ~ jobs/x.job.yaml:1: job: retries must be 0 to 100, got '101'
            jobs/x.job.yaml    ~ {run: {java: A}, set: {a.b: c}}          ~ jobs/x.job.yaml:1: job: set must have names that begin with caravan. or camel., got 'a.b'
            jobs/x.job.yaml    ~ {run: {java: A}, parameters: {aB: {}}}   ~ jobs/x.job.yaml:1: job: parameters must have names of small letters, digits and single hyphens, got 'aB'
            jobs/x.job.yaml    ~ {run: {java: A}, parameters: {json: {}}} ~ jobs/x.job.yaml:1: job: parameters must have none of the names help, json, routes, profile, verbose, dry-run, wait, which all jobs have, got 'json'
            jobs/x.job.yaml    ~ {run: {java: A}, parameters: {a: b}}     ~ jobs/x.job.yaml:1: job: parameters.a must be a map, got 'b'
            """)
    void aFileThatIsNoneSaysWhy(String file, String text, String said) {
        JobFile.Found found = JobFile.read(file, text);
        assertThat(found.problems()).extracting(Object::toString).containsExactly(said);
        assertThat(found.job()).isEmpty();
    }

    @Test
    void everyParameterThatBreaksARuleIsNamedWithRuleAndValue() {
        JobDefinition job = read(ALL);
        assertThatThrownBy(() -> told(
                        job,
                        Map.of(
                                "since", List.of("2024-02-30"),
                                "kind", List.of("ful"),
                                "tags", List.of("ok", "N0"),
                                "share", List.of("1.6"),
                                "loud", List.of("yes", "no"),
                                "token", List.of("{{caravan.ledger.password}}"))))
                .hasMessage(String.join(
                        "\n",
                        "move-orders: --agency-id must be given, got ''",
                        "move-orders: --since must be a date such as 2024-02-29, got '2024-02-30'",
                        "move-orders: --kind must be one of full, part, got 'ful'",
                        "move-orders: --tags must match [a-z]+, got 'N0'",
                        "move-orders: --share must be 0 to 1.5, got '1.6'",
                        "move-orders: --loud must be true or false, got 'yes'",
                        "move-orders: --loud must be true or false, got 'no'",
                        "move-orders: --loud must be given once, got 'yes,no'",
                        "move-orders: --token must be without {{, got '*****'"));
    }

    @Test
    void theSchemaIsMadeFromTheKeysThatTheReaderKnows() throws IOException {
        if ("write".equals(System.getProperty("caravan.docs"))) Files.writeString(SCHEMA, JobKeys.schema());
        assertThat(Files.readString(SCHEMA)).isEqualTo(JobKeys.schema());
        JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(JobKeys.schema());
        YAMLMapper yaml = new YAMLMapper();
        assertThat(schema.validate(yaml.readTree(ALL))).isEmpty();
        assertThat(schema.validate(yaml.readTree(ALL.replace("type: date", "type: dat"))))
                .isNotEmpty();
        assertThat(schema.validate(yaml.readTree(ALL.replace("retries: 2", "retries: '{{many}}'"))))
                .isNotEmpty();
        assertThat(schema.validate(yaml.readTree("description: x"))).isNotEmpty();
    }

    @Test
    void thePageSaysWhichKeysAJobFileMayHave() throws IOException {
        String page = Files.readString(PAGE);
        String begin = "<!-- keys -->\n";
        int from = page.indexOf(begin) + begin.length();
        StringBuilder table = new StringBuilder("| key | is | default | meaning |\n|---|---|---|---|\n");
        JobKeys.ALL.forEach(key -> table.append("| `%s` | %s | %s | %s |%n"
                .formatted(
                        key.path().replace("*", "<name>"),
                        key.words().isEmpty() ? key.type().rule() : String.join(", ", key.words()),
                        key.standard(),
                        key.meaning())));
        String made = page.substring(0, from) + table + page.substring(page.indexOf("<!-- /keys -->"));
        if ("write".equals(System.getProperty("caravan.docs"))) Files.writeString(PAGE, made);
        assertThat(Files.readString(PAGE)).isEqualTo(made);
    }

    private static JobDefinition read(String text) {
        JobFile.Found found = JobFile.read("routes/x/jobs/move-orders.job.yaml", text);
        assertThat(found.problems()).isEmpty();
        return found.job().orElseThrow();
    }

    private static JobArguments told(JobDefinition job, Map<String, List<String>> given) {
        return JobArguments.of(
                job, given, text -> text.startsWith("{{") ? "made of " + text.replaceAll("[{}]", "") : text);
    }
}
