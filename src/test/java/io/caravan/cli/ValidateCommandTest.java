package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.Mask;
import io.caravan.error.SettingFile;
import io.caravan.local.LaptopStores;
import io.caravan.settings.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan validate}, and what a name on the command line means, in a project of a user's own. */
class ValidateCommandTest {

    private static final String ORDERS = """
            - route:
                id: copy-orders
                from:
                  uri: kamelet:objects-source
                  parameters:
                    pipeline: orders
                    input: "{{caravan.orders.input}}"
                    columns: id,total
                    keyFields: id
                  steps:
                    - to:
                        uri: kamelet:warehouse-sink
                        parameters:
                          table: orders/table.yaml
            """;

    private static final String TABLE = """
            table: orders
            columns:
              - {name: id, type: text, key: true}
              - {name: total, type: numeric}
            """;

    @TempDir
    private Path folder;

    private Screen screen = new Screen();

    @BeforeEach
    void project() throws IOException {
        System.setProperty("caravan.project", folder.toString());
        write("routes/orders/orders.camel.yaml", ORDERS);
        write("routes/orders/table.yaml", TABLE);
        write("application.properties", "# the folder they are read from\ncaravan.orders.input = data\n");
    }

    @AfterEach
    void forget() {
        System.clearProperty(SettingFile.FOLDERS);
        System.clearProperty("caravan.project");
    }

    @Test
    void whatMayBeMeantIsAWarningAndNoFault() throws IOException {
        String embeds = ORDERS.replace("      steps:\n", """
                      steps:
                        - to:
                            uri: kamelet:embed-text-action
                            parameters:
                              field: id
                              into: total
                """);
        write("routes/orders/orders.camel.yaml", embeds);
        assertThat(cli("validate")).isZero();
        assertThat(screen.err())
                .singleElement()
                .asString()
                .startsWith(
                        "routes/orders/orders.camel.yaml:15: warning: embed-text-action: into must name a field that the"
                                + " records of orders do not have yet, got 'total'; its value is replaced.");
        assertThat(cli("validate", "--json")).isZero();
        JsonNode json = new ObjectMapper().readTree(screen.out().get(0));
        assertThat(json.get("status").asText()).isEqualTo("succeeded");
        assertThat(json.get("warnings").get(0).get("line").asInt()).isEqualTo(15);
    }

    @Test
    void aProjectWithoutAFaultIsSaidInOneLine() {
        assertThat(cli("validate")).isZero();
        assertThat(screen.err()).isEmpty();
        assertThat(screen.out())
                .containsExactly("nothing is wrong with 1 route file, 0 Kamelets and 1 description of orders;"
                        + " ./caravan check asks the stores");
    }

    @Test
    void allProblemsOfAllFilesAreSaidAtOnceWithTheirLines() throws IOException {
        write(
                "routes/orders/orders.camel.yaml",
                ORDERS.replace("keyFields", "keyField").replace("total", "sum"));
        write("routes/orders/table.yaml", TABLE.replace("numeric", "number"));
        write("routes/broken.camel.yaml", "- route: [\n");
        write("routes/mine-sink.kamelet.yaml", "kind: Kamlet\n");
        write("application.properties", "caravan.orders.input = data\n\ncaravan.api.prot = 1\n");
        assertThat(cli("validate")).isEqualTo(2);
        assertThat(screen.out()).isEmpty();
        assertThat(screen.err())
                .anyMatch(l -> l.startsWith("application.properties:3: the name must be one of"))
                .anyMatch(l -> l.startsWith("routes/broken.camel.yaml:2:1: file must be YAML, got: "))
                .anyMatch(l -> l.equals("routes/mine-sink.kamelet.yaml:1: kamelet: kind must be Kamelet, got 'Kamlet'"))
                .anyMatch(l ->
                        l.startsWith("routes/orders/orders.camel.yaml:9: objects-source: parameter must be one of"))
                .anyMatch(
                        l -> l.equals(
                                "routes/orders/orders.camel.yaml:4: objects-source: keyFields must be given, got ''; write it below 'parameters'"))
                .anyMatch(l ->
                        l.startsWith("routes/orders/table.yaml:4: warehouse-sink: column 'total' type must be one of"));
    }

    /** Camel loads them from there, and nobody looked at them before it did. */
    @Test
    void aKameletBesideTheFileOfADatasetIsLookedAtToo() throws IOException {
        write("config/datasets/daily.yaml", "dataset_id: daily\n");
        write("config/datasets/mine-action.kamelet.yaml", "kind: Kamlet\n");
        assertThat(cli("validate")).isEqualTo(2);
        assertThat(screen.err())
                .contains("config/datasets/mine-action.kamelet.yaml:1: kamelet: kind must be Kamelet, got 'Kamlet'");
    }

    @Test
    void aPipelineThatIsNamedIsLookedAtAlone() throws IOException {
        write("routes/broken.camel.yaml", "- rote:\n    id: x\n");
        assertThat(cli("validate")).isEqualTo(2);
        assertThat(cli("validate", "orders")).isZero();
        assertThat(cli("validate", "ordres")).isEqualTo(2);
        assertThat(screen.err()).singleElement().asString().endsWith("did you mean 'orders'?");
        assertThat(cli("validate", "books-work")).isZero();
    }

    @Test
    void aScriptGetsTheProblemsAsJson() throws IOException {
        write("routes/orders/table.yaml", "table: [\n");
        assertThat(cli("validate", "--json")).isEqualTo(2);
        JsonNode json = new ObjectMapper().readTree(screen.out().get(0));
        assertThat(json.at("/status").asText()).isEqualTo("failed");
        assertThat(json.at("/problems/0/file").asText()).isEqualTo("routes/orders/table.yaml");
        assertThat(json.at("/problems/0/line").asInt()).isEqualTo(2);
        assertThat(json.at("/checked/pipelines/0").asText()).isEqualTo("orders");
    }

    @Test
    void namesThatAreTakenAreSaidWithTheirFiles() throws IOException {
        write(
                "routes/other/orders.camel.yaml",
                ORDERS.replace("copy-orders", "other").replace("orders/table", "orders/table"));
        write(
                "routes/run.camel.yaml",
                ORDERS.replace("copy-orders", "third").replace("pipeline: orders", "pipeline: run"));
        assertThat(cli("validate")).isEqualTo(2);
        assertThat(screen.err())
                .anyMatch(l ->
                        l.startsWith("routes/other/orders.camel.yaml:6: caravan: pipeline 'orders' must be there once"))
                .anyMatch(l -> l.startsWith(
                        "routes/run.camel.yaml:6: caravan: pipeline 'run' must not be called like a command"));
        assertThat(cli("list")).isEqualTo(2);
        assertThat(screen.err()).hasSize(2);
    }

    @Test
    void whatShipsIsValidInLessThanThreeSeconds() throws IOException {
        Files.delete(folder.resolve("application.properties"));
        Instant begin = Instant.now();
        Shell shell = new Shell(
                screen.terminal(),
                new Mask(),
                () -> Configuration.load(folder, java.util.Optional.empty()),
                () -> Pipelines.in("routes"),
                () -> new LaptopStores(folder, List.of()));
        assertThat(new Cli(shell, folder).run("validate"))
                .as("%s", screen.err())
                .isZero();
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(3));
        assertThat(screen.out())
                .singleElement()
                .asString()
                .matches(
                        "nothing is wrong with \\d+ route files, \\d+ Kamelets and 7 descriptions of agencies, api-pages, api-records, bookclub-extract, bookclub-graph,"
                                + " bookclub-images, bookclub-publish, books-publish, books-work, bronze-events, personalization, queued-jobs, silver, and 2 datasets: bcra_infomondia_series, indec_ipc, and 7 jobs: backfill-silver, bronze-to-silver, check-quality, get-s3-files, hello-world, ingest-api, send-to-api; ./caravan check asks the stores");
    }

    @Test
    void schemasOfDatasetsAreReadThoughNoRouteNamesThem() throws IOException {
        write("routes/orders/schemas/staff.yaml", "columns:\n  id: {typ: integer}\n");
        write("routes/orders/schemas/staff.json", "{\"columns\": [\n{\"name\": \"id\", \"typ\": \"int\"}]}");
        assertThat(cli("validate")).isEqualTo(2);
        assertThat(screen.err())
                .hasSize(2)
                .anyMatch(l -> l.startsWith("routes/orders/schemas/staff.json:2: columns.id: key must be one of"))
                .anyMatch(l -> l.startsWith("routes/orders/schemas/staff.yaml:2: columns.id: key must be one of"));
    }

    @Test
    void theSchemasAreWrittenForAnEditor() {
        assertThat(cli("validate", "--schemas", "schemas")).isZero();
        assertThat(screen.out())
                .containsExactly(
                        "schemas/camel-routes.schema.json",
                        "schemas/data-schema.schema.json",
                        "schemas/dataset.schema.json",
                        "schemas/graph-mapping.schema.json",
                        "schemas/job.schema.json",
                        "schemas/merge-rules.schema.json",
                        "schemas/shape-mapping.schema.json",
                        "schemas/warehouse-table.schema.json");
        assertThat(folder.resolve("schemas/graph-mapping.schema.json"))
                .content()
                .contains("Caravan: a graph mapping");
    }

    private int cli(String... args) {
        screen = new Screen();
        Project project = Project.of(folder.resolve("home"), folder, folder, null, args);
        Shell shell = new Shell(
                screen.terminal(),
                new Mask(),
                project::configuration,
                () -> project.pipelines("routes"),
                () -> new LaptopStores(folder, List.of()));
        return new Cli(shell, folder).run(args);
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
