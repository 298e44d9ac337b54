package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which settings the command line takes of a chain and of its phases; the book club that ships, and a project. */
class ChainSettingsTest {

    private static final String SHOP = """
            - route:
                id: shop
                description: Books in two phases
                from:
                  uri: direct:shop
                  steps:
                    - to: {uri: kamelet:pipeline-action, parameters: {pipeline: shop-extract}}
                    - to: {uri: kamelet:pipeline-action, parameters: {pipeline: shop-publish}}
            """;

    private static final String PHASE = """
            - route:
                id: copy-%1$s
                from:
                  uri: kamelet:objects-source
                  parameters:
                    pipeline: %1$s
                    input: "{{caravan.%1$s.input}}"
                    namePattern: "{{caravan.%1$s.namePattern}}"
                    format: "{{caravan.shop.%2$s}}"
                    keyFields: id
                  steps:
                    - to: {uri: "kamelet:objects-sink/%1$s-out", parameters: {output: out/%1$s, format: csv}}
            """;

    @TempDir
    private Path folder;

    private UserProject project;

    @BeforeEach
    void project() throws Exception {
        project = new UserProject(folder);
        project.write("routes/shop/shop.camel.yaml", SHOP);
        project.write("routes/shop/extract.camel.yaml", PHASE.formatted("shop-extract", "form"));
        project.write("routes/shop/publish.camel.yaml", PHASE.formatted("shop-publish", "kind"));
        project.write("application.properties", """
                # what the files are
                caravan.shop.form = csv
                caravan.shop.kind = csv
                # how it is written
                caravan.shop.lines = 7
                camel.kamelet.objects-sink.shop-publish-out.recordsPerObject = {{caravan.shop.lines}}
                caravan.shop-extract.input = DATA
                caravan.shop-extract.namePattern = *.csv
                caravan.shop-publish.input = DATA
                caravan.shop-publish.namePattern = *.csv
                # of one phase alone
                caravan.shop-publish.only = x
                """.replace(
                        "DATA", folder.resolve("data").toString()));
    }

    private List<String> options(String... command) {
        assertThat(project.cli(command)).as("%s", project.err()).isZero();
        List<String> options = new ArrayList<>();
        Matcher matcher = Pattern.compile("--([a-z.-]+)[ =]<value>").matcher(String.join("\n", project.out()));
        while (matcher.find()) options.add(matcher.group(1));
        return options;
    }

    @Test
    void aPhaseTakesTheSettingsOfItsChainThatItsRoutesUse() throws Exception {
        assertThat(options("run", "shop-extract", "--help")).containsExactlyInAnyOrder("input", "name-pattern", "form");
        assertThat(options("run", "shop-publish", "--help"))
                .as("also by a call that a setting names")
                .containsExactlyInAnyOrder("input", "name-pattern", "only", "kind", "lines");
        assertThat(options("run", "shop", "--help")).contains("form", "kind", "lines", "only", "input");
        assertThat(options("plan", "bookclub-extract", "--help"))
                .containsExactlyInAnyOrder(
                        "spreadsheet",
                        "credentials-file",
                        "sheets-endpoint",
                        "delete-limit-percent",
                        "staging.database",
                        "collections");
        assertThat(options("plan", "bookclub-graph", "--help"))
                .containsExactlyInAnyOrder("delete-limit-percent", "main.database");
        assertThat(options("run", "bookclub", "--help")).contains("spreadsheet", "main.database", "images.output");
    }

    @Test
    void listShowsThem() throws Exception {
        assertThat(project.cli("list", "--json")).isZero();
        for (JsonNode pipeline : project.json()) {
            if (!pipeline.path("pipeline").asText().equals("bookclub-images")) continue;
            assertThat(pipeline.get("parameters").findValuesAsText("name"))
                    .containsExactlyInAnyOrder(
                            "deleteLimitPercent",
                            "staging.database",
                            "images.output",
                            "images.connectionString",
                            "images.allowHosts");
        }
    }

    @Test
    void aSettingOfAnotherPhaseIsNamedWithThosePipelinesThatHaveIt() {
        assertThat(project.cli("run", "bookclub-graph", "--spreadsheet", "x")).isEqualTo(Exit.WRONG);
        assertThat(project.err())
                .containsExactly("run: a parameter must be one of --delete-limit-percent, --main.database,"
                        + " got '--spreadsheet', which is one of bookclub, bookclub-extract;"
                        + " see ./caravan run bookclub-graph --help");
        assertThat(project.cli("run", "bookclub-extract", "--spreadsheat", "x")).isEqualTo(Exit.WRONG);
        assertThat(project.err()).singleElement().asString().contains("; did you mean '--spreadsheet'?");
        assertThat(project.cli("run", "bookclub", "--spreadsheat", "x")).isEqualTo(Exit.WRONG);
        assertThat(project.err()).singleElement().asString().contains("; did you mean '--spreadsheet'?");
    }

    @Test
    void aNameThatTwoPhasesHaveIsNoParameterOfTheChain() {
        assertThat(project.cli("run", "shop", "--input", "x")).isEqualTo(Exit.WRONG);
        assertThat(project.err())
                .containsExactly("run: a parameter must be that of one pipeline, and several have it, got '--input';"
                        + " run a phase alone, or set one of caravan.shop-extract.input, caravan.shop-publish.input");
    }

    @Test
    void whatIsGivenCountsForTheChainAndForAPhase() throws Exception {
        project.write("data/books.csv", "id\n1\n2\n");
        for (String pipeline : new String[] {"shop", "shop-extract"}) {
            assertThat(project.cli("preview", pipeline, "--form", "txt")).isEqualTo(Exit.WRONG);
            assertThat(String.join("\n", project.err()))
                    .contains("objects-source: format must be")
                    .contains("'txt'");
            assertThat(project.cli("preview", pipeline)).as("%s", project.err()).isZero();
        }
        assertThat(project.cli("preview", "shop", "--only", "y"))
                .as("that of one phase: %s", project.err())
                .isZero();
    }

    @Test
    void completionKnowsThem() {
        assertThat(project.cli("completion", "bash")).isZero();
        assertThat(String.join("\n", project.out())).contains("--spreadsheet").contains("--form");
    }
}
