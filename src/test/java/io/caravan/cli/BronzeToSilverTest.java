package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lake that ships: three agencies of samples/lake, from bronze to silver, through the job and its flows. */
class BronzeToSilverTest {

    private static final Path BRONZE = Path.of("samples/lake/bronze").toAbsolutePath();

    @TempDir
    Path folder;

    private UserProject project;
    private Map<String, String> settings;

    @BeforeEach
    void project() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        project = new UserProject(folder);
        project.write("routes/README", "a project, so that its settings count");
        settings = new HashMap<>(Map.of(
                "caravan.ledger.uri", database.uri(),
                "caravan.ledger.user", database.user(),
                "caravan.ledger.password", database.password(),
                "caravan.silver.input", BRONZE.toString(),
                "caravan.api-pages.output", folder.resolve("bronze").toString(),
                "caravan.silver.output", folder.resolve("silver").toString()));
        project.settings(settings);
    }

    /** 76: of the badges 1 to 80 four have no right row; those of both files are the newer's, and the third file is wrong from end to end. */
    @Test
    void eachAgencysRowsAreCheckedTypedAndKeptOnceByDate() throws Exception {
        assertThat(demo())
                .as("three agencies; the pages, rows and people of a fourth")
                .containsExactly(76, 38, 38, 4, 38, 38);
        assertThat(demo()).containsExactly(0, 0, 0, 0, 0, 0);
        Path silver = folder.resolve("silver/staff/agency=agency-10");
        try (Stream<Path> manifests = Files.list(silver.resolve("_caravan-runs"))) {
            JsonNode one = new ObjectMapper()
                    .readTree(manifests
                            .reduce((a, b) -> Assertions.fail(a + " beside " + b))
                            .orElseThrow()
                            .toFile());
            assertThat(one.get("pipeline").asText() + " " + one.get("tenant").asText())
                    .isEqualTo("silver agency-10");
            assertThat(one.get("objects")).hasSize(2).allSatisfy(object -> assertThat(
                            folder.resolve("silver").resolve(object.get("key").asText()))
                    .hasSize(object.get("size").asLong()));
            assertThat(one.get("objects").findValues("records").stream()
                            .mapToInt(JsonNode::asInt)
                            .sum())
                    .isEqualTo(76);
        }
        JsonNode scores = project.json().get("quality");
        assertThat(scores.findValuesAsText("score")).containsExactly("100", "100", "59", "100", "100");
        assertThat(scores.findValuesAsText("setAside")).containsExactly("false", "false", "true", "false", "false");
        assertThat(Path.of(scores.get(2).get("page").asText())).exists();
        assertThat(project.cli("dead-letters", "list", "--pipeline", "silver[agency-10]", "--json"))
                .isZero();
        assertThat(project.json().findValuesAsText("reason"))
                .filteredOn(reason -> reason.contains("minimumScore"))
                .singleElement()
                .asString()
                .startsWith(
                        "agency/agency-10/files/staff/2031-02-05/04/data.csv: score must be 80 or more, got '59', as ");
        for (String date : List.of("agency=agency-10/run_date=2031-02-03", "agency=agency-10/run_date=2031-02-04"))
            assertThat(folder.resolve("silver/staff/" + date + "/part-00000-of-00001.parquet"))
                    .exists();
        assertThat(folder.resolve("silver/staff/agency=agency-10/run_date=2031-02-05"))
                .doesNotExist();

        assertThat(project.cli("dead-letters", "list", "--pipeline", "silver[agency-20]", "--json"))
                .isZero();
        assertThat(project.json().findValuesAsText("reason"))
                .containsExactly(
                        "apply-schema-action: status must be one of active, leave, left (allowed), found 'retired'",
                        "apply-schema-action: hired must be a date like yyyy-MM-dd (type), found '2031-02-30'");
        assertThat(project.json().toString()).doesNotContain("000-00-");
        Path quarantine = folder.resolve("silver/quarantine/agency/agency-20/files/staff/2031-02-03/04");
        try (Stream<Path> kept = Files.list(quarantine)) {
            Path one =
                    kept.reduce((a, b) -> Assertions.fail(a + " beside " + b)).orElseThrow();
            assertThat(one.getFileName().toString()).matches("data\\.json\\.silver\\.agency-20\\.[0-9a-f]{16}\\.jsonl");
            assertThat(Files.readAllLines(one)).hasSize(2).allSatisfy(line -> assertThat(line)
                    .contains("(a row with personal columns is not kept)")
                    .doesNotContain("000-00-"));
        }
    }

    @Test
    void theJobIsOneAgencysAndItsAnswerSaysWhatIsSetAside() throws Exception {
        assertThat(project.cli("run", "bronze-to-silver", "--agency", "agency-20", "--json"))
                .as("%s", project.err())
                .isEqualTo(3);
        assertThat(project.json().findValue("pipeline").asText()).isEqualTo("silver[agency-20]");
        assertThat(project.json().findValue("written").asInt()).isEqualTo(38);
        assertThat(project.cli("verify", "silver[agency-20]", "--deep", "--json"))
                .as("%s", project.err())
                .isZero();
    }

    @Test
    void allAgenciesInOneRunAreTheSameObjectsAsEachInItsOwn() throws Exception {
        for (String agency : List.of("agency-10", "agency-20", "agency-30")) {
            assertThat(project.cli("run", "silver", "--agency", agency)).isEqualTo(3);
        }
        List<String> apart = objects("silver");
        assertThat(project.cli("run", "agencies"))
                .as("two flows may not write to one place")
                .isEqualTo(1);
        assertThat(project.err()).anyMatch(line -> line.contains("staff/agency="));

        settings.put("caravan.agencies.output", folder.resolve("all").toString());
        project.settings(settings);
        assertThat(project.cli("run", "agencies", "--json"))
                .as("%s", project.err())
                .isEqualTo(3);
        assertThat(project.json().findValue("written").asInt()).isEqualTo(76 + 38 + 38);
        assertThat(objects("all")).isEqualTo(apart);
        assertThat(project.cli("run", "agencies", "--json")).isEqualTo(3);
        assertThat(project.json().findValue("written").asInt()).isZero();
        assertThat(project.cli("verify", "agencies", "--deep"))
                .as("%s", project.err())
                .isZero();
    }

    private List<String> objects(String output) throws Exception {
        try (Stream<Path> all = Files.walk(folder.resolve(output))) {
            return all.map(folder.resolve(output)::relativize)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }

    private List<Integer> demo() throws Exception {
        assertThat(project.cli("demo", "lake", "--json"))
                .as("%s", project.err())
                .isZero();
        return project.json().findValuesAsText("written").stream()
                .map(Integer::valueOf)
                .toList();
    }
}
