package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import io.caravan.endpoint.TestContext;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.netty.channel.Channel;
import java.util.List;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;

/** A server whose user may touch the collection of the records, and no other. */
class MongoMarkerRightsTest {

    private static final Record RECORD =
            Record.read("a", Fields.of("id"), new Object[] {"a"}, new Origin("events.csv", 1), Hash.NONE);

    private final MongoServer server = new MongoServer(new OneCollection());

    @Test
    void aUserOfOneCollectionWritesWithoutMarkers() {
        String uri = "mongodb://127.0.0.1:" + server.bind().getPort();
        try (MongoSink sink = sink(uri);
                MongoSink later = sink(uri)) {
            assertThat(sink.marks()).isTrue();
            sink.mark("p/documents", "0".repeat(32));
            assertThat(sink.marks()).isFalse();
            assertThat(sink.write(List.of(RECORD))).isEmpty();
            assertThat(sink.differing(List.of(RECORD))).isEmpty();

            assertThat(later.marks()).isTrue();
            assertThat(later.marker("p/documents")).isEmpty();
            assertThat(later.marks()).isFalse();
        } finally {
            server.shutdownNow();
        }
    }

    private static MongoSink sink(String uri) {
        return TestContext.knownTo(
                new MongoSink("documents", uri, "", "", "test", "events", "", "", "remove", 2_000, 2_000));
    }

    private static final class OneCollection extends H2Backend {

        OneCollection() {
            super(MVStore.open(null));
        }

        @Override
        public Document handleCommand(Channel channel, String database, String command, Document query) {
            if (String.valueOf(query.get(command)).equals("caravan_markers")) {
                throw new MongoServerError(13, "Unauthorized", "not authorized on test to execute command");
            }
            return super.handleCommand(channel, database, command, query);
        }
    }
}
