package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collection that is copied to another one is the same there. */
class MongoCopyTest {

    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final ObjectId ID = new ObjectId("64a81216fc3208ccee8ec5f3");

    @TempDir
    Path folder;

    private final Endpoint ledger = TestStores.freshDatabase();
    private final MongoClient client = MongoClients.create(TestStores.mongo().uri());
    private final String number = "copy" + TESTS.incrementAndGet();
    private final MongoCollection<BsonDocument> from = collection("from." + number + "-größe");
    private final MongoCollection<BsonDocument> to = collection("to-" + number + ".日本 ü");

    @AfterEach
    void close() {
        from.drop();
        to.drop();
        client.close();
    }

    @Test
    void everyTypeOfBsonStaysWhatItIs() throws Exception {
        List<BsonDocument> documents = List.of(
                document("{_id: {$oid: '64a81216fc3208ccee8ec5f3'}, ref: {$oid: '64a81216fc3208ccee8ec5f4'}, v: 1}"),
                document("{_id: 7, long: {$numberLong: '7'}, real: 7.0, decimal: {$numberDecimal: '7.10'}}"),
                document("{_id: 'text', at: {$date: '2024-05-06T07:08:09.123Z'}, none: null, yes: true}"),
                document("{_id: {a: 1, b: {$oid: '64a81216fc3208ccee8ec5f4'}}, source: 'mine', ingested_at: 1}"),
                document("{_id: {$uuid: '0a2b7b1e-5b0f-4e8c-9a53-0f1c7f1c7a11'},"
                        + " bytes: {$binary: {base64: 'AAE=', subType: '00'}}}"),
                document("{_id: {$date: '2024-05-06T07:08:09.123Z'}, list: [1, [{$numberLong: '1'}], {x: 'y'}, []]}"),
                document(
                        "{_id: 1.5, ts: {$timestamp: {t: 5, i: 6}}, re: {$regularExpression: {pattern: 'a', options: 'i'}},"
                                + " least: {$minKey: 1}, most: {$maxKey: 1}, exact_times: {}}"));
        from.insertMany(documents);
        try (YamlPipeline copy = pipeline("")) {
            RunReport run = copy.run(Mode.RUN);
            assertThat(run.problems()).isEmpty();
            assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(stored()).containsExactlyInAnyOrderElementsOf(documents);
            assertThat(copy.run(RunRequest.of(Mode.VERIFY).comparingContents(true))
                            .status())
                    .isEqualTo(Status.SUCCEEDED);
            assertThat(copy.run(Mode.RUN).sinks().get("documents").written()).isZero();

            from.deleteMany(new BsonDocument());
            from.insertOne(documents.get(0));
            copy.run(RunRequest.of(Mode.RUN).allowingDeletes(true));
            assertThat(stored()).containsExactly(documents.get(0));
        }
    }

    @Test
    void aValueThatIsOfAnotherTypeNowIsNews() throws Exception {
        from.insertOne(document("{_id: 1, ref: '64a81216fc3208ccee8ec5f3', n: 1}"));
        try (YamlPipeline copy = pipeline("")) {
            copy.run(Mode.RUN);
            BsonDocument converted =
                    document("{_id: 1, ref: {$oid: '64a81216fc3208ccee8ec5f3'}, n: {$numberLong: '1'}}");
            from.replaceOne(new BsonDocument(), converted);
            assertThat(copy.run(Mode.RUN).sinks().get("documents").written()).isEqualTo(1);
            assertThat(stored()).containsExactly(converted);
        }
    }

    @Test
    void anIdThatIsOfAnotherTypeNowLeavesNoDocumentBehind() throws Exception {
        from.insertOne(new BsonDocument("_id", new BsonObjectId(ID)));
        try (YamlPipeline copy = pipeline("")) {
            copy.run(Mode.RUN);
            BsonDocument converted = new BsonDocument("_id", new BsonString(ID.toHexString()));
            from.deleteMany(new BsonDocument());
            from.insertOne(converted);
            assertThat(copy.run(Mode.RUN).problems()).isEmpty();
            assertThat(stored()).containsExactly(converted);
        }
    }

    @Test
    void twoIdsOfOneTextAreNotOneDocument() throws Exception {
        from.insertOne(new BsonDocument("_id", new BsonObjectId(ID)));
        from.insertOne(new BsonDocument("_id", new BsonString(ID.toHexString())));
        try (YamlPipeline copy = pipeline("")) {
            RunReport run = copy.run(Mode.RUN);
            assertThat(run.status()).as("the second is refused, and said").isEqualTo(Status.PARTIAL);
            assertThat(stored()).hasSize(1);
        }
    }

    @Test
    void aCopyOfAnOlderVersionWithTextsForIdsIsReplaced() throws Exception {
        from.insertOne(new BsonDocument("_id", new BsonObjectId(ID)));
        to.insertOne(new BsonDocument("_id", new BsonString(ID.toHexString())));
        try (YamlPipeline copy = pipeline("exclude: _id")) {
            copy.run(Mode.RUN);
            assertThat(stored()).containsExactly(new BsonDocument("_id", new BsonObjectId(ID)));
        }
    }

    @Test
    void theTypesOfValuesCanBeAskedForInstead() throws Exception {
        from.insertOne(document("{_id: {$oid: '64a81216fc3208ccee8ec5f3'}, ref: {$oid: '64a81216fc3208ccee8ec5f4'}}"));
        try (YamlPipeline copy = pipeline("exclude: _id, types: values")) {
            assertThat(copy.run(Mode.RUN).status()).isEqualTo(Status.SUCCEEDED);
            BsonDocument stored = stored().get(0);
            assertThat(stored.get("_id")).isEqualTo(new BsonString("64a81216fc3208ccee8ec5f3"));
            assertThat(stored.get("ref")).isEqualTo(new BsonString("64a81216fc3208ccee8ec5f4"));
            assertThat(stored).containsKeys("source", "ingested_at");
        }
    }

    @Test
    void theIdIsLeftToTheOtherSystemWhereDocumentsAreMatchedByAField() throws Exception {
        from.insertOne(document("{_id: {$oid: '64a81216fc3208ccee8ec5f3'}, sku: 'a', n: 1}"));
        to.insertOne(document("{_id: 5, sku: 'a', theirs: true}"));
        to.createIndex(
                new BsonDocument("sku", new BsonInt32(1)), new com.mongodb.client.model.IndexOptions().unique(true));
        try (YamlPipeline copy = pipeline("exclude: _id, matchBy: sku, otherFields: keep", "keyFields: sku")) {
            RunReport run = copy.run(Mode.RUN);
            assertThat(run.problems()).isEmpty();
            assertThat(stored()).containsExactly(document("{_id: 5, sku: 'a', theirs: true, n: 1}"));
            assertThat(copy.run(RunRequest.of(Mode.VERIFY).comparingContents(true))
                            .status())
                    .isEqualTo(Status.SUCCEEDED);
        }
    }

    @Test
    void anIncrementalCopyKeepsTypesToo() throws Exception {
        from.insertOne(document("{_id: {$oid: '64a81216fc3208ccee8ec5f3'}, at: {$date: '2024-05-06T07:08:09Z'}}"));
        try (YamlPipeline copy = pipeline("", "cursorField: at")) {
            copy.run(Mode.RUN);
            from.insertOne(document("{_id: {$oid: '64a81216fc3208ccee8ec5f5'}, at: {$date: '2024-05-06T07:08:10Z'}}"));
            copy.run(Mode.RUN);
            Set<BsonValue> ids = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
            stored().forEach(document -> ids.add(document.get("_id")));
            assertThat(ids)
                    .containsExactly(new BsonObjectId(ID), new BsonObjectId(new ObjectId("64a81216fc3208ccee8ec5f5")));
        }
    }

    @Test
    void aDeletedDocumentIsFoundWhateverItsIdIs() throws Exception {
        List<BsonDocument> documents = List.of(
                document("{_id: {$uuid: '" + UUID.randomUUID() + "'}}"),
                document("{_id: {$numberDecimal: '0.1'}}"),
                document("{_id: 0.25}"),
                document("{_id: {$numberLong: '9007199254740993'}}"),
                document("{_id: {$binary: {base64: 'AAE=', subType: '00'}}}"),
                document("{_id: true}"),
                document("{_id: {$date: {$numberLong: '-1'}}}"),
                document("{_id: {x: {$numberLong: '1'}}}"));
        from.insertMany(documents);
        try (YamlPipeline copy = pipeline("")) {
            copy.run(Mode.RUN);
            assertThat(stored()).hasSize(documents.size());
            from.deleteMany(new BsonDocument());
            from.insertOne(document("{_id: 'last'}"));
            RunReport run = copy.run(RunRequest.of(Mode.RUN).allowingDeletes(true));
            assertThat(run.sinks().get("documents").deleted()).isEqualTo(documents.size());
            assertThat(stored()).containsExactly(document("{_id: 'last'}"));
        }
    }

    private YamlPipeline pipeline(String sink, String... source) throws Exception {
        String yaml = """
                - route:
                    id: copy
                    from:
                      uri: kamelet:mongodb-source
                      parameters: {pipeline: copy, uri: '{{uri}}', database: mongo-copy_größe, collection: '%s'%s}
                      steps:
                        - to:
                            id: documents
                            uri: kamelet:mongodb-sink
                            parameters: {uri: '{{uri}}', database: mongo-copy_größe, collection: "%s"%s}
                """.formatted(
                        from.getNamespace().getCollectionName(),
                        source.length == 0 ? "" : ", " + source[0],
                        to.getNamespace().getCollectionName(),
                        sink.isEmpty() ? "" : ", " + sink.replace("exclude: _id", "exclude: '_id'"));
        Properties settings = new Properties();
        settings.setProperty("uri", TestStores.mongo().uri());
        return new YamlPipeline(folder, "copy", yaml, ledger, settings);
    }

    private List<BsonDocument> stored() {
        return to.find().into(new ArrayList<>());
    }

    private MongoCollection<BsonDocument> collection(String name) {
        return client.getDatabase("mongo-copy_größe").getCollection(name, BsonDocument.class);
    }

    private static BsonDocument document(String json) {
        return BsonDocument.parse(json);
    }
}
