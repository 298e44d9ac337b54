package io.caravan.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Sha256;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import io.caravan.run.YamlPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images in step with the documents that show them: a pipeline that keeps images, then one that publishes documents. */
class ImagesPipelineTest {

    private static final String KEEP = """
            - route:
                id: keep
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: keep, input: "FOLDER/in", namePattern: "*.csv", format: csv, columns: "id,title,isbn_13,cover_url",
                      keyFields: id, deadLetterLimitPercent: 100, deleteLimitPercent: 100}
                  steps:
                  - to: {uri: kamelet:images-sink, parameters: {mapping: "FOLDER/images.yaml", output: "FOLDER/images", part: keep, allowHosts: "HOST"}}
            """;

    private static final String PUBLISH = """
            - route:
                id: prepare
                from:
                  uri: direct:prepare
                  steps:
                  - to: {uri: kamelet:images-action, parameters: {mapping: "FOLDER/images.yaml", output: "FOLDER/images", publicUrl: "https://img.example"}}
            - route:
                id: publish
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: publish, input: "FOLDER/in", namePattern: "*.csv", format: csv, columns: "id,title,isbn_13,cover_url",
                      keyFields: id, prepare: direct:prepare, deleteLimitPercent: 100}
                  steps:
                  - multicast:
                      parallelProcessing: true
                      steps:
                      - to: {uri: kamelet:objects-sink, parameters: {sink: documents, output: "FOLDER/out", compression: none, partitions: 1}}
                      - to: {uri: kamelet:images-sink, parameters: {sink: removed, mapping: "FOLDER/images.yaml", output: "FOLDER/images", part: remove}}
            """;

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final ImageServer server = new ImageServer();
    private YamlPipeline keep;
    private YamlPipeline publish;

    ImagesPipelineTest() throws IOException {}

    @BeforeEach
    void begin() throws Exception {
        Files.createDirectories(folder.resolve("in"));
        Files.createDirectories(folder.resolve("out"));
        Files.writeString(folder.resolve("images.yaml"), """
                inventory: image-inventory
                images: [{field: cover_url, container: cover-art, names: [{prefix: b01-, field: isbn_13}]}]
                """);
        write("1,One,11,/a.png", "2,Two,22,/late.png", "3,Three,33,/a.png");
        server.image("/a.png", Pictures.png(1), "\"1\"");
        keep = pipeline("keep", KEEP);
        publish = pipeline("publish", PUBLISH);
    }

    @AfterEach
    void end() throws Exception {
        keep.close();
        publish.close();
        server.close();
    }

    private YamlPipeline pipeline(String name, String yaml) throws Exception {
        String here = yaml.replace("FOLDER", folder.toString()).replace("HOST", "127.0.0.1:" + server.port());
        return new YamlPipeline(folder, name, here, database, new Properties());
    }

    @Test
    void aMissingImageBlocksNoDocumentAndTheRunThatGetsItSetsItsUrl() throws Exception {
        RunReport first = keep.run(Mode.RUN);
        assertThat(first.status()).as("%s", first).isEqualTo(Status.PARTIAL);
        assertThat(first.sinks().get("images").written()).isEqualTo(2);
        assertThat(first.sinks().get("images").dead()).isEqualTo(1);
        assertThat(publish.run(Mode.RUN).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(document("1")).contains("\"https://img.example/cover-art/" + blob("11") + "\"", "\"ready\"");
        assertThat(document("2")).contains("\"missing\"").doesNotContain("http");

        RunReport again = keep.run(Mode.RUN);
        assertThat(again.status()).isEqualTo(Status.PARTIAL);
        assertThat(again.notes()).contains("images: tried its open dead letters again: 0 written, 1 refused");
        assertThat(publish.run(Mode.RUN).sinks().get("documents").written()).isZero();

        server.image("/late.png", Pictures.png(2), "\"1\"");
        RunReport late = keep.run(Mode.RUN);
        assertThat(late.status()).as("%s", late).isEqualTo(Status.SUCCEEDED);
        assertThat(late.notes()).contains("images: tried its open dead letters again: 1 written, 0 refused");
        assertThat(late.sinks().get("images").written()).isZero();
        assertThat(publish.run(Mode.PLAN).sinks().get("documents").updates()).isEqualTo(1);
        assertThat(publish.run(Mode.RUN).sinks().get("documents").written()).isEqualTo(1);
        assertThat(document("2")).contains("\"https://img.example/cover-art/" + blob("22") + "\"", "\"ready\"");

        int asked = server.requests.size();
        assertThat(keep.run(Mode.RUN).sinks().get("images").written()).isZero();
        assertThat(publish.run(Mode.RUN).sinks().get("documents").written()).isZero();
        assertThat(server.requests).as("nothing is asked for again").hasSize(asked);
        assertThat(keep.run(RunRequest.of(Mode.VERIFY).comparingContents(true)).status())
                .isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void anImageIsRemovedOnceNoDocumentPointsToIt() throws Exception {
        server.image("/late.png", Pictures.png(2), "\"1\"");
        keep.run(Mode.RUN);
        publish.run(Mode.RUN);
        assertThat(covers()).hasSize(3);
        write("1,One,44,/a.png", "3,Three,33,");
        keep.run(Mode.RUN);
        assertThat(covers()).as("documents still point to all").hasSize(4).contains(blob("11"), blob("22"), blob("33"));
        RunReport published = publish.run(Mode.RUN);
        assertThat(published.status()).as("%s", published).isEqualTo(Status.SUCCEEDED);
        assertThat(published.notes()).contains("removed: 0 images uploaded (0 bytes), 0 unchanged, 3 removed");
        assertThat(covers()).containsExactly(blob("44"));
        assertThat(document("1")).contains(blob("44"));
        assertThat(document("3")).doesNotContain("cover-art", "ready", "missing");
        assertThat(keep.run(RunRequest.of(Mode.VERIFY).comparingContents(true)).status())
                .isEqualTo(Status.SUCCEEDED);
    }

    private static String blob(String isbn) {
        return "b01-" + Sha256.hex(isbn, 10) + ".png";
    }

    private void write(String... rows) throws IOException {
        StringBuilder csv = new StringBuilder("id,title,isbn_13,cover_url\n");
        for (String row : rows)
            csv.append(row.replace(",/", "," + server.url("/"))).append('\n');
        Files.writeString(folder.resolve("in/books.csv"), csv);
    }

    private String document(String id) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
                for (String line : Files.readAllLines(file)) if (line.contains("\"id\":\"" + id + "\"")) return line;
            }
        }
        throw new AssertionError("no document " + id);
    }

    private List<String> covers() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("images/cover-art"))) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
