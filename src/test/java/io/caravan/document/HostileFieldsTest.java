package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.caravan.Hostile;
import io.caravan.endpoint.TestContext;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Names of fields that mean to do harm are names in MongoDB, or refused. */
class HostileFieldsTest {

    private static final String DATABASE = "hostile_fields";
    private static final Instant MICROS = Instant.parse("2024-05-06T07:08:09.123456Z");

    @Test
    void namesOfFieldsReadBackAsTheyWereOrAreRefused() {
        List<String> names = Hostile.names(1_000);
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) records.add(record("k" + i, names.get(i), "value " + i));
        String uri = TestStores.mongo().uri();
        try (MongoSink sink = TestContext.knownTo(
                        new MongoSink("documents", uri, "", "", DATABASE, "rows", "", "", "remove", 5_000, 10_000));
                MongoClient client = MongoClients.create(uri)) {
            MongoDatabase database = client.getDatabase(DATABASE);
            database.drop();
            Map<Record, String> refused = Hostile.deliver(sink, records);
            assertThat(refused).hasSizeBetween(10, 500);
            Map<String, Document> held = new HashMap<>();
            database.getCollection("rows").find().forEach(d -> held.put(d.getString("_id"), d));
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                Document document = held.remove("k" + i);
                if (refused.containsKey(records.get(i))) {
                    assertThat(document).as(name).isNull();
                    continue;
                }
                assertThat(document.keySet())
                        .containsExactlyInAnyOrder("_id", "id", name, "nested", "ingested_at", "source", "exact_times");
                assertThat(document.get(name)).isEqualTo("value " + i);
                assertThat(document.get("nested", Document.class)).containsOnlyKeys(name);
                assertThat(document.get("exact_times", Document.class))
                        .hasSize(1)
                        .containsValue(MICROS.toString());
            }
            assertThat(held).isEmpty();
            assertThat(database.listCollectionNames()).containsExactly("rows");
            assertThat(sink.differing(records.stream()
                            .filter(r -> !refused.containsKey(r))
                            .toList()))
                    .isEmpty();
        }
    }

    @Test
    void timesWhosePathsWouldLookAlikeAreAllKept() {
        String uri = TestStores.mongo().uri();
        try (MongoSink sink = TestContext.knownTo(
                        new MongoSink("documents", uri, "", "", DATABASE, "times", "", "", "remove", 5_000, 10_000));
                MongoClient client = MongoClients.create(uri)) {
            Record record = Record.read(
                    "k",
                    Fields.of("a/b", "a", "a~1b"),
                    new Object[] {MICROS, Map.of("b", MICROS.plusNanos(1_000)), MICROS.plusNanos(2_000)},
                    new Origin("a", 1),
                    Hash.NONE);
            assertThat(sink.write(List.of(record))).isEmpty();
            Document held =
                    client.getDatabase(DATABASE).getCollection("times").find().first();
            assertThat(held.get("exact_times", Document.class))
                    .isEqualTo(new Document("a~1b", "2024-05-06T07:08:09.123456Z")
                            .append("a/b", "2024-05-06T07:08:09.123457Z")
                            .append("a~01b", "2024-05-06T07:08:09.123458Z"));
        }
    }

    private static Record record(String key, String name, String value) {
        return Record.read(
                key,
                Fields.of("id", name, "nested"),
                new Object[] {key, value, Map.of(name, MICROS)},
                new Origin("a", 1),
                Hash.NONE);
    }
}
