package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that describes its collections as MongoDB does those that were created with a collation. */
class MongoCollationTest {

    private static final Record RECORD =
            Record.read("a", Fields.of("id"), new Object[] {"a"}, new Origin("events.csv", 1), Hash.NONE);

    private final Collating backend = new Collating();
    private final MongoServer server = new MongoServer(backend);
    private final String uri = "mongodb://127.0.0.1:" + server.bind().getPort();

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void aCollectionThatTakesTwoKeysForOneIsRefusedBeforeAnythingIsWritten() {
        try (MongoSink first = sink("")) {
            assertThat(first.write(List.of(RECORD))).isEmpty();
            backend.collation = new Document("locale", "en").append("strength", 2);
            try (MongoSink sink = sink("")) {
                backend.written.clear();
                assertThatThrownBy(() -> sink.write(List.of(RECORD)))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessage(
                                "documents: collection must compare texts letter by letter, so that two keys are two"
                                        + " documents, got 'events with the collation {\"locale\": \"en\", \"strength\": 2}'; create one"
                                        + " without a collation, copy the documents to it, and name that one");
                assertThat(backend.written).isEmpty();
                assertThat(sink.check())
                        .hasValueSatisfying(why -> assertThat(why).contains("letter by letter"));
            }
            backend.collation = new Document("locale", "simple");
            try (MongoSink sink = sink("")) {
                assertThat(sink.write(List.of(RECORD))).isEmpty();
                assertThat(sink.check()).isEmpty();
            }
        }
    }

    @Test
    void anIndexWithACollationDoesNotFindKeys() {
        try (MongoSink first = sink("id")) {
            assertThat(first.write(List.of(RECORD))).isEmpty();
            assertThat(first.check()).isEmpty();
            backend.indexCollation = new Document("locale", "en").append("strength", 1);
            try (MongoSink sink = sink("id")) {
                assertThatThrownBy(() -> sink.write(List.of(RECORD)))
                        .hasMessageStartingWith(
                                "documents: matchBy must be fields with a unique index in" + " events, got 'id'");
            }
        }
    }

    private MongoSink sink(String matchBy) {
        return TestContext.knownTo(
                new MongoSink("documents", uri, "", "", "test", "events", "", matchBy, "remove", 2_000, 2_000));
    }

    private static final class Collating extends H2Backend {

        private final List<String> written = new ArrayList<>();
        private volatile Document collation;
        private volatile Document indexCollation;

        Collating() {
            super(MVStore.open(null));
        }

        @Override
        public Document handleCommand(Channel channel, String database, String command, Document query) {
            if (List.of("insert", "update", "delete").contains(command)) written.add(command);
            Document answer = super.handleCommand(channel, database, command, query);
            if (command.equals("listCollections") && collation != null) {
                batch(answer).forEach(found -> found.put("options", new Document("collation", collation)));
            }
            if (command.equals("listIndexes") && indexCollation != null) {
                batch(answer).forEach(found -> found.put("collation", indexCollation));
            }
            return answer;
        }

        private static List<Document> batch(Document answer) {
            List<Document> all = new ArrayList<>();
            for (Object one : (Iterable<?>) ((Document) answer.get("cursor")).get("firstBatch"))
                all.add((Document) one);
            return all;
        }
    }
}
