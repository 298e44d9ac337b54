package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Sql;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who ran what with which settings, on the command line, with a ledger in PostgreSQL. */
class AuditCommandTest {

    private static final String CANARY = "Y2FuYXJ5LWF1ZGl0";

    private static final String CHAIN = """
            - route:
                id: both
                from:
                  uri: direct:both
                  steps:
                    - to: {uri: kamelet:pipeline-action, parameters: {pipeline: copy}}
            """;

    private static final String JOB = """
            description: Copy what begins so
            parameters:
              beginning: {required: true}
              pass-word: {default: "{{env:NOT_SET_ANYWHERE:}}", secret: true}
            run: {pipeline: copy}
            set: {caravan.copy.prefix: "{{beginning}}", caravan.copy.apiKey: "{{pass-word}}"}
            """;

    private static final String NOTE = """
            description: Notes
            parameters:
              id: {required: true}
              how: {default: well}
              millis: {type: integer, default: 0}
              folder: {default: "FOLDER"}
              pass-word: {default: "{{env:NOT_SET_ANYWHERE:}}", secret: true}
            run: {java: io.caravan.cli.NoteJob}
            """;

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private UserProject project;

    @BeforeEach
    void writeAProject() throws IOException {
        project = new UserProject(folder);
        project.settings(new HashMap<>(Map.of(
                "caravan.ledger.uri", database.uri(),
                "caravan.ledger.user", database.user(),
                "caravan.ledger.password", database.password(),
                "caravan.copy.input", folder.resolve("in").toString(),
                "caravan.copy.output", folder.resolve("out").toString(),
                "caravan.audit.user", "ana")));
        project.write(
                "application.properties",
                "caravan.copy.input =\ncaravan.copy.prefix =\ncaravan.copy.output =\ncaravan.copy.apiKey =\n"
                        + "caravan.copy.uri =\n");
        project.write("routes/copy/copy.camel.yaml", JobRunTest.COPY);
        project.write("routes/copy/both.camel.yaml", CHAIN);
        project.write("jobs/copy-some.job.yaml", JOB);
        project.write("in/a.csv", "id,name\n1,a\n2,b\n");
        project.write("in/b.csv", "id,name\n3,c\n");
    }

    @Test
    void eachRunTellsWhoBeganItByWhatAndHowItEnded() throws IOException {
        run(0, "run", "copy");
        run(1, "run", "copy", "--input", "no where");
        run(0, "both");
        run(1, "run", "copy-some", "--", "--beginning", "a"); // deletes nothing that is out of scope now
        run(0, "plan", "copy"); // changes nothing, and is no run

        run(0, "audit", "copy", "--json");
        JsonNode runs = project.json();
        assertThat(runs).hasSize(4);
        assertThat(runs.findValuesAsText("command"))
                .containsExactly(
                        "caravan run copy-some --beginning a",
                        "caravan run both",
                        "caravan run copy --input 'no where'",
                        "caravan run copy");
        assertThat(runs.findValuesAsText("status")).containsExactly("failed", "succeeded", "failed", "succeeded");
        assertThat(runs.findValuesAsText("route")).containsExactly("", "both", "", "");
        assertThat(runs.findValuesAsText("named")).containsOnly("ana");
        assertThat(runs.findValuesAsText("user")).containsOnly(System.getProperty("user.name"));
        assertThat(runs.findValuesAsText("version")).allMatch(v -> v.startsWith("caravan "));
        assertThat(runs.findValuesAsText("recordsRead")).containsExactly("2", "3", "0", "3");
        assertThat(runs.findValuesAsText("finished")).doesNotContain("null");
        // what the command line says is kept beside settings that all runs have in common
        assertThat(tables("audit_configuration")).hasSizeBetween(1, 3);

        run(0, "audit", "--limit", "1");
        assertThat(project.out()).hasSize(2);
        assertThat(project.out().get(1)).contains("copy", "run", "ana (", "caravan run copy-some --beginning a");
    }

    @Test
    void whatDiffersBetweenTwoRunsAreTheirSettings() throws IOException {
        run(0, "run", "copy");
        run(0, "run", "copy", "--prefix", "a", "--allow-deletes");
        project.replace("application.properties", "caravan.copy.uri =", "caravan.copy.uri = http://me:pass1@x.test");
        run(0, "run", "copy");

        run(0, "audit", "--diff", "1", "2", "--json");
        assertThat(project.json().at("/settings").toString())
                .isEqualTo("[{\"setting\":\"caravan.copy.prefix\",\"before\":\"\",\"after\":\"a\"}]");
        run(0, "audit", "--diff", "2", "3");
        assertThat(project.out())
                .anyMatch(l -> l.matches("caravan.copy.prefix +a"))
                .anyMatch(l -> l.matches("caravan.copy.uri +http://me:\\*\\*\\*\\*\\*@x.test"))
                .anyMatch(l -> l.matches("command +caravan run copy --prefix a --allow-deletes +caravan run copy"));
        run(0, "audit", "--settings", "2", "--json");
        assertThat(project.json().get("caravan.copy.prefix").asText()).isEqualTo("a");
        assertThat(project.json()).hasSizeGreaterThan(100);

        run(2, "audit", "--diff", "1", "99");
        assertThat(project.err().get(0)).startsWith("audit: a run must be one that it shows, got '99'");
        run(2, "audit", "cpy");
        assertThat(project.err().get(0)).contains("did you mean 'copy'?");
        run(2, "audit", "copy", "--settings", "1");
    }

    @Test
    void noSecretReachesIt() throws IOException {
        project.replace(
                "application.properties",
                "caravan.copy.uri =",
                "caravan.copy.uri = jdbc:postgresql://127.0.0.1:1/none?user=me&password=" + CANARY + "1&ssl=true");
        project.write(
                ".env", "CARAVAN_WAREHOUSE_PASSWORD=" + CANARY + "2\nCARAVAN_OBJECTS_SECRETKEY=" + CANARY + "3\n");
        run(0, "run", "copy", "--api-key", CANARY + "4");
        run(0, "run", "copy", "--api-key=" + CANARY + "5", "--uri", "https://me:" + CANARY + "6@x.test/a");
        run(1, "run", "copy-some", "--beginning", "a", "--pass-word", CANARY + "7");

        List<String> all = new ArrayList<>(tables("audit"));
        all.addAll(tables("audit_configuration"));
        run(0, "audit", "--json");
        all.addAll(project.out());
        assertThat(all).hasSizeGreaterThan(4).noneMatch(text -> text.contains(CANARY));
        assertThat(all.toString())
                .contains("--api-key *****", "--api-key=*****", "me:*****@x.test/a", "--pass-word *****");
    }

    @Test
    void itStaysWhenItsPipelineIsRemovedAndFollowsANewName() throws IOException {
        run(0, "run", "copy");
        run(0, "rename", "copy", "other");
        run(0, "audit", "other", "--json");
        assertThat(project.json().findValuesAsText("pipeline")).containsExactly("other", "other");
        run(0, "remove", "other");
        run(0, "runs", "--json");
        assertThat(project.json()).isEmpty();
        run(0, "audit", "other", "--json");
        assertThat(project.json().findValuesAsText("command"))
                .containsExactly("caravan remove other", "caravan rename copy other", "caravan run copy");
        assertThat(project.json().findValuesAsText("recordsRead")).containsExactly("3", "0", "3");
    }

    @Test
    void whatPeopleDoToAPipelineIsInIt() throws IOException {
        project.write("in/b.csv", "id,name\n3,c\n4,d\n5,e\n,x\n,y\n");
        run(3, "run", "copy");
        run(0, "dead-letters", "accept", "1");
        run(2, "dead-letters", "accept", "1"); // changes nothing
        run(0, "dead-letters", "discard", "--all", "--pipeline", "copy");
        run(2, "reset", "copy", "--sink", "none");
        run(0, "reset", "copy");
        run(0, "purge", "--older-than-days", "9");

        run(0, "audit", "--json");
        JsonNode done = project.json();
        assertThat(done.findValuesAsText("mode")).containsExactly("purge", "reset", "discard", "accept", "run");
        assertThat(done.findValuesAsText("pipeline")).containsExactly("", "copy", "copy", "copy", "copy");
        assertThat(done.findValuesAsText("recordsRead")).containsExactly("0", "5", "1", "1", "7");
        assertThat(done.findValuesAsText("command"))
                .startsWith(
                        "caravan purge --older-than-days 9",
                        "caravan reset copy",
                        "caravan dead-letters discard --all --pipeline copy");
        assertThat(done.findValuesAsText("status"))
                .containsExactly("succeeded", "succeeded", "succeeded", "succeeded", "partial");
        assertThat(done.findValuesAsText("named")).containsOnly("ana");
        assertThat(done.findValuesAsText("finished")).doesNotContain("null");
        run(0, "audit", "--diff", "1", done.at("/1/runId").asText());
        run(0, "run", "copy"); // its number follows theirs
    }

    @Test
    void aFunctionInJavaIsInItWithItsArgumentsAndItsEnd() throws IOException {
        project.write("jobs/note.job.yaml", NOTE.replace("FOLDER", folder.toString()));
        run(0, "run", "note", "--", "--id", "a", "--pass-word", CANARY);
        run(0, "run", "note", "--dry-run", "--", "--id", "a");
        run(1, "run", "note", "--", "--id", "b", "--how", "fail");
        run(0, "jobs", "add", "note", "--", "--id", "c", "--how", "partial");
        run(3, "jobs", "work");

        run(0, "audit", "note", "--json");
        JsonNode done = project.json();
        assertThat(done.findValuesAsText("mode")).containsExactly("job", "job", "job");
        assertThat(done.findValuesAsText("status")).containsExactly("partial", "failed", "succeeded");
        assertThat(done.findValuesAsText("command"))
                .containsExactly(
                        "caravan jobs work",
                        "caravan run note --id b --how fail",
                        "caravan run note --id a --pass-word *****");
        run(0, "audit", "--settings", done.at("/0/runId").asText(), "--json");
        assertThat(project.json().get("--id").asText()).isEqualTo("c");
        assertThat(tables("audit").toString())
                .contains("\"\"--pass-word\"\": \"\"*****\"\"")
                .doesNotContain(CANARY);
    }

    @Test
    void whatPeopleDoToJobsIsInIt() throws IOException {
        project.write("jobs/note.job.yaml", NOTE.replace("FOLDER", folder.toString()));
        run(0, "jobs", "add", "note", "--", "--id", "a", "--how", "fail");
        run(0, "jobs", "add", "note", "--", "--id", "b", "--how", "fail");
        run(0, "jobs", "edit", "1", "--", "--how", "well");
        run(0, "jobs", "cancel", "1");
        run(2, "jobs", "cancel", "1"); // changes nothing
        run(0, "jobs", "retry", "1");
        run(3, "jobs", "work");
        run(0, "jobs", "retry", "--failed");
        run(0, "jobs", "retry", "--failed"); // nothing is left that failed

        run(0, "audit", "--json");
        List<String> done = new ArrayList<>();
        for (JsonNode row : project.json()) {
            if (row.get("mode").asText().startsWith("jobs"))
                done.add(row.get("mode").asText() + " " + row.get("pipeline").asText() + " "
                        + row.get("recordsRead").asText() + ": "
                        + row.get("command").asText());
        }
        assertThat(done)
                .containsExactly(
                        "jobs retry  1: caravan jobs retry --failed",
                        "jobs retry note 1: caravan jobs retry 1",
                        "jobs cancel note 1: caravan jobs cancel 1",
                        "jobs edit note 1: caravan jobs edit 1 -- --how well");
    }

    @Test
    void aFunctionGoesOnWithoutALedger() throws IOException {
        project.write("jobs/note.job.yaml", NOTE.replace("FOLDER", folder.toString()));
        project.replace("caravan.properties", "caravan.ledger.password=", "caravan.ledger.password=wrong");
        run(0, "run", "note", "--", "--id", "a");
        assertThat(project.err()).anyMatch(l -> l.startsWith("note: the audit lacks what it did; ledger: "));
        assertThat(folder.resolve("made-a")).exists();
    }

    private void run(int code, String... command) {
        assertThat(project.cli(command))
                .as("%s: %s %s", List.of(command), project.out(), project.err())
                .isEqualTo(code);
    }

    /** Every row of a table of the ledger, as text. */
    private List<String> tables(String name) {
        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password())) {
            return new PlainTransactions(ledger)
                    .in(c -> Sql.list(c, r -> r.getString(1), "select t::text from ledger." + name + " t"));
        }
    }
}
