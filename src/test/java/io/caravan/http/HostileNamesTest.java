package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import io.caravan.Hostile;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of fields and keys that mean to do harm: in a body, in an address, never in a header or another address. */
class HostileNamesTest {

    private static final List<String> NAMES = Hostile.names(1_000);

    @ParameterizedTest
    @ValueSource(strings = {"record", "batch"})
    void namesOfFieldsReadBackAsTheyWereOrAreRefused(String mode) {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) records.add(record("k" + i, NAMES.get(i), "value " + i));
        try (Api api = new Api();
                HttpSink sink = api.sink(mode)) {
            Map<Record, String> refused = Hostile.deliver(sink, records);
            assertThat(refused).hasSizeBetween(3, 200);
            Map<String, JsonNode> held = new HashMap<>(api.api.held);
            for (int i = 0; i < NAMES.size(); i++) {
                JsonNode thing = held.remove("k" + i);
                if (refused.containsKey(records.get(i))) {
                    assertThat(thing).as(NAMES.get(i)).isNull();
                    continue;
                }
                assertThat(thing.fieldNames()).toIterable().containsExactly("id", NAMES.get(i), "nested");
                assertThat(thing.get(NAMES.get(i)).textValue()).isEqualTo("value " + i);
                assertThat(thing.get("nested").get(NAMES.get(i)).textValue()).isEqualTo("value " + i);
            }
            assertThat(held).isEmpty();
            assertThat(api.api.server.asked).allMatch(a -> a.matches("PUT /things/k[0-9]+|POST /things"));
            api.assertHeaders();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"record", "batch"})
    void keysArePartsOfAnAddressOrRefused(String mode) {
        List<Record> records = new ArrayList<>();
        for (String key : NAMES) records.add(record(key, "text", key));
        try (Api api = new Api();
                HttpSink sink = api.sink(mode)) {
            Map<Record, String> refused = Hostile.deliver(sink, records);
            assertThat(refused).hasSizeBetween(3, 200);
            List<String> taken = records.stream()
                    .filter(r -> !refused.containsKey(r))
                    .map(Record::key)
                    .toList();
            assertThat(api.api.held.keySet()).containsExactlyInAnyOrderElementsOf(taken);
            assertThat(taken)
                    .allSatisfy(k -> assertThat(api.api.held.get(k).get("text").textValue())
                            .isEqualTo(k));
            assertThat(api.api.server.asked).allMatch(a -> a.matches("PUT /things/[A-Za-z0-9._~%-]+|POST /things"));
            if (mode.equals("record")) {
                assertThat(api.api.server.asked)
                        .containsExactlyInAnyOrderElementsOf(taken.stream()
                                .map(k -> "PUT /things/" + Address.encoded(k))
                                .toList());
            }
            api.assertHeaders();
            List<Record> gone = taken.stream()
                    .map(k -> Record.tombstone(k, Fields.of("id"), new Object[] {k}, 4))
                    .toList();
            assertThat(Hostile.deliver(sink, gone)).isEmpty();
            assertThat(api.api.held).isEmpty();
            api.assertHeaders();
        }
    }

    private static Record record(String key, String name, String value) {
        return Record.read(
                        key,
                        Fields.of("id", name, "nested"),
                        new Object[] {key, value, Map.of(name, value)},
                        new Origin("a", 1),
                        Hash.NONE)
                .changedIn(3);
    }

    private static final class Api implements AutoCloseable {

        final StatefulApi api = new StatefulApi();

        HttpSink sink(String mode) {
            boolean batches = mode.equals("batch");
            return HttpSinkTest.sink(
                    api.server.url("/things"),
                    mode,
                    batches ? "POST" : "PUT",
                    batches ? "tombstone" : "request",
                    batches ? "key" : "none");
        }

        /** Only those that every request has, and nothing of a record in them. */
        void assertHeaders() {
            assertThat(api.server.headers).isNotEmpty().allSatisfy(headers -> {
                Headers rest = new Headers();
                rest.putAll(headers);
                assertThat(rest.remove("Idempotency-key").get(0)).matches("[0-9a-f]{32}");
                assertThat(rest.remove("Authorization")).containsExactly("Bearer tok-123456");
                assertThat(rest.remove("Accept")).containsExactly("application/json");
                assertThat(rest.remove("User-agent")).containsExactly("caravan");
                assertThat(rest.remove("Host")).containsExactly("127.0.0.1:" + api.server.port());
                if (rest.remove("Content-type") != null) {
                    assertThat(rest.remove("Content-length").get(0)).matches("[0-9]+");
                }
                assertThat(rest.keySet()).isSubsetOf("Connection", "Upgrade", "Http2-settings", "Content-length");
            });
        }

        @Override
        public void close() {
            api.close();
        }
    }
}
