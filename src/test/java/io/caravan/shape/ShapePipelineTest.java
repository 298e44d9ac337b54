package io.caravan.shape;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.caravan.document.LookedUpDocuments;
import io.caravan.endpoint.TestContext;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import io.caravan.run.YamlPipeline;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are shaped before they are compared with the ledger, from one database to another. */
class ShapePipelineTest {

    private static final String STAGING = "shape_test_staging";
    private static final String ROUTE = """
            - route:
                id: shape
                from:
                  uri: direct:shape
                  steps:
                  - to: {uri: kamelet:shape-documents-action, parameters: {mapping: "classpath:routes/bookclub/main.yaml",
                      uri: "RAW({{mongo}})", database: shape_test_staging}}
            - route:
                id: books
                from:
                  uri: kamelet:mongodb-source
                  parameters: {pipeline: books, uri: "RAW({{mongo}})", database: shape_test_staging, collections: books, prepare: direct:shape}
                  steps:
                  - to: {uri: kamelet:mongodb-sink, parameters: {sink: main, uri: "RAW({{mongo}})", database: shape_test_main, collections: books,
                      types: values}}
            """;

    @TempDir
    Path folder;

    private final MongoClient client = MongoClients.create(TestStores.mongo().uri());
    private final MongoDatabase staging = client.getDatabase(STAGING);
    private final MongoCollection<Document> main =
            client.getDatabase("shape_test_main").getCollection("books");

    @BeforeEach
    void rows() {
        staging.drop();
        main.drop();
        for (int i = 1; i <= 3; i++) {
            staging.getCollection("creators")
                    .insertOne(new Document("_id", "c" + i)
                            .append("creator_id", "c" + i)
                            .append("firstname", "Name" + i));
        }
        for (int i = 1; i <= 9; i++) {
            staging.getCollection("books")
                    .insertOne(new Document("_id", "b" + i)
                            .append("book_id", "b" + i)
                            .append("title", "Title " + i)
                            .append("author", "c" + (i % 3 + 1) + (i == 9 ? ", c2" : ""))
                            .append("note", "kept in staging only"));
        }
    }

    @AfterEach
    void close() {
        staging.drop();
        main.drop();
        client.close();
    }

    private YamlPipeline pipeline() throws Exception {
        Properties settings = new Properties();
        settings.setProperty("mongo", TestStores.mongo().uri());
        return new YamlPipeline(folder, "books", ROUTE, TestStores.freshDatabase(), settings);
    }

    @Test
    void anAuthorWhoseNameChangesRewritesExactlyTheAuthorsBooks() throws Exception {
        try (YamlPipeline books = pipeline()) {
            RunReport first = books.run(Mode.RUN);
            assertThat(first.sinks().get("main").written()).as("%s", first).isEqualTo(9);
            assertThat(books.run(Mode.RUN).sinks().get("main").written()).isZero();
            staging.getCollection("creators").updateOne(Filters.eq("_id", "c2"), Updates.set("firstname", "Another"));
            RunReport plan = books.run(Mode.PLAN);
            assertThat(plan.sinks().get("main").updates()).as("%s", plan).isEqualTo(4);
            // b1, b4 and b7, and b9, which has two authors
            assertThat(books.run(Mode.RUN).sinks().get("main").written()).isEqualTo(4);
            assertThat(main.countDocuments(Filters.eq("author.name", "Another")))
                    .isEqualTo(4);
            assertThat(books.run(RunRequest.of(Mode.VERIFY).comparingContents(true))
                            .status())
                    .isEqualTo(Status.SUCCEEDED);
            assertThat(books.run(Mode.RUN).sinks().get("main").written()).isZero();
        }
    }

    @Test
    void anAuthorWhoGoesMakesLettersOfTheBooksAndAClearedCellVanishes() throws Exception {
        try (YamlPipeline books = pipeline()) {
            books.run(Mode.RUN);
            assertThat(main.find(Filters.eq("_id", "b5")).first())
                    .containsEntry("title", "Title 5")
                    .doesNotContainKey("note");
            staging.getCollection("creators").deleteOne(Filters.eq("_id", "c1"));
            staging.getCollection("books").updateOne(Filters.eq("_id", "b5"), Updates.set("title", ""));
            RunReport run = books.run(Mode.RUN);
            // b3, b6 and b9 stay what they were
            assertThat(run.openDeadLetters()).as("%s", run).isEqualTo(3);
            assertThat(run.sinks().get("main").written()).isEqualTo(1);
            assertThat(main.countDocuments()).isEqualTo(9);
            assertThat(main.find(Filters.eq("_id", "b5")).first()).doesNotContainKey("title");
        }
    }

    @Test
    void documentsAreFoundByTheTextOfWhateverIdentifiesThem() {
        ObjectId id = new ObjectId("65f0c0ffee65f0c0ffee0001");
        staging.getCollection("things")
                .insertMany(List.of(
                        new Document("_id", id).append("code", 7).append("name", "seven"),
                        new Document("_id", "b").append("code", "7").append("name", "text"),
                        new Document("_id", "c").append("code", "8").append("name", "eight")));
        try (LookedUpDocuments documents =
                TestContext.knownTo(new LookedUpDocuments(TestStores.mongo().uri(), "", "", STAGING, 5_000, 60_000))) {
            assertThat(documents.find("things", "code", Set.of("7", "9"), Set.of("name")))
                    .containsExactlyInAnyOrder(
                            Map.of("_id", id.toHexString(), "name", "seven"), Map.of("_id", "b", "name", "text"));
            assertThat(documents.find("things", "_id", Set.of(id.toHexString()), Set.of("code")))
                    .containsExactly(Map.of("_id", id.toHexString(), "code", 7L));
            assertThat(documents.find("nothing", "code", Set.of("7"), Set.of("name")))
                    .isEmpty();
        }
    }
}
