package io.caravan.lookup;

import io.caravan.record.Overlay;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * A reference as each run read it, once: all records of a run see the same, also that it could not be read. Those of the last runs are kept;
 * a run whose objects are the same as those of the run before has that reading. Thread-safe.
 */
final class References implements CamelContextAware, AutoCloseable {

    private static final int RUNS = 4;

    private final Source source;
    private final List<String> wanted;
    private final Map<Instant, Reading> runs = new LinkedHashMap<>(16, 0.75f, true);
    private CamelContext context;
    private Overlay laid;
    private References overlaid;

    /** What a run found; counts who uses it, as its file goes with the last of them. */
    private static final class Reading {
        private final List<SourceObject> objects;
        private final Reference reference;
        private final RuntimeException failure;
        private int users = 1;

        Reading(List<SourceObject> objects, Reference reference, RuntimeException failure) {
            this.objects = objects;
            this.reference = reference;
            this.failure = failure;
        }
    }

    References(Source source, List<String> wanted) {
        this.source = source;
        this.wanted = wanted;
    }

    /** What the function makes of the reference as that run sees it. */
    <T> T with(Instant run, Function<Reference, T> use) {
        Reading reading = taken(run);
        try {
            if (reading.failure != null) throw reading.failure;
            return use.apply(reading.reference);
        } finally {
            left(reading);
        }
    }

    private synchronized Reading taken(Instant run) {
        Reading reading = runs.get(run);
        if (reading == null) {
            reading = read();
            runs.put(run, reading);
            if (runs.size() > RUNS) {
                Iterator<Reading> oldest = runs.values().iterator();
                left(oldest.next());
                oldest.remove();
            }
        }
        reading.users++;
        return reading;
    }

    private synchronized void left(Reading reading) {
        if (--reading.users == 0 && reading.reference != null) reading.reference.close();
    }

    private Reading read() {
        try {
            List<SourceObject> objects = new ArrayList<>();
            source.objects().forEachRemaining(objects::add);
            for (Reading known : runs.values()) {
                if (!same(known.objects, objects) || known.failure != null) continue;
                known.users++;
                return known;
            }
            return new Reading(objects, Reference.read(source, objects, wanted), null);
        } catch (RuntimeException e) {
            return new Reading(List.of(), null, e);
        }
    }

    /** Objects without etags may be others each time. */
    private static boolean same(List<SourceObject> known, List<SourceObject> now) {
        return known.equals(now)
                && now.stream().noneMatch(object -> object.etag().isEmpty());
    }

    /** The same with what a plan lays over its store; this where nothing of it is laid over. */
    synchronized References over(Overlay overlay) {
        Source planned = source.over(overlay);
        if (planned == source) return this;
        if (laid != overlay) {
            if (overlaid != null) overlaid.close();
            overlaid = new References(planned, wanted);
        }
        laid = overlay;
        return overlaid;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        context = camelContext;
        CamelContextAware.trySetCamelContext(source, camelContext);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public synchronized void close() {
        runs.values().forEach(this::left);
        runs.clear();
        if (overlaid != null) overlaid.close();
        if (source instanceof AutoCloseable store) {
            try {
                store.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
