package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.CaravanException;
import io.caravan.error.LongWait;
import io.caravan.error.UnavailableException;
import io.caravan.ledger.LateWrites;
import io.caravan.ledger.Lease;
import io.caravan.ledger.Runs;
import io.caravan.ledger.SinkStates;
import io.caravan.ledger.Transactions;
import io.caravan.ledger.Writers;
import io.caravan.record.Record;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one run writes to its sinks, as the ledger knows it: the ledger hears of a sink before it is written, is asked after
 * each write whether the lease is still ours, and hears of what was written later, for the next run to repair.
 */
final class Writes implements BulkDelivery.Permit {

    private static final Logger LOG = LoggerFactory.getLogger(Writes.class);

    private final String pipeline;
    private final RunRight right;
    private final Lease lease;
    private final Transactions fenced;
    private final Transactions unfenced;
    private final long run;
    private final Collection<Long> unsaid;
    private final BulkDelivery bulk;
    private final Consumer<String> notices;
    private final Map<String, Sink> begun = new ConcurrentHashMap<>();
    /** Late writes that the ledger has not noted yet: by sink, the keys. */
    private final Map<String, Set<String>> late = new HashMap<>();

    /**
     * @param unfenced transactions that ask for no lease
     * @param unsaid takes the run when its end could not be noted
     * @param notices hears for whom a sink that takes long waits
     */
    Writes(
            String pipeline,
            RunRight right,
            Transactions fenced,
            Transactions unfenced,
            long run,
            Collection<Long> unsaid,
            BulkDelivery bulk,
            Consumer<String> notices) {
        this.pipeline = pipeline;
        this.right = right;
        this.lease = right.lease();
        this.fenced = fenced;
        this.unfenced = unfenced;
        this.run = run;
        this.unsaid = unsaid;
        this.bulk = bulk;
        this.notices = notices;
    }

    /** Writes a batch, which may be the sink's first; from one thread at a time for one sink. Returns what was refused. */
    List<Refusal> deliver(Sink sink, List<Record> batch, BulkDelivery.Permit permit) {
        begin(sink, permit);
        return bulk.deliver(sink, batch, permit);
    }

    /** To be called before a sink is written in any other way. */
    void begin(Sink sink, BulkDelivery.Permit permit) {
        if (begun.containsKey(sink.name())) return;
        right.mustBeHeld();
        sink.discard();
        sink.fencedBy(right);
        sink.datedBy(number -> unfenced.in(c -> Runs.began(c, number)));
        boolean marked = fenced.in(c -> {
            Writers.begin(c, lease.flow(), sink.name(), run, lease.process());
            return SinkStates.markers(c, lease.flow()).containsKey(sink.name());
        });
        if (!marked && sink.marks()) {
            // first the store, then the ledger: a marker that only the ledger knows would say that the store lost its
            // records
            String marker = UUID.randomUUID().toString().replace("-", "");
            bulk.mark(sink, owner(sink), marker, permit);
            if (sink.marks()) marked(sink, marker); // else it found that it may not
        }
        begun.put(sink.name(), sink);
    }

    /** Leaves a marker in the sink's store. */
    void mark(Sink sink, String marker) {
        aloud(sink, () -> sink.mark(owner(sink), marker));
    }

    /** Takes the marker away that a pipeline of this name left; a store that refuses keeps it, which harms nobody. */
    void unmark(Sink sink, String pipeline) {
        try {
            aloud(sink, () -> sink.unmark(owner(pipeline, sink)));
        } catch (RuntimeException e) {
            LOG.info("{} keeps the marker of {}: {}", sink.name(), pipeline, e.toString());
        }
    }

    /** Does work that may wait in the sink's store, and says for whom when it takes long. */
    void aloud(Sink sink, Runnable work) {
        new LongWait(sink::waitsFor, notices).during(() -> {
            work.run();
            return null;
        });
    }

    /** The sink's store holds this marker now. */
    void marked(Sink sink, String marker) {
        fenced.in(c -> {
            SinkStates.marked(c, lease.flow(), sink.name(), marker);
            return null;
        });
    }

    /** Whose marker a sink keeps. */
    String owner(Sink sink) {
        return owner(pipeline, sink);
    }

    static String owner(String pipeline, Sink sink) {
        return pipeline + "/" + sink.name();
    }

    /** The sinks that were begun, by name. */
    Map<String, Sink> begun() {
        return begun;
    }

    /** By sink, the objects that it put or deleted, where it says so. */
    Map<String, Collection<String>> objects() {
        Map<String, Collection<String>> objects = new TreeMap<>();
        begun.forEach((name, sink) -> {
            Collection<String> some = sink.objects();
            if (!some.isEmpty()) objects.put(name, some);
        });
        return objects;
    }

    /** What the sinks did besides, each in a sentence. */
    List<String> notes() {
        return begun.values().stream().flatMap(sink -> sink.notes().stream()).toList();
    }

    @Override
    public void ask() {
        right.mustBeHeld();
    }

    @Override
    public Consumer<String> notices() {
        return notices;
    }

    @Override
    public void used(Sink sink, List<Record> batch) {
        if (!right.confirmed()) late(sink, batch);
    }

    private synchronized void late(Sink sink, List<Record> batch) {
        Set<String> keys = late.computeIfAbsent(sink.name(), name -> new HashSet<>());
        batch.forEach(r -> keys.add(r.key()));
        note();
    }

    /**
     * To be called when nothing is written any more, and no write is under way, unless the run's end in the ledger says so.
     * While the ledger cannot be told, the next run supposes that this one may still write.
     */
    void end() {
        try {
            note();
            unfenced.in(c -> {
                Writers.end(c, lease.flow(), run);
                return null;
            });
        } catch (CaravanException e) {
            if (late.isEmpty()) unsaid.add(run);
            LOG.warn("that run {} writes nothing more was not noted: {}", run, e.getMessage());
        }
    }

    /** While the ledger cannot be told, what it knows of this run's writers says enough. */
    private synchronized void note() {
        if (late.isEmpty()) return;
        try {
            unfenced.in(c -> {
                for (Map.Entry<String, Set<String>> sink : late.entrySet()) {
                    LateWrites.note(c, lease.flow(), sink.getKey(), run, sink.getValue());
                }
                return null;
            });
            late.clear();
        } catch (UnavailableException e) {
            throw new UnavailableException(
                    e.getMessage() + "; what was written after the lease had ended is noted when it is back", e);
        }
    }
}
