package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import io.caravan.error.ConfigurationException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import io.caravan.run.YamlPipeline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The collections of a database that are copied to another one by one pipeline are the same there. */
class KindCopyTest {

    @TempDir
    Path folder;

    private final Endpoint ledger = TestStores.freshDatabase();
    private final MongoClient client = MongoClients.create(TestStores.mongo().uri());

    @BeforeEach
    void fill() {
        client.getDatabase("kinds_from").drop();
        client.getDatabase("kinds_to").drop();
        from("books").insertOne(BsonDocument.parse("{_id: {$oid: '64a81216fc3208ccee8ec5f3'}, title: 'A', n: 1}"));
        from("books").insertOne(BsonDocument.parse("{title: 'B', _id: '7', at: {$date: '2024-05-06T07:08:09.123Z'}}"));
        from("users").insertOne(BsonDocument.parse("{_id: 7, name: 'C'}"));
        client.getDatabase("kinds_from").createCollection("clubs");
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void collectionsAreCopiedByKindAndFollowTheirSource() throws Exception {
        try (YamlPipeline copy = pipeline("books,users,clubs")) {
            RunReport first = copy.run(Mode.RUN);
            assertThat(first.problems()).isEmpty();
            assertThat(first.sinks().get("documents").written()).isEqualTo(3);
            assertThat(to("books")).containsExactlyInAnyOrderElementsOf(all(from("books")));
            assertThat(to("users")).isEqualTo(all(from("users")));
            assertThat(client.getDatabase("kinds_to").listCollectionNames()).contains("clubs");
            assertThat(copy.run(Mode.RUN).sinks().get("documents").written()).isZero();
            assertThat(copy.run(RunRequest.of(Mode.VERIFY).comparingContents(true))
                            .status())
                    .isEqualTo(Status.SUCCEEDED);

            from("users").deleteMany(BsonDocument.parse("{}"));
            from("users").insertOne(BsonDocument.parse("{_id: '8', name: 'D'}"));
            from("books").updateOne(BsonDocument.parse("{_id: '7'}"), BsonDocument.parse("{$unset: {at: 1}}"));
            RunReport second = copy.run(RunRequest.of(Mode.RUN).allowingDeletes(true));
            assertThat(second.sinks().get("documents").written()).isEqualTo(2);
            assertThat(second.sinks().get("documents").deleted()).isEqualTo(1);
            assertThat(to("users")).isEqualTo(all(from("users")));
            assertThat(to("books")).containsExactlyInAnyOrderElementsOf(all(from("books")));
            client.getDatabase("kinds_to").getCollection("users").drop();
            RunReport third = copy.run(Mode.RUN);
            assertThat(third.sinks().get("documents").written())
                    .as("all again, as one was lost")
                    .isEqualTo(3);
            assertThat(to("users")).isEqualTo(all(from("users")));
        }
    }

    @Test
    void aCollectionThatDoesNotExistIsNamedBeforeAnythingIsRead() throws Exception {
        try (YamlPipeline copy = pipeline("books,nowhere,users")) {
            assertThat(copy.run(Mode.RUN).problems().toString())
                    .contains("mongodb-source: collection must exist in the database 'kinds_from'")
                    .contains("got 'nowhere'");
            assertThat(to("books")).isEmpty();
        }
    }

    @Test
    void severalCollectionsAreReadInFullByTheirIdentity() {
        assertThatThrownBy(() -> MongoSources.of(
                        "laptop", "", "", "d", "", "a,b", "", "", "id", "_id", "at", "", 0, 0, 100, 3, 1, 1_000, 1_000))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("keyFields must be _id where there are collections, got 'id'")
                .hasMessageContaining("cursorField must be blank where there are collections, got 'at'");
    }

    private YamlPipeline pipeline(String collections) throws Exception {
        Properties settings = new Properties();
        settings.setProperty("uri", TestStores.mongo().uri());
        return new YamlPipeline(folder, "kinds", """
                - route:
                    id: kinds
                    from:
                      uri: kamelet:mongodb-source
                      parameters:
                        pipeline: kinds
                        uri: "{{uri}}"
                        database: kinds_from
                        collections: "%s"
                      steps:
                        - to:
                            uri: kamelet:mongodb-sink
                            parameters: {sink: documents, uri: "{{uri}}", database: kinds_to, collections: "books,users,clubs"}
                """.formatted(collections), ledger, settings);
    }

    private MongoCollection<BsonDocument> from(String name) {
        return client.getDatabase("kinds_from").getCollection(name, BsonDocument.class);
    }

    private List<BsonDocument> to(String name) {
        return all(client.getDatabase("kinds_to").getCollection(name, BsonDocument.class));
    }

    private static List<BsonDocument> all(MongoCollection<BsonDocument> collection) {
        return collection.find().into(new ArrayList<>());
    }
}
