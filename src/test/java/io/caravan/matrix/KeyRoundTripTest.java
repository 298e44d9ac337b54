package io.caravan.matrix;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.document.MongoSink;
import io.caravan.local.TestStores;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectsSink;
import io.caravan.object.ObjectsSinks;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.table.KeyTexts;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Any key that a sink takes comes back as the same text, however alike keys look; other sinks have this beside their own tests. */
class KeyRoundTripTest {

    private static final Fields FIELDS = Fields.of("id", "v");
    private static final Fields KEY = Fields.of("id");

    @TempDir
    Path folder;

    @Test
    void fromMongo() {
        String uri = TestStores.mongo().uri();
        try (MongoSink sink = knownTo(
                        new MongoSink("m", uri, "", "", "types_test", "keys", "", "", "remove", 1_500, 10_000));
                MongoClient client = MongoClients.create(uri)) {
            client.getDatabase("types_test").getCollection("keys").drop();
            keepsThemApart(sink);
            Set<String> held = new HashSet<>();
            for (Document d :
                    client.getDatabase("types_test").getCollection("keys").find()) {
                held.add(d.getString("_id"));
                assertThat(d.get("v")).isEqualTo("of " + d.get("_id"));
            }
            assertThat(held).containsAll(keys(sink)).hasSize(keys(sink).size());
        }
    }

    @ParameterizedTest
    @CsvSource({"jsonl, ''", "csv, ''", "parquet, ''", "jsonl, id", "csv, v"})
    void fromObjects(String format, String partitionBy) {
        try (ObjectsSink sink = objects(format, partitionBy)) {
            keepsThemApart(sink);
        }
        try (ObjectsSink again = objects(format, partitionBy)) {
            assertThat(keys(again)).containsExactlyInAnyOrderElementsOf(left());
        }
    }

    private ObjectsSink objects(String format, String partitionBy) {
        return ObjectsSinks.of(
                "o",
                folder.toString(),
                "out/",
                format,
                "none",
                3,
                partitionBy,
                "_key",
                "",
                ",",
                false,
                false,
                ObjectAccess.DEFAULT);
    }

    private static void keepsThemApart(Sink sink) {
        List<Record> all = KeyTexts.all().stream().map(KeyRoundTripTest::record).toList();
        assertThat(sink.write(all)).extracting(Refusal::reason).isEmpty();
        assertThat(sink.flush()).isEmpty();
        assertThat(keys(sink)).containsExactlyInAnyOrderElementsOf(KeyTexts.all());
        assertThat(sink.differing(all)).isEmpty();
        assertThat(sink.write(List.of(gone("7"), gone("a"), gone("a|b")))).isEmpty();
        assertThat(sink.flush()).isEmpty();
        assertThat(keys(sink)).containsExactlyInAnyOrderElementsOf(left());
    }

    private static Set<String> left() {
        Set<String> left = new HashSet<>(KeyTexts.all());
        left.removeAll(Set.of("7", "a", "a|b"));
        return left;
    }

    private static List<String> keys(Sink sink) {
        try (Stream<String> keys = sink.keys()) {
            return keys.toList();
        }
    }

    private static Record record(String key) {
        return Record.read(key, FIELDS, new Object[] {key, "of " + key}, new Origin("keys", 1), Hash.NONE);
    }

    private static Record gone(String key) {
        return Record.tombstone(key, KEY, new Object[] {key}, 1);
    }
}
