package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.caravan.job.TestJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many jobs of a pipeline run in one Camel context, and none sees what another was told. */
class EnginesTest {

    private static final String COPY = """
            - route:
                id: copy
                from:
                  uri: kamelet:objects-source
                  parameters:
                    pipeline: copy
                    flow: "{{caravan.copy.tenant}}"
                    input: "{{caravan.copy.input}}"
                    prefix: "{{caravan.copy.tenant}}/"
                    keyFields: id
                  steps:
                    - process:
                        id: note-where
                        ref: "#class:io.caravan.cli.NoteContext('{{caravan.copy.token}}','{{caravan.copy.alias}}')"
                    - to:
                        id: write-copy
                        uri: kamelet:objects-sink
                        parameters: {output: "{{caravan.copy.output}}", prefix: "{{caravan.copy.tenant}}/", partitions: 1, compression: none}
            """;

    private static final String JOB = """
            description: Copies what a tenant has
            parameters:
              tenant: {required: true}
              token: {default: none}
            run: {pipeline: copy}
            concurrencyKey: "copy {{tenant}}"
            """;

    @TempDir
    Path folder;

    private final TestJobs jobs = new TestJobs();
    private UserProject project;

    @BeforeEach
    void aProject() throws IOException {
        NoteContext.SEEN.clear();
        project = new UserProject(folder);
        Map<String, String> settings = new HashMap<>(Map.of(
                "caravan.copy.tenant", "",
                "caravan.copy.token", "of nobody",
                "caravan.copy.alias", "as {{caravan.copy.token}}",
                "caravan.copy.input", folder.resolve("in").toString(),
                "caravan.copy.output", folder.resolve("out").toString()));
        settings.put("caravan.ledger.uri", jobs.endpoint.uri());
        settings.put("caravan.ledger.user", jobs.endpoint.user());
        settings.put("caravan.ledger.password", jobs.endpoint.password());
        project.settings(settings);
        project.write("routes/copy/copy.camel.yaml", COPY);
        project.write("routes/copy/jobs/copy-one.job.yaml", JOB);
    }

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void twentyJobsOfAPipelineRunInOneContext() throws IOException {
        StringBuilder each = new StringBuilder("tenant,token\n");
        for (int i = 0; i < 20; i++) {
            each.append("t").append(i).append(",of ").append(i).append('\n');
            project.write("in/t" + i + "/x.csv", "id,v\n1,mine " + i + "\n");
        }
        project.write("tenants.csv", each.toString());
        cli(0, "jobs", "add", "copy-one", "--each", "tenants.csv");
        cli(0, "jobs", "work");

        assertThat(project.out()).endsWith("20 completed, 0 failed, 0 put back");
        assertThat(NoteContext.SEEN.stream().map(NoteContext.Seen::context).distinct())
                .hasSize(1);
        assertThat(NoteContext.SEEN.stream().map(NoteContext.Seen::token).distinct())
                .as("each with its own token")
                .hasSize(20);
        for (int i = 0; i < 20; i++)
            assertThat(rows("t" + i))
                    .as("t%s", i)
                    .containsExactly("{\"_key\":\"1\",\"id\":\"1\",\"v\":\"mine " + i + "\"}");
        assertThat(jobs.texts("select distinct status from ledger.run")).containsExactly("succeeded");
        assertThat(jobs.count("ledger.run")).isEqualTo(20);
    }

    /** The second says no token: what the settings say holds again, also through a setting that refers to it, and in the audit. */
    @Test
    void whatAJobWasToldIsUnknownToTheNext() throws IOException {
        project.write("in/a/x.csv", "id,v\n1,a\n");
        project.write("in/b/x.csv", "id,v\n1,b\n");
        project.write("routes/copy/jobs/copy-one.job.yaml", JOB.replace("{default: none}", "{}"));
        cli(0, "jobs", "add", "copy-one", "--", "--tenant", "a", "--token", "xyz");
        cli(0, "jobs", "add", "copy-one", "--", "--tenant", "b");
        cli(0, "jobs", "work");

        assertThat(NoteContext.SEEN)
                .extracting(NoteContext.Seen::token, NoteContext.Seen::alias)
                .startsWith(tuple("xyz", "as xyz"))
                .endsWith(tuple("of nobody", "as of nobody"));
        assertThat(NoteContext.SEEN.stream().map(NoteContext.Seen::context).distinct())
                .hasSize(1);
        assertThat(rows("b")).containsExactly("{\"_key\":\"1\",\"id\":\"1\",\"v\":\"b\"}");
        assertThat(jobs.texts(
                        "select coalesce(given ->> 'caravan.copy.token', 'nothing') from ledger.audit order by run"))
                .as("what each was told, in the audit")
                .containsExactly("*****", "nothing");
    }

    /** What Camel reads once: a component's option hangs on the token; a bean of the project; a run that failed. */
    @Test
    void aContextThatMayDifferIsNotSharedAndNeitherIsOneInWhichARunFailed() throws IOException {
        project.write("in/a/x.csv", "id,v\n1,a\n");
        project.write("in/b/x.csv", "id,v\n1,b\n");
        project.replace(
                "routes/copy/jobs/copy-one.job.yaml",
                "run: {pipeline: copy}",
                "run: {pipeline: copy}\nset: {camel.component.seda.queueSize: \"{{token}}\"}");
        cli(0, "jobs", "add", "copy-one", "--", "--tenant", "a", "--token", "7");
        cli(0, "jobs", "add", "copy-one", "--", "--tenant", "b", "--token", "8");
        cli(0, "jobs", "work");
        assertThat(contexts()).hasSize(2);

        NoteContext.SEEN.clear();
        project.write("routes/copy/jobs/copy-one.job.yaml", JOB);
        cli(0, "jobs", "add", "copy-one", "--key", "again a", "--", "--tenant", "a", "--token", NoteContext.FAILS);
        cli(0, "jobs", "add", "copy-one", "--key", "again b", "--", "--tenant", "b");
        project.write("in/a/x.csv", "id,v\n1,aa\n");
        project.write("in/b/x.csv", "id,v\n1,bb\n");
        cli(3, "jobs", "work");
        assertThat(contexts()).hasSize(2);
        assertThat(rows("b")).containsExactly("{\"_key\":\"1\",\"id\":\"1\",\"v\":\"bb\"}");
    }

    private static List<String> contexts() {
        return NoteContext.SEEN.stream()
                .map(NoteContext.Seen::context)
                .distinct()
                .toList();
    }

    private List<String> rows(String tenant) throws IOException {
        List<String> rows = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("out/" + tenant))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList())
                rows.addAll(Files.readAllLines(file));
        }
        return rows;
    }

    private void cli(int exit, String... command) {
        assertThat(project.cli(command)).as("%s", project.err()).isEqualTo(exit);
    }
}
