package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One pipeline for many tenants: each is a flow of its own in the ledger, and none touches what another brought. */
class FlowsOfAPipelineTest {

    @TempDir
    Path folder;

    private UserProject project;

    @BeforeEach
    void project() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        project = new UserProject(folder);
        project.settings(Map.of(
                "caravan.ledger.uri", database.uri(),
                "caravan.ledger.user", database.user(),
                "caravan.ledger.password", database.password(),
                "caravan.copy.tenant", "",
                "caravan.copy.out", folder.resolve("out").toString()));
        project.write("routes/copy/copy.camel.yaml", """
                - route:
                    id: copy
                    from:
                      uri: kamelet:objects-source
                      parameters:
                        pipeline: copy
                        flow: "{{caravan.copy.tenant}}"
                        input: "%s"
                        prefix: "{{caravan.copy.tenant}}/"
                        keyFields: id
                      steps:
                        - to:
                            uri: kamelet:objects-sink
                            parameters: {output: "{{caravan.copy.out}}", prefix: "{{caravan.copy.tenant}}/", partitions: 1, compression: none}
                """.formatted(folder.resolve("in")));
        project.write("routes/copy/jobs/copy-one.job.yaml", """
                description: Copies what a tenant has
                parameters:
                  tenant: {required: true}
                run: {pipeline: copy}
                concurrencyKey: "copy {{tenant}}"
                """);
        project.write("in/a/x.csv", "id,v\n1,x\n2,y\n,bad\n");
        project.write("in/b/x.csv", "id,v\n1,other\n");
    }

    @Test
    void eachTenantHasHistoryLettersAndObjectsOfItsOwn() throws Exception {
        assertThat(project.cli("run", "copy-one", "--tenant", "a"))
                .as("%s", project.err())
                .isEqualTo(3);
        assertThat(project.out()).anyMatch(line -> line.contains("copy[a]"));
        assertThat(project.cli("run", "copy-one", "--tenant", "b"))
                .as("%s", project.err())
                .isZero();
        assertThat(out("a")).contains("\"v\":\"x\"", "\"v\":\"y\"").doesNotContain("other");
        assertThat(out("b")).contains("\"v\":\"other\"");

        assertThat(project.cli("run", "copy[b]", "--json"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.json().findValue("written").asInt()).isZero();
        assertThat(project.json().findValue("pipeline").asText()).isEqualTo("copy[b]");

        assertThat(project.cli("runs", "--pipeline", "copy", "--json")).isZero();
        assertThat(project.json().findValuesAsText("pipeline")).containsExactly("copy[b]", "copy[b]", "copy[a]");
        assertThat(project.cli("runs", "--pipeline", "copy[a]", "--json")).isZero();
        assertThat(project.json().findValuesAsText("pipeline")).containsExactly("copy[a]");
        assertThat(project.cli("dead-letters", "--pipeline", "copy[b]", "--json"))
                .isZero();
        assertThat(project.json()).isEmpty();
        assertThat(project.cli("dead-letters", "--pipeline", "copy", "--json")).isZero();
        assertThat(project.json().findValuesAsText("pipeline")).containsExactly("copy[a]");
    }

    @Test
    void whatIsVerifiedPlannedDeletedAndRemovedIsOneTenantsAlone() throws Exception {
        assertThat(project.cli("run", "copy[a]")).as("%s", project.err()).isEqualTo(3);
        assertThat(project.cli("run", "copy[b]")).as("%s", project.err()).isZero();
        assertThat(project.cli("verify", "copy[b]", "--deep"))
                .as("%s", project.err())
                .isZero();

        project.write("in/a/x.csv", "id,v\n1,x\n");
        assertThat(project.cli("plan", "copy[a]", "--json"))
                .as("%s", project.err())
                .isEqualTo(1);
        assertThat(project.json().findValue("problems").toString())
                .contains("copy[a]: deletes must be at most 20 % of 2 records, got '1'");
        assertThat(project.cli("run", "copy[a]", "--allow-deletes"))
                .as("%s", project.err())
                .isZero();
        assertThat(out("a")).contains("\"v\":\"x\"").doesNotContain("\"v\":\"y\"");
        assertThat(out("b")).contains("\"v\":\"other\"");

        assertThat(project.cli("reset", "copy")).isEqualTo(2);
        assertThat(project.err()).anyMatch(line -> line.contains("copy[a], copy[b]"));
        assertThat(project.cli("reset", "copy[a]")).isZero();
        assertThat(project.cli("remove", "copy[a]", "--with-data", "--yes"))
                .as("%s", project.err())
                .isZero();
        assertThat(Files.exists(folder.resolve("out/a/part-00000-of-00001.jsonl")))
                .isFalse();
        assertThat(project.cli("verify", "copy[b]", "--deep"))
                .as("%s", project.err())
                .isZero();
    }

    @Test
    void aFlowThatCannotBeOneIsRefused() {
        assertThat(project.cli("run", "copy-one", "--tenant", "b[c")).isEqualTo(2);
        assertThat(project.err()).anyMatch(line -> line.contains("flow must be empty or 1 to 100 letters, digits"));
    }

    private String out(String tenant) throws Exception {
        return Files.readString(folder.resolve("out/" + tenant + "/part-00000-of-00001.jsonl"));
    }
}
