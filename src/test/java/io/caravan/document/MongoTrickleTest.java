package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.FaultProxy;
import io.caravan.endpoint.TestContext;
import io.caravan.error.UnavailableException;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** A MongoDB that sends a byte now and then, for ever, holds nobody up for longer than a call may take. */
class MongoTrickleTest {

    private static final String DATABASE = "document_trickle";
    private static final int LIMIT_MILLIS = 1_000;

    @Test
    void aReadThatTricklesEndsInTime() throws IOException {
        try (MongoClient client = MongoClients.create(TestStores.mongo().uri())) {
            client.getDatabase(DATABASE)
                    .getCollection("read")
                    .insertMany(IntStream.range(0, 1_000)
                            .mapToObj(i -> new Document("_id", "k" + i).append("text", "some text"))
                            .toList());
        }
        try (FaultProxy proxy = proxy();
                MongoSource source = TestContext.knownTo(new MongoSource(
                        "mongodb://" + proxy.address(),
                        "",
                        "",
                        DATABASE,
                        "read",
                        "",
                        "",
                        "_id",
                        "_id",
                        "",
                        "",
                        0,
                        0,
                        100,
                        0,
                        0,
                        LIMIT_MILLIS,
                        LIMIT_MILLIS));
                RecordReader reader = source.open(source.objects().next())) {
            assertThat(reader.read(row -> {})).isPresent();
            proxy.trickle();
            endsInTime(() -> {
                while (reader.read(row -> {}).isPresent()) {}
            });
        }
    }

    @Test
    void aWriteThatTricklesEndsInTime() throws IOException {
        try (FaultProxy proxy = proxy();
                MongoSink sink = TestContext.knownTo(new MongoSink(
                        "documents",
                        "mongodb://" + proxy.address(),
                        "",
                        "",
                        DATABASE,
                        "written",
                        "",
                        "",
                        "remove",
                        LIMIT_MILLIS,
                        LIMIT_MILLIS))) {
            assertThat(sink.write(List.of(record("first")))).isEmpty();
            proxy.trickle();
            endsInTime(() -> sink.write(List.of(record("second"))));
        }
    }

    private static void endsInTime(ThrowingCallable call) {
        long began = System.nanoTime();
        assertThatThrownBy(call)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining("'timeoutMillis'");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(LIMIT_MILLIS + 3_000));
    }

    private static FaultProxy proxy() throws IOException {
        return new FaultProxy(TestStores.mongo().uri().replace("mongodb://", ""));
    }

    private static Record record(String key) {
        return Record.read(key, Fields.of("id"), new Object[] {key}, new Origin("a", 1), Hash.NONE);
    }
}
