package io.caravan.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.YamlPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plan of a chain that keeps images between two phases: it says what the run then does, and asks no server. */
class ImagesPlanTest {

    private static final AtomicInteger TESTS = new AtomicInteger();

    private static final String CHAIN = """
            - route:
                id: shop
                from:
                  uri: direct:shop
                  steps:
                  - to: {uri: kamelet:pipeline-action, parameters: {pipeline: extract}}
                  - to: {uri: kamelet:pipeline-action, parameters: {pipeline: keep}}
                  - to: {uri: kamelet:pipeline-action, parameters: {pipeline: publish}}
            - route:
                id: extract
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: extract, input: "FOLDER/in", format: csv, keyFields: id, deleteLimitPercent: 100}
                  steps:
                  - to: {uri: kamelet:mongodb-sink, parameters: {sink: staging, uri: "MONGO", database: STORE, collection: books}}
            - route:
                id: keep
                from:
                  uri: kamelet:mongodb-source
                  parameters: {pipeline: keep, uri: "MONGO", database: STORE, collections: books,
                      deadLetterLimitPercent: 100, deleteLimitPercent: 100}
                  steps:
                  - to: {uri: kamelet:images-sink, parameters: {mapping: "FOLDER/images.yaml", output: "FOLDER/images", part: keep, allowHosts: "HOST"}}
            - route:
                id: prepare
                from:
                  uri: direct:prepare
                  steps:
                  - to: {uri: kamelet:images-action, parameters: {mapping: "FOLDER/images.yaml", output: "FOLDER/images"}}
            - route:
                id: publish
                from:
                  uri: kamelet:mongodb-source
                  parameters: {pipeline: publish, uri: "MONGO", database: STORE, collections: books,
                      prepare: direct:prepare, deleteLimitPercent: 100}
                  steps:
                  - multicast:
                      steps:
                      - to: {uri: kamelet:mongodb-sink, parameters: {sink: main, uri: "MONGO", database: STORE_main, collections: books, exclude: "ingested_at,source"}}
                      - to: {uri: kamelet:images-sink, parameters: {sink: removed, mapping: "FOLDER/images.yaml", output: "FOLDER/images", part: remove}}
            """;

    @TempDir
    Path folder;

    private final ImageServer server = new ImageServer();
    /** Of each test its own: the stand-in does not let one that was used be dropped and made again. */
    private final String store = "images" + TESTS.incrementAndGet();

    private final MongoClient client = MongoClients.create(TestStores.mongo().uri());
    private YamlPipeline chain;

    ImagesPlanTest() throws IOException {}

    @BeforeEach
    void begin() throws Exception {
        Files.createDirectories(folder.resolve("in"));
        Files.writeString(folder.resolve("images.yaml"), """
                inventory: image-inventory
                images: [{field: cover_url, container: cover-art, names: [{prefix: b01-, field: isbn_13}]}]
                """);
        for (String path : List.of("/a.png", "/b.png", "/c.png"))
            server.image(path, Pictures.png(path.hashCode()), "\"1\"");
        String yaml = CHAIN.replace("FOLDER", folder.toString())
                .replace("HOST", "127.0.0.1:" + server.port())
                .replace("MONGO", TestStores.mongo().uri())
                .replace("STORE", store);
        chain = new YamlPipeline(folder, "shop", yaml, TestStores.freshDatabase(), new Properties());
    }

    @AfterEach
    void end() throws Exception {
        chain.close();
        client.close();
        server.close();
    }

    private void write(String... rows) throws IOException {
        StringBuilder csv = new StringBuilder("id,title,isbn_13,cover_url\n");
        for (String row : rows)
            csv.append(row.replace(",/", "," + server.url("/"))).append('\n');
        Files.writeString(folder.resolve("in/books.csv"), csv);
    }

    /** What the plan says, which is what the run then does. */
    private RunReport plannedAndDone() throws Exception {
        int asked = server.requests.size();
        RunReport plan = chain.run(Mode.PLAN);
        assertThat(plan.problems()).isEmpty();
        assertThat(server.requests).as("a plan asks no server").hasSize(asked);
        Map<String, String> planned = new TreeMap<>();
        plan.sinks()
                .forEach((sink, s) -> planned.put(
                        sink,
                        "written %d deleted %d dead %d".formatted(s.inserts() + s.updates(), s.deleted(), s.dead())));
        Map<String, String> done = new TreeMap<>();
        chain.run(Mode.RUN)
                .sinks()
                .forEach((sink, s) ->
                        done.put(sink, "written %d deleted %d dead %d".formatted(s.written(), s.deleted(), s.dead())));
        assertThat(done).as("the run").isEqualTo(planned);
        return plan;
    }

    @Test
    void aPlanCountsTheImagesOfRowsThatComeAndTheDocumentsThatWillShowThem() throws Exception {
        write("1,One,11,/a.png", "2,Two,22,", "3,Three,33,/a.png");
        RunReport first = plannedAndDone();
        assertThat(first.notes()).containsExactly("images: 2 images to download, 0 that no record needs any more");
        assertThat(server.requests).hasSize(2);
        assertThat(plannedAndDone().notes()).as("nothing to do").isEmpty();

        write("1,One,11,/b.png", "2,Two,22,/c.png", "3,Three,33,/a.png");
        RunReport second = plannedAndDone();
        assertThat(second.notes()).containsExactly("images: 2 images to download, 0 that no record needs any more");
        assertThat(second.sinks().get("publish/main").updates())
                .as("%s", second.sinks())
                .isEqualTo(2);

        write("2,Two,44,/c.png", "3,Three,33,/a.png");
        RunReport third = plannedAndDone();
        assertThat(third.notes())
                .containsExactly(
                        "images: 1 images to download, 2 that no record needs any more", "removed: 2 images to remove");
        assertThat(client.getDatabase(store + "_main")
                        .getCollection("books")
                        .find()
                        .first()
                        .toJson())
                .contains("cover-art/b01-");
    }

    @Test
    void anImageThatNobodyWouldAskForIsDeadInThePlanToo() throws Exception {
        write("1,One,,/a.png", "2,Two,22,/b.png", "3,Three,22,/c.png");
        RunReport plan = plannedAndDone();
        assertThat(plan.sinks().get("keep/images").dead()).isEqualTo(2);
        assertThat(plan.notes()).containsExactly("images: 1 images to download, 0 that no record needs any more");
    }
}
