package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import io.caravan.Hostile;
import io.caravan.delivery.Sink;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCounts;
import io.caravan.error.ConfigurationException;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.mock.InterceptSendToMockEndpointStrategy;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.mongodb.MongoDbComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which calls Camel makes for the connectors of MongoDB, by which client, and what it does not do to what it carries. */
class MongoEndpointsTest {

    private static final String DATABASE = "mongo_endpoints";
    private static final String NOWHERE = "mongodb://127.0.0.1:1";
    private static final AtomicInteger COLLECTIONS = new AtomicInteger();

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final String name = "rows_" + COLLECTIONS.incrementAndGet();
    private final String uri = TestStores.mongo().uri();
    private final MongoClient own = MongoClients.create(uri);

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        own.getDatabase(DATABASE).getCollection(name).drop();
        own.close();
        context.stop();
    }

    @Test
    void whatACollectionHoldsIsToldByItsStatistics() {
        Sink sink = sink(uri);
        assertThat(sink.facts()).as("no collection").doesNotContainValue(null);
        assertThat(sink.write(List.of(row("a"), row("b")))).isEmpty();
        EndpointCounts counts = EndpointCounts.of(context);
        for (Map<String, Long> facts : List.of(sink.facts(), source(uri).facts())) {
            assertThat(facts.keySet()).startsWith("documents", "bytes");
            assertThat(facts).containsEntry("documents", 2L);
            assertThat(facts.get("bytes")).isGreaterThan(20);
        }
        assertThat(counts.calls()).containsExactly(Map.entry("mongodb", 2L));
        assertThat(Clients.of(context).uses().values()).containsOnly(0L);
    }

    @Test
    void endpointsMakeAllCallsButThoseOfMarkers() {
        Sink sink = sink(uri);
        Source source = source(uri);
        EndpointCounts counts = EndpointCounts.of(context);
        assertThat(sink.check())
                .as("a reading, and whether the collection has a collation")
                .isEmpty();
        assertThat(counts.calls()).containsExactly(Map.entry("mongodb", 2L));

        assertThat(sink.write(List.of(row("a"), row("b")))).isEmpty();
        assertThat(counts.calls()).containsExactly(Map.entry("mongodb", 4L));
        assertThat(sink.differing(List.of(row("a"), row("c")))).containsExactly("c");
        try (Stream<String> keys = sink.keys()) {
            assertThat(keys).containsExactlyInAnyOrder("a", "b");
        }
        assertThat(counts.calls()).containsExactly(Map.entry("mongodb", 6L));

        assertThat(source.check()).isEmpty();
        assertThat(counts.calls()).containsExactly(Map.entry("mongodb", 8L));
        try (RecordReader reader = source.open(new SourceObject(name, "", -1))) {
            while (reader.read(bad -> {}).isPresent()) {}
        }
        assertThat(counts.calls()).containsExactly(Map.entry("mongodb", 9L));
        assertThat(Clients.of(context).uses().values()).containsOnly(0L);

        sink.mark("owner", "marker");
        assertThat(sink.marker("owner")).contains("marker");
        assertThat(Clients.of(context).uses()).containsEntry("mongoClient", 2L);
    }

    @Test
    void aMockInThePlaceOfTheEndpointsLeavesNoDocument() throws Exception {
        context.getCamelContextExtension()
                .registerEndpointCallback(new InterceptSendToMockEndpointStrategy("mongodb:*", true));

        assertThat(sink(uri).write(List.of(row("a"), row("b")))).isEmpty();
        assertThat(sink(NOWHERE).check()).isEmpty();
        assertThat(source(NOWHERE).check()).isEmpty();

        assertThat(documents()).isEmpty();
        assertThatThrownBy(() ->
                        source(NOWHERE).open(new SourceObject(name, "", -1)).read(bad -> {}))
                .as("no documents would mean that all are gone")
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("mongodb-source: cannot read: what stands in the place of mongodb:");
        assertThat(context.getEndpoints().stream()
                        .filter(MockEndpoint.class::isInstance)
                        .mapToInt(mock -> ((MockEndpoint) mock).getReceivedCounter())
                        .sum())
                .isEqualTo(7);
    }

    @Test
    void aCollectionIsCalledAsItIsWhateverItsLetters() {
        for (String letters : List.of(
                "\"a\" b", "'a'", "a\"b", "\"", "'", "a\\b", "a?b&c=d", "a%22b", "a+b", "(a)", "a)&b", "#a", "é\"ß",
                "RAW(a)")) {
            for (String collection : List.of(name + letters, letters + name)) {
                Sink sink =
                        new MongoSink("documents", uri, "", "", DATABASE, collection, "", "", "remove", 1_000, 10_000);
                CamelContextAware.trySetCamelContext(sink, context);
                assertThat(sink.write(List.of(row("a")))).as(collection).isEmpty();
                assertThat(sink.differing(List.of(row("a")))).as(collection).isEmpty();
                assertThat(own.getDatabase(DATABASE).getCollection(collection).countDocuments())
                        .as(collection)
                        .isEqualTo(1);
                own.getDatabase(DATABASE).getCollection(collection).drop();
            }
        }
    }

    /** Records have it composed. */
    @Test
    void aFieldThatASettingWritesDecomposedIsTheSame() {
        Record record = Record.read(
                "a",
                Fields.of("id", "na\u00efve", "b"),
                new Object[] {"a", "secret", 1L},
                new Origin("a", 1),
                Hash.NONE);
        Sink sink = known(
                new MongoSink("documents", uri, "", "", DATABASE, name, "nai\u0308ve", "", "remove", 1_000, 10_000),
                context);
        assertThat(sink.write(List.of(record))).isEmpty();
        assertThat(own.getDatabase(DATABASE).getCollection(name).find().first())
                .containsKey("b")
                .doesNotContainKey("na\u00efve");

        own.getDatabase(DATABASE)
                .getCollection(name)
                .insertOne(new Document("_id", "x").append("cle\u0301", "k1").append("b", 2));
        own.getDatabase(DATABASE).getCollection(name).deleteOne(new Document("_id", "a"));
        for (String key : List.of("cl\u00e9", "cle\u0301")) {
            Source source = known(
                    new MongoSource(
                            uri, "", "", DATABASE, name, "", "", key, "_id", "", "", 0, 0, 10, 0, 0, 1_000, 10_000),
                    context);
            try (RecordReader reader = source.open(source.objects().next())) {
                assertThat(reader.read(bad -> {}))
                        .hasValueSatisfying(read -> assertThat(read.key()).isEqualTo("k1"));
            }
        }
    }

    @Test
    void connectorsWithTheSameSettingsShareOneClientThatTheContextCloses() {
        sink(uri).check();
        Source source = source(uri);
        source.check();
        MongoClient shared = context.getRegistry().lookupByNameAndType("mongoClient", MongoClient.class);
        assertThat(context.getRegistry().findByTypeWithName(MongoClient.class))
                .containsOnlyKeys("mongoClient", "mongoClientOfBytes");

        context.stop();

        assertThatThrownBy(() -> shared.listDatabaseNames().first())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("state should be: open");
    }

    @Test
    void aClientBeanOfTheUserWinsOverTheSettings() {
        context.getRegistry().bind("theirs", own);
        assertThat(sink(NOWHERE).write(List.of(row("a")))).isEmpty();
        assertThat(documents()).containsExactly("a");
        assertThat(read(source(NOWHERE))).isEqualTo(1);

        context.stop();
        assertThat(documents()).as("their client is theirs to close").containsExactly("a");
        context.start();
    }

    @Test
    void theClientOfTheComponentWinsOverBeansAndSettings() {
        try (MongoClient nowhere = MongoClients.create(NOWHERE)) {
            context.getRegistry().bind("other", nowhere);
            context.getComponent("mongodb", MongoDbComponent.class).setMongoConnection(own);

            assertThat(sink(NOWHERE).write(List.of(row("a")))).isEmpty();
            assertThat(documents()).containsExactly("a");
        }
    }

    @Test
    void aSettingOfCamelsComponentSaysWhichOfTheUsersClients() {
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        try (MongoClient nowhere = MongoClients.create(NOWHERE)) {
            main.bind("other", nowhere);
            main.bind("theirs", own);
            main.addInitialProperty("camel.component.mongodb.mongo-connection", "#bean:theirs");
            main.start();
            Sink sink = new MongoSink("documents", NOWHERE, "", "", DATABASE, name, "", "", "remove", 1_000, 10_000);
            CamelContextAware.trySetCamelContext(sink, main.getCamelContext());

            assertThat(sink.write(List.of(row("a")))).isEmpty();
            assertThat(documents()).containsExactly("a");
        } finally {
            main.stop();
        }
    }

    @Test
    void writesAreAcknowledgedAsTheClientSaysByWhicheverWay() throws IOException {
        for (Map.Entry<String, BsonDocument> asked : Map.of(
                        "", BsonDocument.parse("{w: 'majority'}"),
                        "?w=1", BsonDocument.parse("{w: 1}"),
                        "?w=majority", BsonDocument.parse("{w: 'majority'}"),
                        "?w=1&wtimeoutMS=500", BsonDocument.parse("{w: 1, wtimeout: 500}"))
                .entrySet()) {
            Concerns concerns = new Concerns();
            MongoClientSettings.Builder settings = MongoClientSettings.builder()
                    .applyConnectionString(new ConnectionString(uri + "/" + asked.getKey()))
                    .addCommandListener(concerns);
            if (asked.getKey().isEmpty()) settings.writeConcern(WriteConcern.MAJORITY);
            try (MongoClient watched = MongoClients.create(settings.build());
                    DefaultCamelContext another = new DefaultCamelContext()) {
                another.start();
                another.getRegistry().bind("watched", watched);
                Sink sink = known(
                        new MongoSink("documents", NOWHERE, "", "", DATABASE, name, "", "", "remove", 500, 500),
                        another);
                assertThat(sink.write(List.of(row("a")))).isEmpty();
                assertThat(concerns.told).as(asked.getKey()).containsExactly(asked.getValue());
            }
        }
    }

    @Test
    void aClientThatWantsNoAcknowledgementIsRefused() {
        try (MongoClient careless = MongoClients.create(uri + "/?w=0")) {
            context.getRegistry().bind("careless", careless);
            assertThatThrownBy(() -> sink(uri).write(List.of(row("a"))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("documents: uri must ask for acknowledged writes: w=1 or more, or majority, got 'w=0'");
        }
    }

    @Test
    void whatExpressionsWouldEvaluateArrivesLiterallyAsKeyAndValue() {
        List<Record> rows = new ArrayList<>();
        for (String text : Hostile.names(200)) {
            rows.add(Record.read(
                    text.isEmpty() ? "empty" : text,
                    Fields.of("id", "text"),
                    new Object[] {text, text},
                    new Origin("a", 1),
                    Hash.NONE));
        }
        Map<Record, String> refused = Hostile.deliver(sink(uri), rows);
        assertThat(refused).hasSizeLessThan(20);

        Set<String> expected = new HashSet<>();
        for (Record row : rows) if (!refused.containsKey(row)) expected.add(row.key() + "=" + row.at(1));
        Set<String> held = new HashSet<>();
        own.getDatabase(DATABASE)
                .getCollection(name)
                .find()
                .forEach(d -> held.add(d.getString("_id") + "=" + d.getString("text")));
        assertThat(held).isEqualTo(expected).contains("${env:HOME}=${env:HOME}", "{{env:HOME}}={{env:HOME}}");
    }

    private Sink sink(String at) {
        return known(new MongoSink("documents", at, "", "", DATABASE, name, "", "", "remove", 1_000, 10_000), context);
    }

    private Source source(String at) {
        return known(
                new MongoSource(
                        at, "", "", DATABASE, name, "", "", "_id", "_id", "", "", 0, 0, 10, 0, 0, 1_000, 10_000),
                context);
    }

    private static <T> T known(T connector, DefaultCamelContext to) {
        CamelContextAware.trySetCamelContext(connector, to);
        return connector;
    }

    private int read(Source source) {
        int count = 0;
        try (RecordReader reader = source.open(source.objects().next())) {
            while (reader.read(bad -> {}).isPresent()) count++;
        }
        return count;
    }

    private static Record row(String key) {
        return Record.read(key, Fields.of("id"), new Object[] {key}, new Origin("a", 1), Hash.NONE);
    }

    private List<String> documents() {
        return own.getDatabase(DATABASE)
                .getCollection(name)
                .find()
                .map((Document d) -> d.getString("_id"))
                .into(new ArrayList<>());
    }

    /** The write concerns of the updates that a client sends. */
    private static final class Concerns implements CommandListener {

        final ConcurrentLinkedQueue<BsonDocument> told = new ConcurrentLinkedQueue<>();

        @Override
        public void commandStarted(CommandStartedEvent event) {
            if (event.getCommandName().equals("update")) {
                told.add(event.getCommand()
                        .getDocument("writeConcern", new BsonDocument())
                        .clone());
            }
        }
    }
}
