package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import io.caravan.FaultProxy;
import io.caravan.SideBySide;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.UnavailableException;
import io.caravan.local.TestStores;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.CursorTime;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import io.caravan.source.StoreClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MongoSourceTest {

    private static final String DATABASE = "document_source_test";
    private static final AtomicInteger COLLECTIONS = new AtomicInteger();

    private final MongoClient client = MongoClients.create(uri());
    private final String name = "rows_" + COLLECTIONS.incrementAndGet();
    private final MongoCollection<Document> collection =
            client.getDatabase(DATABASE).getCollection(name);
    private final List<BadRow> bad = new CopyOnWriteArrayList<>();
    private final List<MongoSource> sources = new CopyOnWriteArrayList<>();
    private Optional<String> position = Optional.empty();

    /** The server that all tests use; another one with the same contract overrides it. */
    String uri() {
        return TestStores.mongo().uri();
    }

    @AfterEach
    void close() {
        sources.forEach(MongoSource::close);
        collection.drop();
        client.close();
    }

    @Test
    void everyTypeBecomesTheValueThatLosesNothing() {
        ObjectId id = new ObjectId("65f0c0ffee65f0c0ffee0001");
        collection.insertOne(new Document("_id", id)
                .append("text", "it's 😀")
                .append("int", 7)
                .append("long", Long.MAX_VALUE)
                .append("double", 0.1)
                .append("yes", true)
                .append("at", Date.from(Instant.parse("2024-05-06T07:08:09.123Z")))
                .append("nothing", null)
                .append("bytes", new Binary(new byte[] {0, -1}))
                .append("list", Arrays.asList(1, "x", null))
                .append("map", new Document("c", new Document("d", List.of(new Document("e", "f"))))));
        Record record = read(source()).get(0);
        assertThat(bad).isEmpty();
        assertThat(record.key()).isEqualTo("65f0c0ffee65f0c0ffee0001");
        assertThat(record.fields().names())
                .containsExactly(
                        "_id", "text", "int", "long", "double", "yes", "at", "nothing", "bytes", "list", "map");
        assertThat(IntStream.range(0, 11).mapToObj(record::at).toList())
                .usingRecursiveComparison()
                .isEqualTo(Arrays.asList(
                        "65f0c0ffee65f0c0ffee0001",
                        "it's 😀",
                        7L,
                        Long.MAX_VALUE,
                        0.1,
                        true,
                        Instant.parse("2024-05-06T07:08:09.123Z"),
                        null,
                        new byte[] {0, -1},
                        Arrays.asList(1L, "x", null),
                        Map.of("c", Map.of("d", List.of(Map.of("e", "f"))))));
    }

    @Test
    void listsInListsAndAnyNameKeepTheirShape() {
        collection.insertOne(new Document("_id", 1)
                .append("list", List.of(List.of(2L)))
                .append("map", new Document("a.b", 1).append("$c", 2)));
        Record record = read(source()).get(0);
        assertThat(record.get("list")).contains(List.of(List.of(2L)));
        assertThat(record.get("map")).contains(Map.of("a.b", 1L, "$c", 2L));
    }

    @Test
    void decimalsInfinitiesAndIdentifiersKeepTheirValue() {
        UUID uuid = UUID.fromString("0a2b7b1e-5b0f-4e8c-9a53-0f1c7f1c7a11");
        collection.insertOne(new Document("_id", 1)
                .append("decimal", Decimal128.parse("1234567890.123456789012345678901234"))
                .append("huge", Double.POSITIVE_INFINITY)
                .append("uuid", new BsonBinary(uuid)));
        Record record = read(source()).get(0);
        assertThat(record.get("decimal")).contains(new BigDecimal("1234567890.123456789012345678901234"));
        assertThat(record.get("huge")).contains(Double.POSITIVE_INFINITY);
        assertThat(record.get("uuid")).contains(uuid.toString());
    }

    @Test
    void aDocumentThatIsNoRecordIsSetAsideWithItsReason() {
        collection.insertMany(List.of(
                new Document("_id", 1).append("k", "a"),
                new Document("_id", 2)
                        .append("k", "b")
                        .append("sub", new Document("ts", List.of(new BsonTimestamp(1, 1)))),
                new Document("_id", 3),
                new Document("_id", 4).append("k", null),
                new Document("_id", 5).append("k", List.of(1)),
                new Document("_id", 6).append("k", "c").append("re", java.util.regex.Pattern.compile("x"))));
        assertThat(read(source("", "", "k", "_id", "", 0, 0)))
                .extracting(Record::key)
                .containsExactly("a", "b", "c");
        assertThat(bad)
                .extracting(BadRow::reason)
                .containsExactly(
                        name + ":3: document: field 'k' must exist, as it is a key, got 'none'",
                        name + ":4: k must not be blank, got ''",
                        name + ":5: k must be a text, number, boolean or time as a part of the key, got 'a list'");
        assertThat(bad.get(0).raw()).isEqualTo("{\"_id\": 3}");
    }

    @Test
    void filterProjectionAndSortFieldAreTheServers() {
        for (int i = 0; i < 300; i++) {
            collection.insertOne(new Document("_id", i)
                    .append("at", 1000 - i)
                    .append("even", i % 2 == 0)
                    .append("x", "y"));
        }
        Source source =
                source("{even: true, _id: {$lt: {$numberLong: \"100\"}}}", "{x: 0, even: 0}", "_id", "at", "", 0, 0);
        assertThat(source.objects()).toIterable().containsExactly(new SourceObject(name, "", -1));
        List<Record> records = read(source);
        assertThat(records).hasSize(50);
        assertThat(records.get(0).key()).isEqualTo("98");
        assertThat(records.get(0).fields().names()).containsExactly("_id", "at");
    }

    @Test
    void aLostCursorIsReplacedAfterTheLastDocumentWhateverTheTypeOfItsKey() {
        List<Document> all = new ArrayList<>();
        // FerretDB takes true for 1 and the first second of 1970 for 0
        for (int i = 10; i < 15; i++) {
            all.add(new Document("_id", i));
            all.add(new Document("_id", i + 0.5));
            all.add(new Document("_id", "text " + i));
            all.add(new Document("_id", new ObjectId()));
            all.add(new Document("_id", Date.from(Instant.ofEpochSecond(1_000_000 + i))));
        }
        all.add(new Document("_id", true));
        all.add(new Document("_id", false));
        all.forEach(d -> d.append("same", 1));
        collection.insertMany(all);
        collection.insertOne(new Document("_id", "without the sort field"));
        for (String sort : List.of("_id", "same")) {
            try (Killer killer = new Killer()) {
                List<String> keys = new ArrayList<>();
                try (RecordReader reader = killer.reader(sort)) {
                    for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add)) {
                        keys.add(r.get().key());
                        killer.kill();
                    }
                }
                assertThat(killer.killed.get()).isGreaterThan(5);
                assertThat(keys).as(sort).hasSize(28).doesNotHaveDuplicates();
                assertThat(bad).isEmpty();
            }
        }
    }

    @Test
    void aConnectionThatBreaksIsReplacedAndNothingIsLostOrMetTwice() throws Exception {
        List<Document> all = IntStream.range(0, 2_000)
                .mapToObj(i -> new Document("_id", i).append("text", "x".repeat(i % 300)))
                .toList();
        collection.insertMany(all);
        AtomicInteger whole = new AtomicInteger();
        AtomicInteger fired = new AtomicInteger();
        SideBySide.all(50, seed -> {
            Random random = new Random(seed);
            try (FaultProxy proxy = new FaultProxy(uri().replace("mongodb://", ""));
                    MongoSource source = source(
                            "mongodb://" + proxy.address(),
                            "",
                            "",
                            "_id",
                            "_id",
                            "",
                            0,
                            0,
                            1 + random.nextInt(400),
                            4)) {
                SourceObject object = source.objects().next();
                for (int i = random.nextInt(4); i >= 0; i--) proxy.arm(FaultProxy.Fault.seeded(random, 300_000));
                List<String> keys = new ArrayList<>();
                try (RecordReader reader = source.open(object)) {
                    for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add)) {
                        keys.add(r.get().key());
                    }
                    assertThat(keys).as("seed " + seed).hasSize(2_000);
                    whole.incrementAndGet();
                } catch (UnavailableException e) {
                    // allowed, but a short success is not
                }
                assertThat(new HashSet<>(keys)).as("seed " + seed).hasSize(keys.size());
                fired.addAndGet(proxy.fired());
            }
        });
        assertThat(whole.get()).isGreaterThan(40);
        assertThat(fired.get()).isGreaterThan(10);
        assertThat(bad).isEmpty();
    }

    @Test
    void aServerThatStaysAwayIsUnavailableAfterTheLastResume() throws IOException {
        collection.insertMany(
                IntStream.range(0, 100).mapToObj(i -> new Document("_id", i)).toList());
        try (FaultProxy proxy = new FaultProxy(uri().replace("mongodb://", ""));
                MongoSource source = source("mongodb://" + proxy.address(), "", "", "_id", "_id", "", 0, 0, 10, 2)) {
            SourceObject object = source.objects().next();
            try (RecordReader reader = source.open(object)) {
                reader.read(bad::add);
                proxy.close();
                assertThatThrownBy(() -> {
                            while (reader.read(bad::add).isPresent()) {}
                        })
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageStartingWith("mongodb-source: cannot read on after document 10: uri must lead to a");
            }
        }
    }

    @Test
    void incrementalShowsWhatChangedAtOrAfterThePosition() {
        Instant noon = Instant.parse("2024-05-06T12:00:00.123Z");
        for (int i = 0; i < 10; i++) {
            collection.insertOne(new Document("_id", i)
                    .append("at", Date.from(noon.plusSeconds(i / 2)))
                    .append("n", 100L + i)
                    .append("name", "n" + i)
                    .append("oid", new ObjectId("65f0c0ffee65f0c0ffee000" + i))
                    .append("d", i + 0.5));
        }
        for (String field : List.of("at", "n", "name", "oid", "d")) {
            Source source = source("", "", "_id", "_id", field, 0, 0);
            assertThat(source.incremental()).isTrue();
            assertThat(read(source)).hasSize(10);
            String at = position.orElseThrow();
            assertThat(keys(source.since(at))).as(at).isEqualTo(field.equals("at") ? List.of("8", "9") : List.of("9"));
            assertThat(position).contains(at);
        }
        assertThat(keys(source("", "", "_id", "_id", "at", 2, 0).since(at(Date.from(noon.plusSeconds(4))))))
                .containsExactly("4", "5", "6", "7", "8", "9");
        assertThat(keys(source("{_id: {$ne: 8}}", "", "_id", "_id", "n", 0, 2).since(at(109L))))
                .containsExactly("7", "9");
        assertThat(keys(source("", "", "_id", "_id", "n", 0, 5).since(at(1000L))))
                .isEmpty();
        assertThat(position).contains(at(1000L));
        assertThat(bad).isEmpty();
    }

    @Test
    void aDocumentWithoutCursorOrWithOneOfAnotherKindIsSetAsideInEveryRun() {
        collection.insertMany(List.of(
                new Document("_id", 1).append("n", 1),
                new Document("_id", 2),
                new Document("_id", 3).append("n", null),
                new Document("_id", 4).append("n", "text"),
                new Document("_id", 5).append("n", 5.5)));
        Source source = source("", "", "_id", "_id", "n", 0, 0);
        assertThat(keys(source)).containsExactly("1", "5");
        String remedy = "; correct it at the source, or leave such documents out by 'filter'";
        assertThat(bad)
                .extracting(BadRow::reason)
                .containsExactly(
                        name
                                + ":2: document: field 'n' must be a number, date, text or ObjectId, as it tells what is new,"
                                + " got 'null'" + remedy,
                        name
                                + ":3: document: field 'n' must be a number, date, text or ObjectId, as it tells what is new,"
                                + " got 'null'" + remedy,
                        name
                                + ":4: document: field 'n' must be of the same kind as in the other documents, got 'a text'"
                                + remedy);
        bad.clear();
        assertThat(keys(source.since(position.orElseThrow()))).containsExactly("5");
        assertThat(bad).hasSize(3);
    }

    @Test
    void whatIsConfiguredWronglyIsNamed() throws IOException {
        assertThatThrownBy(() -> source("", "", "_id", "_id", "", 0, 0).objects())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("mongodb-source: collection must exist in the database '" + DATABASE + "' at ")
                .hasMessageEndingWith(", got '" + name + "'; create it or correct 'database' and 'collection'");
        collection.insertOne(new Document("_id", 1).append("n", 1));
        assertThatThrownBy(() ->
                        source("{n: {$nosuch: 1}}", "", "_id", "_id", "", 0, 0).objects())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("mongodb-source: cannot read at ");
        assertThatThrownBy(() ->
                        source("", "", "_id", "_id", "n", 5, 0).since(at(1L)).objects())
                .hasMessage("mongodb-source: lookbackSeconds must be 0 as n is no date, got '5'");
        assertThatThrownBy(() -> source("", "", "_id", "_id", "n", 0, 0).since("17"))
                .hasMessage("mongodb-source: position must be {\"at\": <a value of n>}, got '17'");
        assertThatThrownBy(() -> new MongoSource(
                        "http://u:hunter2@h",
                        1,
                        true,
                        "a.b",
                        "$c",
                        "{",
                        "{x: 1, _id: 0}",
                        "_id",
                        "_id",
                        "n",
                        "",
                        -1,
                        -1,
                        0,
                        -1,
                        -1,
                        0,
                        0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageNotContaining("hunter2")
                .satisfies(e -> assertThat(e.getMessage().lines())
                        .anyMatch(l -> l.startsWith("mongodb-source: projection must leave _id, which is needed"))
                        .anyMatch(l -> l.startsWith("mongodb-source: projection must leave n, which is needed"))
                        .anyMatch(l -> l.startsWith("mongodb-source: filter must be one document of Extended JSON"))
                        .hasSize(13));
        try (ServerSocket closed = new ServerSocket(0)) {
            closed.close();
            String away = "mongodb://u:hunter2@127.0.0.1:" + closed.getLocalPort();
            Instant start = Instant.now();
            try (MongoSource source = source(away, "", "", "_id", "_id", "", 0, 0, 10, 2)) {
                assertThatThrownBy(source::objects)
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageNotContaining("hunter2");
            }
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
        }
    }

    private static String at(Object value) {
        return new BsonCursor("", "", CursorTime.UNKNOWN, 0, 0)
                .text(new Document("v", value).toBsonDocument().get("v"));
    }

    private MongoSource source() {
        return source("", "", "_id", "_id", "", 0, 0);
    }

    private MongoSource source(
            String filter, String projection, String keys, String sort, String cursor, long seconds, long number) {
        return source(uri(), filter, projection, keys, sort, cursor, seconds, number, 20, 2);
    }

    private MongoSource source(
            String uri,
            String filter,
            String projection,
            String keys,
            String sort,
            String cursor,
            long seconds,
            long number,
            int batchSize,
            int resumes) {
        MongoSource source = TestContext.knownTo(new MongoSource(
                uri,
                "",
                "",
                DATABASE,
                name,
                filter,
                projection,
                keys,
                sort,
                cursor,
                "",
                seconds,
                number,
                batchSize,
                resumes,
                1,
                2_000,
                10_000));
        sources.add(source);
        return source;
    }

    private List<String> keys(Source source) {
        return read(source).stream().map(Record::key).toList();
    }

    private List<Record> read(Source source) {
        List<Record> records = new ArrayList<>();
        try (RecordReader reader = source.open(source.objects().next())) {
            for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add)) {
                records.add(r.get());
            }
            position = reader.position();
        }
        return records;
    }

    /** Reads two documents at a time and has the server forget the cursor at every opportunity. */
    private final class Killer implements CommandListener, AutoCloseable {

        final AtomicLong cursor = new AtomicLong();
        final AtomicInteger killed = new AtomicInteger();
        private final MongoClient watched = MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(uri()))
                .addCommandListener(this)
                .build());

        RecordReader reader(String sort) {
            DocumentQuery query = new DocumentQuery(
                    new BsonDocument(),
                    new BsonDocument(),
                    List.of("_id"),
                    sort,
                    Optional.empty(),
                    2,
                    3,
                    Duration.ZERO);
            return new DocumentReader(
                    filter -> watched.getDatabase(DATABASE)
                            .getCollection(name, RawBsonDocument.class)
                            .find(filter)
                            .sort(query.sort())
                            .batchSize(query.batchSize()),
                    () -> new StoreClock(Instant.now()),
                    new MongoFailure(
                            new ServerErrors("mongodb-source", "uri", "a MongoDB", "there"), "nobody", 1_000, List::of),
                    query,
                    Optional.empty(),
                    name,
                    false,
                    Optional.empty());
        }

        @Override
        public void commandSucceeded(CommandSucceededEvent event) {
            if (event.getResponse().containsKey("cursor")) {
                cursor.set(event.getResponse()
                        .getDocument("cursor")
                        .getNumber("id")
                        .longValue());
            }
        }

        @Override
        public void commandStarted(CommandStartedEvent event) {
            // only what it answers is of interest
        }

        void kill() {
            long id = cursor.getAndSet(0);
            if (id == 0) return;
            client.getDatabase(DATABASE).runCommand(new Document("killCursors", name).append("cursors", List.of(id)));
            killed.incrementAndGet();
        }

        @Override
        public void close() {
            watched.close();
        }
    }
}
