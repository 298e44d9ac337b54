package io.caravan.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.Refusal;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records become jobs, each once, and only by the rules of the job. */
class JobsSinkTest {

    private static final String JOB = """
            parameters:
              agency: {required: true, pattern: "[a-z0-9-]+"}
              files: {list: true}
              limit: {type: integer, maximum: 9}
              token: {secret: true, default: "{{env:TOKEN:none}}"}
            run: {pipeline: silver}
            concurrencyKey: "of {{agency}}"
            """;

    @TempDir
    Path folder;

    private final TestJobs jobs = new TestJobs();
    private final LedgerDataSource ledger =
            new LedgerDataSource(jobs.endpoint.uri(), jobs.endpoint.user(), jobs.endpoint.password());

    @BeforeEach
    void files() throws Exception {
        for (String name : List.of("load", "check")) Files.writeString(folder.resolve(name + ".job.yaml"), JOB);
    }

    @AfterEach
    void close() {
        ledger.close();
        jobs.close();
    }

    private JobsSink sink(String job, String parameters, String key, String patternField, String pattern) {
        StringBuilder files = new StringBuilder();
        for (String name : job.split(","))
            files.append(folder.resolve(name + ".job.yaml")).append(',');
        return TestContext.knownTo(
                new JobsSink("jobs", files.toString(), parameters, key, patternField, pattern, ledger));
    }

    private static Record record(String key, Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2)
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        return Record.read(
                key,
                new Fields(new ArrayList<>(fields.keySet())),
                fields.values().toArray(),
                new Origin("message", 1));
    }

    private List<String> table() {
        return jobs.texts(
                "select concat_ws(' ', kind, key, payload, concurrency_key, status) from jobs.job order by id");
    }

    @Test
    void aRecordThatComesAgainAddsNoJobWhateverBecameOfIts() {
        JobsSink sink = sink("load", "agency={agency}, limit={size}", "", "", "");
        Record record = record("a|1", "agency", "agency-10", "size", 7L, "other", "x");
        assertThat(sink.write(List.of(record, record("b|1", "agency", "b", "size", null))))
                .isEmpty();
        jobs.update("update jobs.job set status = 'completed' where key = 'a|1'");
        assertThat(sink.write(List.of(record, record("a|2", "agency", "agency-10"))))
                .isEmpty();
        assertThat(sink("load", "agency={agency}", "", "", "").write(List.of(record)))
                .isEmpty();
        assertThat(table())
                .containsExactly(
                        "load a|1 {\"limit\": \"7\", \"agency\": \"agency-10\"} of agency-10 completed",
                        "load b|1 {\"agency\": \"b\"} of b pending",
                        "load a|2 {\"agency\": \"agency-10\"} of agency-10 pending");
    }

    @Test
    void aDeletedRecordTakesNoJobAway() {
        JobsSink sink = sink("load", "", "", "", "");
        assertThat(sink.write(List.of(record("a", "agency", "a")))).isEmpty();
        assertThat(sink.write(List.of(record("a", "agency", "a").dropped("gone"))))
                .isEmpty();
        assertThat(table()).hasSize(1);
    }

    @Test
    void whatBreaksARuleOfTheJobIsRefusedWithAllRulesAndTheOthersGoOn() {
        JobsSink sink = sink("load", "", "", "", "");
        List<Refusal> refused = sink.write(List.of(
                record("1", "agency", "{{env:HOME}}", "limit", 10L),
                record("2", "agency", "ok"),
                record("3", "limit", 1L),
                record("4", "agency", Map.of("a", "b")),
                record("5", "agency", "a", "token", "s3cr3t"),
                record("6", "agency", List.of("a", "b")),
                record("7", "agency", "a\0b"),
                record("8", "agency", "a; rm -rf /")));
        assertThat(refused).extracting(r -> r.record().key()).containsExactly("1", "3", "4", "5", "6", "7", "8");
        assertThat(refused)
                .extracting(Refusal::reason)
                .satisfiesExactly(
                        r -> assertThat(r)
                                .isEqualTo(
                                        "jobs: load: --agency must match [a-z0-9-]+, got '{{env:HOME}}'; load: --limit"
                                                + " must be 9 or less, got '10'"),
                        r -> assertThat(r).isEqualTo("jobs: load: --agency must be given, got ''"),
                        r -> assertThat(r).isEqualTo("jobs: a value must be a text, number, boolean or time"),
                        r -> assertThat(r).contains("--token must not be told").doesNotContain("s3cr3t"),
                        r -> assertThat(r).isEqualTo("jobs: load: --agency must be given once, got 'a,b'"),
                        r -> assertThat(r).contains("--agency must hold no NUL character"),
                        r -> assertThat(r).contains("--agency must match"));
        assertThat(table()).containsExactly("load 2 {\"agency\": \"ok\"} of ok pending");
    }

    @Test
    void partsOfAFieldAreFieldsAndAKeyMayBeMadeOfThem() {
        JobsSink sink = sink(
                "load",
                "agency={agency}, files={bucket}/{key}",
                "{agency} {day}",
                "key",
                ".*agency/(?<agency>[^/]+)/(?<day>[^/]+)/.+");
        assertThat(sink.write(List.of(
                        record("1", "bucket", "b", "key", "agency/a/2026-11-30/x.csv"),
                        record("2", "bucket", "b", "key", "agency/a/2026-11-30/y.csv"))))
                .isEmpty();
        assertThat(sink.write(
                        List.of(record("3", "bucket", "b", "key", "agency/a"), record("4", "key", "agency/a/b/c"))))
                .extracting(Refusal::reason)
                .containsExactly(
                        "jobs: the record: key must match .*agency/(?<agency>[^/]+)/(?<day>[^/]+)/.+, got 'agency/a'",
                        "jobs: field 'bucket' must have a value for '{bucket}/{key}'");
        assertThat(table())
                .containsExactly(
                        "load a 2026-11-30 {\"files\": \"b/agency/a/2026-11-30/x.csv\", \"agency\": \"a\"} of a pending");
    }

    @Test
    void dataChoosesAmongTheJobsThatAreNamedAndNoOther() {
        JobsSink sink = sink("load,check", "field:told", "{id}", "", "");
        List<Refusal> refused = sink.write(List.of(
                record("1", "id", "k", "job", "check", "told", Map.of("agency", "a", "files", List.of("x", "y"))),
                record("2", "id", "k", "job", "load", "told", Map.of("agency", "a")),
                record("3", "id", "k", "job", "hello-world", "told", Map.of()),
                record("4", "id", "k", "job", "load", "told", Map.of("agency", "a", "rm", "x")),
                record("5", "id", "k", "job", "load", "told", "agency=a")));
        assertThat(refused)
                .extracting(Refusal::reason)
                .containsExactly(
                        "jobs: the record: job must be one of load, check, got 'hello-world'",
                        "jobs: load: --rm must be one of its parameters agency, files, limit, token, got 'rm'",
                        "jobs: the record: told must be an object of parameters, got 'agency=a'");
        assertThat(table())
                .containsExactly(
                        "check k {\"files\": [\"x\", \"y\"], \"agency\": \"a\"} of a pending",
                        "load k {\"agency\": \"a\"} of a pending");
    }

    @Test
    void aKeyThatIsTooLongForAnIndexKeepsItsDifference() {
        JobsSink sink = sink("load", "agency={agency}", "{long}", "", "");
        String longest = "é".repeat(3_000);
        assertThat(sink.write(List.of(
                        record("1", "agency", "a", "long", longest + "1"),
                        record("2", "agency", "a", "long", longest + "2"),
                        record("3", "agency", "a", "long", longest + "1"))))
                .isEmpty();
        assertThat(table()).hasSize(2);
    }

    @Test
    void whatIsWrongWithTheSettingsIsSaidBeforeAnythingIsRead() {
        assertThatThrownBy(() -> sink("load,check", "agency={agency}", "", "key", "("))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("parameters must be field:<name>")
                .hasMessageContaining("pattern must be a regular expression, got '('");
        assertThatThrownBy(() -> sink("load", "agncy={agency}", "", "", ""))
                .hasMessageContaining(
                        "jobs-sink: parameters must name parameters of load: agency, files, limit, token, got 'agncy'");
        assertThatThrownBy(() -> sink("none", "", "", "", "")).hasMessageContaining("job must be a readable file");
        assertThat(sink("load", "", "", "", "").check()).isEmpty();
        assertThatThrownBy(() -> sink("load", "", "", "", "").keys()).hasMessageContaining("cannot be verified");
    }
}
