package io.caravan.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.error.UnavailableException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Tells of changes over connections that are delayed, cut, or lose their replies, again until each message was taken, as runs
 * do: none is lost, and one that is told again has the same deduplication id.
 */
final class NoticeFaults {

    private static final int CASES = 50;
    private static final int ATTEMPTS = 12;

    /** A message as it arrived: the id beside it, and what it says. */
    record Told(String id, String json) {}

    private final Map<String, Notice> expected = new LinkedHashMap<>();

    /** @param requests how many a message takes: any of them can be the one that breaks */
    void survives(FaultProxy proxy, Channel channel, int requests) {
        NotifySink sink = new NotifySink("notify", channel, "orders");
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            List<Record> changes = changes(random, seed + 1);
            expect(changes);
            for (int i = random.nextInt(3); i >= 0; i--) {
                proxy.arm(random.nextInt(requests), Fault.seeded(random, 1_000));
            }
            deliver(sink, changes, random);
            proxy.disarm();
        }
        assertThat(proxy.fired()).isGreaterThan(CASES / 2);
    }

    /** Every message arrived, once or more, and says what it should. */
    void assertTold(List<Told> messages) throws JsonProcessingException {
        assertThat(messages.stream().map(Told::id).distinct()).containsExactlyElementsOf(expected.keySet());
        for (Told told : messages) {
            JsonNode json = new ObjectMapper().readTree(told.json());
            Notice notice = expected.get(told.id());
            assertThat(json.get("deduplicationId").asText()).isEqualTo(told.id());
            assertThat(json.get("run").asLong()).isEqualTo(notice.run());
            assertThat(json.get("records").asLong()).isEqualTo(notice.records());
            assertThat(json.get("deleted").asLong()).isEqualTo(notice.deleted());
        }
    }

    private void expect(List<Record> changes) {
        Gathered gathered = new Gathered("orders");
        gathered.add(changes);
        Notice notice = gathered.notice().orElseThrow();
        expected.put(notice.deduplicationId(), notice);
    }

    private static void deliver(NotifySink sink, List<Record> changes, Random random) {
        for (int attempt = 1; ; attempt++) {
            Collections.shuffle(changes, random); // another run may read in another order
            int half = changes.size() / 2;
            sink.write(changes.subList(0, half));
            sink.write(changes.subList(half, changes.size()));
            try {
                assertThat(sink.flush()).isEmpty();
                return;
            } catch (UnavailableException e) {
                if (attempt == ATTEMPTS) throw e;
                sink.discard();
            }
        }
    }

    private static List<Record> changes(Random random, long run) {
        List<Record> changes = new ArrayList<>();
        for (int i = random.nextInt(300); i >= 0; i--) {
            String key = "k" + i;
            changes.add(
                    random.nextInt(4) == 0
                            ? Record.tombstone(key, Fields.of("id"), new Object[] {key}, run)
                            : Record.read(
                                            key,
                                            Fields.of("id"),
                                            new Object[] {key},
                                            new Origin("a", i),
                                            new Hash(random.nextLong(), random.nextLong()))
                                    .changedIn(run));
        }
        return changes;
    }
}
