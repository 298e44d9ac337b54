package io.caravan.delivery;

import io.caravan.error.ConfigurationException;
import io.caravan.error.LongWait;
import io.caravan.error.SettingChecks;
import io.caravan.error.StoppedException;
import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.ledger.LeaseLostException;
import io.caravan.record.Record;
import io.caravan.record.Sealed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes a batch to a sink in one bulk call. When the store is away, tries again with growing pauses, unless that has taken
 * long already, as with a store that is silent until its time limit ends each try; when it refuses
 * the batch, halves it until the guilty records stand alone.
 */
public final class BulkDelivery {

    /** Half of what a store may take to answer by default: whoever was silent for so long is not asked again in this run. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int retries;
    private final Duration firstPause;
    private final Duration patience;

    /** {@code retries}: 0 to 10 after the first try; {@code firstPause} doubles with each. */
    public BulkDelivery(int retries, Duration firstPause) {
        this(retries, firstPause, PATIENCE);
    }

    /** {@code patience}: when the tries of a batch took so long, there is no new one. */
    BulkDelivery(int retries, Duration firstPause, Duration patience) {
        new SettingChecks("delivery")
                .between("retries", retries, 0, 10)
                .between("retryDelayMillis", firstPause.toMillis(), 0, 60_000)
                .check();
        this.retries = retries;
        this.firstPause = firstPause;
        this.patience = patience;
    }

    /** The right to write, which can end meanwhile. */
    public interface Permit {

        /** Asked before every write to the sink, which can be many and long; throws {@link LeaseLostException} without it. */
        void ask();

        /** Told of every write that was tried, however it ended. */
        default void used(Sink sink, List<Record> batch) {}

        /** Hears, in sentences, for whom a write waits that takes long. */
        default Consumer<String> notices() {
            return sentence -> {};
        }

        /** Lets so much time pass before the next try; throws {@link StoppedException} when that is not to come. */
        default void pause(Duration time) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        }
    }

    /**
     * The records the sink refused, empty when it has them all.
     *
     * <ul>
     *   <li>errors: {@link UnavailableException} when the store stayed away, {@link ConfigurationException} when it
     *       cannot be used as configured; how much it took by then is unknown, and the same batch may be sent again
     * </ul>
     */
    public List<Refusal> deliver(Sink sink, List<Record> batch, Permit permit) {
        List<Refusal> refused = new ArrayList<>();
        deliver(sink, batch, permit, refused);
        if (taken(batch, refused).size() + refused.size() != batch.size()) {
            throw new IllegalStateException(sink.name() + ": what it refuses must be records of the batch, each once");
        }
        return refused;
    }

    /** The keys of those records that the store does not hold in this form; a sealed value is held by any of its texts, where the sink can tell. */
    public static Set<String> differing(Sink sink, List<Record> batch) {
        return sink.differing(sink.comparesSealed() ? batch : Sealed.texts(batch));
    }

    /** Leaves a marker in the sink's store, as patiently as it writes a batch. */
    public void mark(Sink sink, String owner, String marker, Permit permit) {
        tried(sink, List.of(), permit, () -> {
            sink.mark(owner, marker);
            return marker;
        });
    }

    private void deliver(Sink sink, List<Record> batch, Permit permit, List<Refusal> refused) {
        try {
            refused.addAll(tried(sink, batch, permit, () -> written(sink, batch)));
        } catch (UnavailableException | ConfigurationException | LeaseLostException | StoppedException e) {
            throw e;
        } catch (RuntimeException e) {
            if (batch.size() == 1) {
                refused.add(new Refusal(batch.get(0), Words.of(e)));
                return;
            }
            int half = batch.size() / 2;
            deliver(sink, batch.subList(0, half), permit, refused);
            deliver(sink, batch.subList(half, batch.size()), permit, refused);
        }
    }

    /** A store gets the texts of sealed values; who is refused is one of the batch. */
    private static List<Refusal> written(Sink sink, List<Record> batch) {
        List<Record> texts = Sealed.texts(batch);
        if (texts == batch) return sink.write(batch);
        Map<Record, Record> of = new IdentityHashMap<>();
        for (int i = 0; i < batch.size(); i++) of.put(texts.get(i), batch.get(i));
        return sink.write(texts).stream()
                .map(r -> new Refusal(of.getOrDefault(r.record(), r.record()), r.reason()))
                .toList();
    }

    private <T> T tried(Sink sink, List<Record> batch, Permit permit, Supplier<T> call) {
        LongWait wait = new LongWait(sink::waitsFor, permit.notices());
        long began = System.nanoTime();
        for (int attempt = 0; ; attempt++) {
            permit.ask();
            try {
                return wait.during(call::get);
            } catch (UnavailableException e) {
                if (attempt == retries || System.nanoTime() - began >= patience.toNanos()) throw e;
                pause(attempt, e, permit);
            } finally {
                permit.used(sink, batch);
            }
        }
    }

    private void pause(int attempt, UnavailableException cause, Permit permit) {
        long millis = firstPause.toMillis() << attempt;
        try {
            permit.pause(Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cause;
        }
    }

    /** The batch without those that were refused. */
    public static List<Record> taken(List<Record> batch, List<Refusal> refused) {
        if (refused.isEmpty()) return batch;
        Set<Record> guilty = new HashSet<>();
        refused.forEach(r -> guilty.add(r.record()));
        return batch.stream().filter(r -> !guilty.contains(r)).toList();
    }
}
