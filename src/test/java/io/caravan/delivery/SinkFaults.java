package io.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Writes batches of inserts, changes and deletes over connections that are delayed, cut, or lose their replies, and flushes
 * them, again until each is acknowledged, as runs do; after each the store must hold exactly what was sent: nothing lost,
 * nothing twice.
 */
public final class SinkFaults {

    private static final int CASES = 50;
    private static final int KEYS = 120;
    private static final int CHANGES = 40;
    private static final int ATTEMPTS = 12;
    private static final int MOST_BYTES = 20_000;

    private final Random random = new Random(1);
    private int attempts;
    private final TreeMap<String, Record> world = new TreeMap<>();
    private final BiFunction<String, Integer, Record> record;
    private final Function<String, Record> gone;

    /**
     * @param record a record of this key whose content is another one with each number
     * @param gone the tombstone of this key
     */
    public SinkFaults(BiFunction<String, Integer, Record> record, Function<String, Record> gone) {
        this.record = record;
        this.gone = gone;
    }

    /**
     * @param broken a sink behind the proxy; {@code direct} the same store without it
     * @param faults how many connections a case breaks at most
     */
    public void survives(FaultProxy proxy, Sink broken, Sink direct, int faults) {
        survives(proxy, broken, direct, faults, 1);
    }

    /**
     * The same for a sink of which one batch is many requests; tells how often one was tried in all.
     *
     * @param requests how many a batch takes: any of them can be the one that breaks
     */
    public int survives(FaultProxy proxy, Sink broken, Sink direct, int faults, int requests) {
        for (int seed = 0; seed < CASES; seed++) {
            random.setSeed(seed);
            List<Record> batch = batch(seed);
            for (int i = random.nextInt(faults); i >= 0; i--) {
                proxy.arm(requests == 1 ? 0 : random.nextInt(requests), Fault.seeded(random, MOST_BYTES));
            }
            deliver(broken, batch, seed);
            proxy.disarm();
            try (Stream<String> keys = direct.keys()) {
                assertThat(keys).as("seed " + seed).containsExactlyInAnyOrderElementsOf(world.keySet());
            }
            assertThat(direct.differing(new ArrayList<>(world.values())))
                    .as("seed " + seed)
                    .isEmpty();
        }
        assertThat(proxy.fired()).isGreaterThan(CASES / 4);
        return attempts;
    }

    private List<Record> batch(int seed) {
        TreeMap<String, Record> changes = new TreeMap<>();
        for (int i = 0; i < CHANGES; i++) {
            String key = "key " + random.nextInt(KEYS);
            changes.put(key, random.nextInt(4) == 0 ? gone.apply(key) : record.apply(key, seed * CHANGES + i));
        }
        changes.forEach((key, change) -> {
            if (change.deleted()) world.remove(key);
            else world.put(key, change);
        });
        return List.copyOf(changes.values());
    }

    private void deliver(Sink sink, List<Record> batch, int seed) {
        for (int attempt = 1; ; attempt++) {
            attempts++;
            try {
                assertThat(sink.write(batch)).as("seed " + seed).isEmpty();
                assertThat(sink.flush()).as("seed " + seed).isEmpty();
                return;
            } catch (UnavailableException e) {
                if (attempt == ATTEMPTS) throw e;
                sink.discard();
            }
        }
    }
}
