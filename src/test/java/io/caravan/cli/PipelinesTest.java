package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelinesTest {

    @TempDir
    private Path folder;

    @Test
    void areFoundInTheirRouteFiles() {
        Pipeline pipeline = Pipelines.in("routes").named("personalization");

        assertThat(pipeline.description())
                .isEqualTo("Marketing events from CSV objects to documents, vectors, graph and warehouse");
        assertThat(pipeline.routes())
                .containsExactly(
                        "classpath:routes/personalization/*.camel.yaml",
                        "classpath:routes/errors.camel.yaml",
                        "classpath:routes/dead-letters.camel.yaml");
        assertThat(pipeline.features())
                .containsExactlyInAnyOrder("ledger", "documents", "vectors.kind", "graph", "warehouse.kind");
        assertThat(Pipelines.in("routes").named("books-publish").features())
                .containsExactlyInAnyOrder("ledger", "warehouse");
    }

    /** Of what ships not everything is read at each start. */
    @Test
    void whatShipsIsKnownAsIfItsFilesWereReadWhole() throws Exception {
        try (Stream<Path> routes = Files.walk(Path.of("routes"))) {
            for (Path file :
                    routes.filter(f -> f.toString().endsWith(".camel.yaml")).toList()) {
                Path copy = folder.resolve(file);
                if (copy.getParent().equals(folder.resolve("routes"))) continue; // called by others, and no pipeline
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        Pipelines shipped = Pipelines.in("routes");
        Pipelines whole = Pipelines.in("none", List.of(Path.of("routes/series/datasets")), List.of(), folder);

        assertThat(shipped.called()).isEqualTo(whole.called()).contains("clubs", "live");
        assertThat(known(shipped)).isEqualTo(known(whole)).hasSizeGreaterThan(10);
    }

    private static List<String> known(Pipelines pipelines) {
        return pipelines.all().stream()
                .map(p -> String.join(
                        "; ", p.name(), p.description(), "" + p.phases(), "" + p.features(), p.flowSetting()))
                .toList();
    }

    @Test
    void aWrongNameIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> Pipelines.in("cliroutes").named("thing"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("caravan: pipeline must be one of things, got 'thing'; did you mean 'things'?");
    }

    @Test
    void aProjectsAreFoundInItsFoldersAndAtTheirTop() throws Exception {
        write("orders/orders.camel.yaml", pipeline("orders", "{{caravan.graph.uri}}"));
        write("a b ü/things.camel.yaml", pipeline("moved", ""));
        write("top.camel.yaml", pipeline("top", ""));
        Pipelines found = Pipelines.in("routes", folder);

        assertThat(found.named("orders").features()).containsExactlyInAnyOrder("ledger", "graph");
        assertThat(found.all()).extracting(Pipeline::name).contains("orders", "moved", "top", "personalization");
        assertThat(found.everyRoute()).contains("file:" + folder + "/*.camel.yaml", "classpath:routes/*.camel.yaml");
    }

    @Test
    void camelLoadsAProjectsFilesWhateverTheirFolderIsCalled() throws Exception {
        write("a b ü/hello.camel.yaml", """
                - route:
                    id: hello
                    from:
                      uri: direct:hello
                      steps:
                        - log: hello
                """);
        Main main = new Main();
        main.configure()
                .setRoutesIncludePattern(
                        Pipelines.in("none", folder).everyRoute().get(0));
        main.start();
        try {
            assertThat(main.getCamelContext().getRoute("hello")).isNotNull();
        } finally {
            main.stop();
        }
    }

    @Test
    void aNameThatIsThereTwiceIsRefused() throws Exception {
        Path one = write("a/one.camel.yaml", pipeline("orders", ""));
        Path two = write("b/two.camel.yaml", pipeline("orders", ""));

        assertThatThrownBy(() -> Pipelines.in("routes", folder).all())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("caravan: pipeline 'orders' must be there once, got it in " + one + " and " + two
                        + "; rename one");
    }

    @Test
    void aProjectsDatasetStandsForTheOneThatShipsWithItsName() throws Exception {
        String text = "dataset_id: indec_ipc\ndescription: of a project\nsource: {url: \"http://127.0.0.1/\"}\n";
        Path own = write("config/datasets/indec_ipc.yml", text);
        List<Path> folders = List.of(own.getParent());
        Pipelines found = Pipelines.in("routes", folders, List.of());

        assertThat(found.named("indec_ipc").description()).isEqualTo("of a project");
        assertThat(found.everyRoute()).contains("dataset:" + own).noneMatch(r -> r.endsWith("/indec_ipc.yaml"));
        Files.writeString(own, text.replace("dataset_id", "datset_id"));
        assertThatThrownBy(() -> Pipelines.in("routes", folders, List.of()).named("indec_ipc"))
                .as("one that is wrong does not let the other one run")
                .hasMessageContaining("datset_id");
        write("config/datasets/other.yaml", text);
        Files.writeString(own, text);
        assertThatThrownBy(() -> Pipelines.in("routes", folders, List.of()).all())
                .hasMessageContaining("must be there once");
    }

    @Test
    void aFileThatIsNoYamlIsSaidWithItsLineAndTheOthersWork() throws Exception {
        write("a/good.camel.yaml", pipeline("good", ""));
        Path bad = write("b/bad.camel.yaml", "- route:\n    id: x\n   from: y\n");
        Pipelines found = Pipelines.in("routes", folder);

        assertThat(found.named("good").routes()).hasSize(3);
        assertThat(found.problems()).singleElement().asString().startsWith(bad + ":3: must be YAML, got ");
        assertThatThrownBy(() -> found.named("bad")).hasMessageContaining(bad + ":3: must be YAML");
        assertThatThrownBy(found::everyRoute).hasMessageContaining(bad + ":3: must be YAML");
    }

    @Test
    void whatAChainCallsIsLoadedWithIt() throws Exception {
        write("orders/orders.camel.yaml", pipeline("orders", "{{caravan.graph.uri}}"));
        write("nightly/nightly.camel.yaml", """
                - route:
                    id: nightly
                    group: pipeline
                    from:
                      uri: direct:nightly
                      steps:
                        - to: direct:orders
                """);
        Pipeline nightly = Pipelines.in("routes", folder).named("nightly");

        assertThat(nightly.routes())
                .contains("file:" + folder.resolve("orders") + "/*.camel.yaml")
                .hasSize(4);
        assertThat(nightly.features()).contains("graph");
    }

    private Path write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private static String pipeline(String name, String graph) {
        return """
                - route:
                    id: %1$s
                    from:
                      uri: kamelet:objects-source
                      parameters:
                        pipeline: %1$s
                      steps:
                        - to:
                            uri: kamelet:neo4j-sink
                            parameters:
                              uri: "%2$s"
                """.formatted(name, graph);
    }
}
