package io.caravan.run;

import io.caravan.delivery.Refusal;
import io.caravan.error.Words;
import io.caravan.ledger.Runs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** What a run did to one sink, as far as it is. */
final class SinkTally {

    final long acked;
    final LongAdder written = new LongAdder();
    final LongAdder unchanged = new LongAdder();
    final LongAdder deleted = new LongAdder();
    final LongAdder dead = new LongAdder();
    /** By the id of the node that kept records from it. */
    final Map<String, LongAdder> dropped = new ConcurrentSkipListMap<>();
    /** Tombstones it was past already, and those of records it never had. */
    final LongAdder known = new LongAdder();

    /** Records that it does not have yet and this run leaves to another. */
    final LongAdder waits = new LongAdder();

    /** Records that were handed to it. */
    final LongAdder got = new LongAdder();

    private final LongAdder refusals = new LongAdder();
    private final AtomicReference<Refusal> example = new AtomicReference<>();
    /** It refused for more than one reason. */
    private volatile boolean mixed;

    private volatile String problem;

    /** {@code acked}: the run up to which the sink has everything. */
    SinkTally(long acked) {
        this.acked = acked;
    }

    void refused(List<Refusal> refused) {
        dead.add(refused.size());
        refusals.add(refused.size());
        if (!refused.isEmpty()) example.compareAndSet(null, refused.get(0));
        if (!refused.stream().allMatch(this::isLikeTheFirst)) mixed = true;
    }

    private boolean isLikeTheFirst(Refusal refusal) {
        Refusal first = example.get();
        return first == null || Flood.kind(first).equals(Flood.kind(refusal));
    }

    /** While it got few, it may still take enough, unless it refused all of them for one reason. */
    boolean tooEarlyToTell(List<Refusal> last) {
        boolean tookNone = got.sum() == refusals.sum() + last.size();
        boolean one = !mixed && last.stream().allMatch(this::isLikeTheFirst);
        return got.sum() < (tookNone && one ? Flood.FEW + 1 : Flood.MANY);
    }

    /** What says that it refused too much, these included. */
    Optional<String> flood(List<Refusal> last, int limitPercent) {
        Optional<Refusal> one =
                Optional.ofNullable(example.get()).or(() -> last.stream().findFirst());
        return Flood.ofRun(got.sum(), refusals.sum() + last.size(), one, limitPercent);
    }

    /** So many of those that are as they were before have been refused then, and are missing still. */
    void refusedBefore(long records) {
        unchanged.add(-records);
        dead.add(records);
    }

    void dropped(Map<String, Long> byNode) {
        byNode.forEach((node, records) ->
                dropped.computeIfAbsent(node, n -> new LongAdder()).add(records));
    }

    /** So many of those that are as they were before were kept from it then. */
    void droppedBefore(Map<String, Long> byNode) {
        dropped(byNode);
        unchanged.add(-byNode.values().stream().mapToLong(n -> n).sum());
    }

    private Map<String, Long> droppedSums() {
        Map<String, Long> sums = new TreeMap<>();
        dropped.forEach((node, records) -> sums.put(node, records.sum()));
        return sums;
    }

    /** What it took is nowhere. */
    void forgetWritten() {
        written.reset();
        deleted.reset();
    }

    /** The sink gets nothing more in this run. */
    void fail(String why) {
        problem = why;
    }

    void fail(Throwable why) {
        fail(Words.of(why));
    }

    /** A problem of a sink, which names it. */
    static String of(String sink, String problem) {
        return problem.startsWith(sink + ": ") ? problem : sink + ": " + problem;
    }

    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    Runs.Delivery delivery(SourceTally source) {
        return new Runs.Delivery(
                written.sum(),
                unchanged.sum() + source.unchanged.sum(),
                deleted.sum(),
                dead.sum() + source.dead.sum(),
                problem(),
                droppedSums());
    }
}
