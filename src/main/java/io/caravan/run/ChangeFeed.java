package io.caravan.run;

import io.caravan.change.Changes;
import io.caravan.change.Gone;
import io.caravan.change.News;
import io.caravan.error.Settings;
import io.caravan.error.UnavailableException;
import io.caravan.ledger.RecordStates.Tombstone;
import io.caravan.record.Batch;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Reads a source beside the ledger and emits what the sinks wait for: first the news, object by object, then, if every
 * object was read to its end, the tombstones of what is gone.
 */
final class ChangeFeed {

    private static final int TOMBSTONES_AT_ONCE = 500;
    /** Objects that failed are named one by one up to here; each has its dead letter. */
    private static final int NAMED = 100;

    private final Pipeline pipeline;
    private final Reading reading;
    private final Changes changes;
    private final SourceLetters letters;
    private final SourceTally tally;
    private final boolean allowDeletes;
    private final Stop stop;
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private volatile boolean whole;
    private volatile Optional<String> position = Optional.empty();

    ChangeFeed(
            Pipeline pipeline,
            Reading reading,
            Changes changes,
            SourceLetters letters,
            SourceTally tally,
            boolean allowDeletes,
            Stop stop) {
        this.pipeline = pipeline;
        this.reading = reading;
        this.changes = changes;
        this.letters = letters;
        this.tally = tally;
        this.allowDeletes = allowDeletes;
        this.stop = stop;
    }

    /** Whether every object was read to its true end and everything it holds was emitted. */
    boolean whole() {
        return whole;
    }

    /** Where the next incremental reading begins; empty for a source that is read in full only. */
    Optional<String> position() {
        return position;
    }

    /** What keeps the run from succeeding, in sentences. */
    List<String> problems() {
        return problems;
    }

    void emit(Consumer<List<Record>> out) {
        try {
            Iterator<SourceObject> objects = reading.source().objects(changes::etag);
            if (!objects.hasNext() && !allowDeletes) {
                problems.add(pipeline.name() + ": the source must hold at least one object, found none;"
                        + " check its input, prefix and name pattern, or run once with --allow-deletes if it is empty");
            }
            while (objects.hasNext()) {
                stop.check();
                SourceObject object = objects.next();
                OptionalLong known = changes.skip(object);
                if (known.isEmpty()) {
                    read(object, out);
                } else {
                    tally.read.add(known.getAsLong());
                    tally.unchanged.add(known.getAsLong());
                }
            }
        } catch (IncompleteSourceException | UnavailableException e) {
            stop.check(); // who is stopped may be interrupted in the middle of a call
            problems.add(e.getMessage());
        }
        whole = problems.isEmpty();
        if (whole) sweep(out);
    }

    private void read(SourceObject object, Consumer<List<Record>> out) {
        changes.reading(object);
        try (RecordReader reader = reading.source().open(object);
                Batches batches = new Batches(object.name(), pipeline.cut(), reader, this::bad)) {
            while (batches.hasNext()) {
                stop.check();
                Batch batch = batches.next();
                News news = changes.news(batch);
                tally.read.add(batch.records().size());
                tally.unchanged.add(news.unchanged());
                tally.dead.add(news.duplicates().size());
                letters.duplicates(news.duplicates());
                if (!news.waiting().isEmpty()) out.accept(news.waiting());
            }
            letters.flush();
            changes.read(object);
            reader.position().ifPresent(p -> position = Optional.of(p));
        } catch (IncompleteSourceException | UnavailableException e) {
            stop.check();
            problem(e.getMessage());
            letters.failed(object, e);
            letters.flush();
        }
    }

    private void bad(BadRow row) {
        tally.read.increment();
        tally.dead.increment();
        letters.bad(row);
    }

    private void problem(String sentence) {
        if (problems.size() < NAMED) problems.add(sentence);
        else if (problems.size() == NAMED) problems.add("more objects failed: see their dead letters");
    }

    private void sweep(Consumer<List<Record>> out) {
        Gone gone = changes.gone();
        if (!allowDeletes && gone.exceeds(pipeline.limits().deleteLimitPercent())) {
            problems.add(Settings.sentence(
                            pipeline.name(),
                            "deletes",
                            "be at most " + pipeline.limits().deleteLimitPercent() + " % of " + gone.of() + " records",
                            gone.records())
                    + "; nothing was deleted. If the source really lost them, run once with --allow-deletes");
            return;
        }
        changes.bury();
        Fields keyFields = new Fields(pipeline.source().keyFields());
        List<Tombstone> page = changes.tombstones("", TOMBSTONES_AT_ONCE);
        while (!page.isEmpty()) {
            stop.check();
            tally.gone.add(page.size());
            out.accept(page.stream().map(t -> tombstone(t, keyFields)).toList());
            page = changes.tombstones(page.get(page.size() - 1).key(), TOMBSTONES_AT_ONCE);
        }
    }

    private static Record tombstone(Tombstone t, Fields keyFields) {
        Object[] values = Keys.split(t.key(), keyFields.size()).toArray();
        return Record.tombstone(t.key(), keyFields, values, t.changedRun());
    }
}
