package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Sink;
import io.caravan.error.Words;
import io.caravan.ledger.Marker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks every sink, before anything is read, whether its store is still the one that the ledger knows: by its marker. */
final class RollCall {

    /** What is said of a sink that lost its marker. */
    static final String LOST = ": its store does not hold what was written to it any more; it gets everything again";

    /** The same, seen when the run has begun. */
    static final String LOST_LATE =
            "its store does not hold what was written to it any more; run again, that sends it everything again";

    private static final Logger LOG = LoggerFactory.getLogger(RollCall.class);

    private final String pipeline;
    private final Map<String, Marker> markers;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final Map<String, Sink> unmarked = new ConcurrentHashMap<>();
    /** By name: those that hold it under the name that the pipeline had before. */
    private final Map<String, Sink> renamed = new ConcurrentHashMap<>();

    private final Set<String> lost = new ConcurrentSkipListSet<>();
    private final Map<String, String> silent = new ConcurrentSkipListMap<>();
    private final Map<String, String> gaveUp = new ConcurrentHashMap<>();

    /** {@code markers}: by sink, what the ledger says its store holds. */
    RollCall(String pipeline, Map<String, Marker> markers) {
        this.pipeline = pipeline;
        this.markers = Map.copyOf(markers);
    }

    /** Never throws: a sink that cannot be asked fails when it is written, if it is. */
    void ask(Sink sink) {
        asked.add(sink.name());
        if (!sink.marks()) return;
        long began = System.nanoTime();
        try {
            Marker expected = markers.get(sink.name());
            if (expected == null) {
                unmarked.put(sink.name(), sink);
                return;
            }
            String as = expected.formerPipeline().orElse(pipeline);
            boolean holds = sink.marker(Writes.owner(as, sink)).equals(Optional.of(expected.text()));
            if (holds && expected.formerPipeline().isPresent()) renamed.put(sink.name(), sink);
            // one that may not look for its marker any more says so by keeping none from now on
            if (!holds && sink.marks()) lost.add(sink.name());
        } catch (RuntimeException e) {
            String why = Words.of(e);
            if (System.nanoTime() - began >= BulkDelivery.PATIENCE.toNanos()) gaveUp.put(sink.name(), why);
            silent.put(sink.name(), SinkTally.of(sink.name(), why) + "; whether it still holds what it got is unknown");
        }
    }

    boolean hasAsked(Sink sink) {
        return asked.contains(sink.name());
    }

    /** The sinks whose stores are others, or were emptied. */
    Set<String> lost() {
        return lost;
    }

    /** Why a sink is not written in this run: its store was silent for so long that nobody waits for it once more. */
    Optional<String> gaveUp(String sink) {
        return Optional.ofNullable(gaveUp.get(sink));
    }

    /** Of sinks that could not be asked: why, in sentences. */
    List<String> silent() {
        return List.copyOf(silent.values());
    }

    /**
     * Marks the sinks that an older Caravan filled, and those that hold the marker of a pipeline of another name. What holds nothing takes no marker, so the ledger hears of those only
     * that show theirs.
     */
    void adopt(Writes writes, Predicate<String> filled) {
        unmarked.values().stream()
                .filter(sink -> filled.test(sink.name()))
                .forEach(
                        sink -> adopt(writes, sink, UUID.randomUUID().toString().replace("-", "")));
        renamed.values().forEach(sink -> {
            Marker marker = markers.get(sink.name());
            String former = marker.formerPipeline().orElseThrow();
            if (adopt(writes, sink, marker.text()) && !former.equals(pipeline)) writes.unmark(sink, former);
        });
    }

    /** Whether the store keeps this marker now; one that refuses does without. */
    static boolean adopt(Writes writes, Sink sink, String marker) {
        try {
            writes.mark(sink, marker);
            boolean kept = sink.marker(writes.owner(sink)).equals(Optional.of(marker));
            if (kept) writes.marked(sink, marker);
            return kept;
        } catch (RuntimeException e) { // the other sinks go on, and the next run tries again
            LOG.info("{} was not marked: {}", sink.name(), e.toString());
            return false;
        }
    }
}
