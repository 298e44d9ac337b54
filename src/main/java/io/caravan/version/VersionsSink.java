package io.caravan.version;

import io.caravan.delivery.Fence;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.object.Spool;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Publishes what a run brought as one version of a data set. A batch is only gathered; {@link #flush} publishes. {@link
 * VersionsSinks} makes one from settings.
 *
 * <ul>
 *   <li>memory: some megabytes and the names of all partitions; changes are files of the temporary folder
 *   <li>keys and comparison are of the whole history that readers see, whoever published it
 * </ul>
 */
public final class VersionsSink implements Sink, CamelContextAware, AutoCloseable {

    private static final long SPOOL_BYTES = 8L << 20;
    /** Of points that are compared, in memory. */
    private static final int MOST_KNOWN = 200_000;

    private final String name;
    private final Publisher publisher;
    private final Dataset dataset;
    private final Spool spool = new Spool(SPOOL_BYTES);
    private final Map<String, Map<String, Held>> known = new LinkedHashMap<>(16, 0.75f, true);
    private final List<String> notes = new ArrayList<>();
    private History history; // that is compared with
    private volatile CamelContext context;
    private Fence fence = new Unfenced();

    /** A point that readers see. */
    private record Held(String key, Hash hash) {}

    /** Of who has no lease: a data set that was published with one refuses it. */
    private static final class Unfenced implements Fence {
        @Override
        public long token() {
            return 0;
        }

        @Override
        public void check() {
            // nobody to ask
        }
    }

    VersionsSink(String name, Publisher publisher) {
        new SettingChecks("versions-sink").notBlank("sink", name).check();
        this.name = name;
        this.publisher = publisher;
        this.dataset = publisher.dataset();
    }

    /** Of a folder there is nothing to tell. */
    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        CamelContextAware.trySetCamelContext(dataset.store(), context);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean gathers() {
        return true;
    }

    @Override
    public synchronized void fencedBy(Fence by) {
        fence = by;
    }

    @Override
    public synchronized List<Refusal> write(List<Record> batch) {
        List<Refusal> refusals = new ArrayList<>();
        for (Record record : batch) {
            try {
                if (!record.deleted()) dataset.format().check(record);
                spool.add(Versions.change(dataset.points(), record, !record.deleted()));
            } catch (BadRecordException e) {
                // what never could be published need not be taken away
                if (!record.deleted()) refusals.add(new Refusal(record, e.getMessage()));
            }
        }
        return refusals;
    }

    @Override
    public synchronized List<Refusal> flush() {
        if (spool.isEmpty()) return List.of();
        forgetHistory();
        Contested contested = new Contested(dataset.points());
        publisher.publish(spool, fence, Publisher.Reason.NEWS, contested);
        spool.clear();
        contested.note().ifPresent(note -> notes.add(name + ": " + note));
        return contested.refused();
    }

    @Override
    public synchronized List<String> notes() {
        List<String> said = List.copyOf(notes);
        notes.clear();
        return said;
    }

    @Override
    public synchronized void discard() {
        spool.clear();
    }

    @Override
    public synchronized Stream<String> keys() {
        forgetHistory();
        History all = history();
        return all.paths().stream().flatMap(path -> {
            List<String> keys = new ArrayList<>();
            rows(all, path, row -> keys.add(row.key()));
            return keys.stream();
        });
    }

    /** Compares with the history as it was at the last {@link #keys} or {@link #flush}. */
    @Override
    public synchronized Set<String> differing(List<Record> batch) {
        Set<String> keys = new HashSet<>();
        for (Record record : batch) {
            try {
                Points.Place place = dataset.points().of(record);
                Optional<Held> held = Optional.ofNullable(held(place.path()).get(place.order()))
                        .filter(h -> h.key().equals(record.key()));
                boolean same =
                        record.deleted() ? held.isEmpty() : held.map(Held::hash).equals(Optional.of(hash(record)));
                if (!same) keys.add(record.key());
            } catch (BadRecordException e) {
                if (!record.deleted()) keys.add(record.key());
            }
        }
        return keys;
    }

    private Map<String, Held> held(String path) {
        Map<String, Held> points = known.get(path);
        if (points != null) return points;
        Map<String, Held> read = new HashMap<>();
        rows(history(), path, row -> read.put(dataset.points().of(row).order(), new Held(row.key(), hash(row))));
        long size = known.values().stream().mapToLong(Map::size).sum();
        if (size + read.size() > MOST_KNOWN) known.clear();
        known.put(path, read);
        return read;
    }

    private Hash hash(Record row) {
        return dataset.format().hash(PartitionMerge.without(row, publisher.volatileFields()));
    }

    private void rows(History of, String path, Consumer<Record> each) {
        try (PartitionMerge points = new PartitionMerge(dataset, Set.of(), false)) {
            of.rows(dataset, path, points::stored);
            points.sorted(each);
        }
    }

    private History history() {
        if (history == null) {
            history = History.at(
                    dataset, dataset.pointer(dataset.names().pointer()).version());
        }
        return history;
    }

    private void forgetHistory() {
        history = null;
        known.clear();
    }

    @Override
    public Optional<String> check() {
        try {
            dataset.store().checkMake();
            if (dataset.store().there()) dataset.store().check();
            dataset.pointer(dataset.names().pointer());
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Forgets what was gathered and removes its files. */
    @Override
    public synchronized void close() {
        spool.close();
        forgetHistory();
        dataset.store().close();
    }
}
