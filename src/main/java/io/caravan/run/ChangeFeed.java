package io.caravan.run;

import io.caravan.change.Changes;
import io.caravan.change.Gone;
import io.caravan.change.News;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.ledger.BatchStates.Skipped;
import io.caravan.ledger.Checkpoints;
import io.caravan.ledger.RecordStates.Tombstone;
import io.caravan.record.Batch;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Kinds;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.StoredObject;
import io.caravan.source.BadRow;
import io.caravan.source.ColumnWatch;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import io.caravan.source.SetAsideException;
import io.caravan.source.SourceObject;
import io.caravan.source.Unplaced;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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

    private static final long HELD_BYTES = 32 << 20;

    private final Pipeline pipeline;
    private final Reading reading;
    private final Changes changes;
    private final SourceLetters letters;
    private final SourceTally tally;
    private final boolean allowDeletes;
    private final int deletesAfter;
    private final int sideBySide;
    private final FirstRows first;
    private final FirstMet met = new FirstMet();
    private final FieldWatch watch;
    private final HeldBatches held = new HeldBatches(HELD_BYTES);
    private final Stop stop;
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final Queue<StoredObject> wholeNews = new ConcurrentLinkedQueue<>();
    private volatile boolean whole;
    private volatile boolean setAside;
    private boolean refused;
    private volatile Optional<String> position = Optional.empty();
    private final Set<String> owed = ConcurrentHashMap.newKeySet();
    /** Of what is owed since the last reading, what this one has not met. */
    private final Set<String> unmet = ConcurrentHashMap.newKeySet();

    ChangeFeed(
            Pipeline pipeline,
            Reading reading,
            Changes changes,
            SourceLetters letters,
            SourceTally tally,
            RunRequest request,
            Stop stop) {
        this.pipeline = pipeline;
        this.reading = reading;
        this.changes = changes;
        this.letters = letters;
        this.tally = tally;
        this.allowDeletes = request.allowDeletes();
        this.deletesAfter = pipeline.deletesAfter(request);
        this.sideBySide = Math.max(1, request.history().size());
        this.first = new FirstRows(request.limit());
        this.watch = new FieldWatch(
                pipeline.name(),
                changes,
                pipeline.wiring().fields(),
                request.leftOut(pipeline.wiring()),
                !reading.partial() && !first.limited() && !reading.leavesAlone(),
                request.allowMissingFields());
        this.stop = stop;
        this.notes.addAll(reading.notes());
        reading.from().ifPresent(from -> unmet.addAll(from.owed()));
    }

    /** Whether every object was read to its true end and everything it holds was emitted. */
    boolean whole() {
        return whole;
    }

    /** Whether objects were left alone. */
    boolean leavesAlone() {
        return reading.leavesAlone();
    }

    /** Whether a sink may wait for more than was read, as slices of a backfill failed or are still to be read. */
    boolean besides() {
        return reading.besides();
    }

    /** Whether slices of a backfill are still to be read. */
    boolean open() {
        return reading.open();
    }

    /** Where the next incremental reading begins; empty for a source that is read in full only, and when it stays. */
    Optional<String> position() {
        if (setAside) return Optional.empty();
        // nothing new was seen: what is owed may have changed all the same
        return position.or(() -> reading.from().filter(from -> whole).map(Checkpoints.Checkpoint::position));
    }

    /** The keys that the next reading shows, wherever it begins. */
    Set<String> owed() {
        return Set.copyOf(owed);
    }

    /**
     * Whether what is owed was not met, as it was corrected or deleted where no position shows it, or is too much to be kept: a
     * whole reading must look.
     */
    boolean losesSight() {
        return whole && !setAside && (!unmet.isEmpty() || owesTooMuch());
    }

    private boolean owesTooMuch() {
        return owed.size() > Unplaced.MOST;
    }

    /** The objects that were read to their end, and of which every row was emitted. */
    List<StoredObject> wholeNews() {
        return List.copyOf(wholeNews);
    }

    /** What keeps the run from succeeding, in sentences. */
    List<String> problems() {
        return problems;
    }

    /** What else is worth knowing, in sentences. */
    List<String> notes() {
        return notes;
    }

    void emit(Consumer<List<Record>> out) {
        try (held) {
            read(out);
            whole = problems.isEmpty() && !first.limited();
            if (losesSight() && owesTooMuch()) {
                notes.add(pipeline.name()
                        + ": rows whose cursor is ahead of the store's time or no value must be at most "
                        + Unplaced.MOST
                        + " to be kept in sight, got more; the next run reads the source whole, as each does"
                        + " until they are corrected, or left out by the source");
            } else if (losesSight()) {
                notes.add(pipeline.name()
                        + ": rows whose cursor was ahead of the store's time or no value, and that were not met again: "
                        + unmet.size()
                        + "; they were deleted or have an earlier cursor now, so the next run reads the source whole");
            }
            if (tally.passedOver.sum() > 0) {
                notes.add(pipeline.name()
                        + ": records read that no sink gets, as another object's record of their key wins"
                        + " ('winner' of the source): " + tally.passedOver.sum());
            }
            if (whole) sweep(out);
        }
    }

    private void read(Consumer<List<Record>> out) {
        try (ObjectsAhead objects = new ObjectsAhead(reading, changes, sideBySide)) {
            if (!objects.hasNext()
                    && !allowDeletes
                    && !leavesAlone()
                    && !reading.source().consumes()) {
                problems.add(pipeline.name() + ": the source must hold at least one object, found none;"
                        + " check its input, prefix and name pattern, or run once with --allow-deletes if it is empty");
            }
            while (!first.all() && objects.hasNext()) {
                stop.check();
                SourceObject object = objects.next();
                Optional<Skipped> known = reading.source().readsUnchanged() ? Optional.empty() : changes.skip(object);
                if (known.isEmpty()) read(object, out);
                else if (!first.limited()) skipped(object, known.get());
            }
        } catch (IncompleteSourceException | UnavailableException e) {
            stop.check(); // who is stopped may be interrupted in the middle of a call
            problems.add(e.getMessage());
        }
        if (problems.isEmpty()) problems.addAll(watch.ended(notes));
        else if (!held.isEmpty() && !refused) problems.addAll(watch.waiting());
        if (watch.satisfied() && !refused) held.release(out);
        else wholeNews.clear(); // nobody may fetch it past us
        reading.source().columns().ifPresent(this::settle);
        if (problems.isEmpty()) watch.settle();
    }

    private void settle(ColumnWatch columns) {
        boolean whole = !reading.partial() && !reading.leavesAlone() && problems.isEmpty();
        notes.addAll(columns.notes(whole));
        if (problems.isEmpty()) changes.settleColumns(columns.changes(whole));
    }

    /** Hands it on when every field was met that records had. */
    private void hand(List<Record> batch, Consumer<List<Record>> out) {
        if (!watch.satisfied() || refused) {
            held.add(batch);
            return;
        }
        if (!held.isEmpty()) held.release(out);
        out.accept(batch);
    }

    /** Counts what the object holds, as if it had been read. */
    private void skipped(SourceObject object, Skipped known) {
        watch.skipped(object);
        tally.read.add(known.records() + known.unreadable());
        tally.unchanged.add(known.records());
        tally.dead.add(known.unreadable());
    }

    private void read(SourceObject object, Consumer<List<Record>> out) {
        changes.reading(object);
        met.reading(object.name());
        watch.begin(object);
        long before = tally.read.sum();
        long emitted = 0;
        SaidDeleted said = new SaidDeleted();
        try (RecordReader reader = reading.source().open(object);
                Batches batches = new Batches(
                        object.name(), pipeline.cut(), said.of(readable(object, first.of(reader))), this::bad)) {
            while (batches.hasNext()) {
                stop.check();
                Batch batch = batches.next();
                settle(said);
                if (!unmet.isEmpty()) batch.records().forEach(r -> unmet.remove(r.key()));
                News news = changes.news(batch);
                tally.read.add(batch.records().size() - news.repeats());
                tally.unchanged.add(news.unchanged());
                again(batch, news);
                emitted += news.waiting().size();
                watch.met(batch.records());
                watch.met(reader.rowFields());
                if (!news.waiting().isEmpty()) hand(news.waiting(), out);
            }
            settle(said);
            watch.met(reader.rowFields());
            letters.flush();
            if (first.all()) return; // whatever the object still holds
            changes.read(object, watch.fields());
            watch.ended().ifPresent(why -> {
                refused = true;
                problem(why);
            });
            long rows = tally.read.sum() - before;
            if (emitted == rows && reader.asStored())
                reading.source().stored(object, rows).ifPresent(wholeNews::add);
            if (!leavesAlone()) {
                reader.position().ifPresent(p -> position = Optional.of(p));
                owed.addAll(reader.owed());
            }
            reader.note().ifPresent(notes::add);
        } catch (SetAsideException e) {
            setAside = true;
            // no later run would try the slice again
            if (leavesAlone() && reading.partial()) problem(e.getMessage());
            else if (notes.size() < NAMED) notes.add(e.getMessage());
            letters.setAside(object, e);
            changes.setAside(object);
        } catch (IncompleteSourceException | UnavailableException e) {
            stop.check();
            problem(e.getMessage());
            letters.failed(object, e);
            letters.flush();
        }
    }

    /** A record that is said to be gone where its key was met before in the object is a mistake too: the first row counts. */
    private void settle(SaidDeleted said) {
        Map<Record, Optional<Origin>> twice = said.settle(changes, met);
        if (twice.isEmpty()) return;
        tally.read.add(twice.size());
        tally.dead.add(twice.size());
        letters.duplicates(twice, keys -> changes.objects(keys));
    }

    /** Records whose key was met before: mistakes, but where another object is meant to win. */
    private void again(Batch batch, News news) {
        Set<Record> duplicates = Collections.newSetFromMap(new IdentityHashMap<>());
        duplicates.addAll(news.duplicates());
        Map<Record, Optional<Origin>> mistakes = new LinkedHashMap<>();
        for (Record record : batch.records()) {
            Optional<Origin> first = met.met(record);
            if (!duplicates.contains(record)) continue;
            boolean here = first.filter(met::here).isPresent();
            if (here || !reading.source().supersedes()) mistakes.put(record, first);
        }
        tally.passedOver.add(news.duplicates().size() - mistakes.size());
        tally.dead.add(mistakes.size());
        if (!mistakes.isEmpty()) letters.duplicates(mistakes, keys -> changes.objects(keys));
    }

    @SuppressWarnings("resource") // the reader is closed by who opened it
    private RecordReader readable(SourceObject object, RecordReader reader) {
        return new ReadableRows(object.name(), reader, pipeline.limits().objectLimitPercent());
    }

    private void bad(BadRow row) {
        tally.read.increment();
        tally.dead.increment();
        row.key().ifPresent(unmet::remove);
        letters.bad(row);
    }

    private void problem(String sentence) {
        if (problems.size() < NAMED) problems.add(sentence);
        else if (problems.size() == NAMED) problems.add("more objects failed: see their dead letters");
    }

    private void sweep(Consumer<List<Record>> out) {
        Gone gone = changes.gone();
        if (!gone.waiting().isEmpty()) notes.add(WaitingDeletes.sentence(pipeline.name(), gone.waiting()));
        if (gone.missing() > 0)
            notes.add(WaitingDeletes.missing(pipeline.name(), gone.missing(), gone.named(), deletesAfter));
        Optional<String> why = allowDeletes ? Optional.empty() : forbidden(gone);
        if (why.isPresent()) problems.add(why.get());
        else changes.markDeleted(gone, allowDeletes);
        // those of earlier runs go in any case: the sinks move, and would never get them
        Fields keyFields = new Fields(pipeline.source().keyFields());
        List<Tombstone> page = changes.tombstones("", TOMBSTONES_AT_ONCE);
        while (!page.isEmpty()) {
            stop.check();
            tally.gone(page);
            out.accept(page.stream().map(t -> tombstone(t, keyFields)).toList());
            page = changes.tombstones(page.get(page.size() - 1).key(), TOMBSTONES_AT_ONCE);
        }
    }

    /** Why what is gone may not be deleted unless somebody says so. */
    private Optional<String> forbidden(Gone gone) {
        int limit = pipeline.limits().deleteLimitPercent();
        if (gone.scopeChanged() && gone.records() > 0) {
            String rule = "be allowed when the source's settings changed what is in scope";
            return Optional.of(SettingChecks.sentence(pipeline.name(), "deletes", rule, gone.records())
                    + "; nothing was deleted. If the records that are out of scope now are to go, run once with"
                    + " --allow-deletes; if not, set the source's settings back");
        }
        if (gone.exceeds(limit)) {
            String rule = "be at most " + limit + " % of " + gone.of() + " records";
            return Optional.of(SettingChecks.sentence(pipeline.name(), "deletes", rule, gone.records())
                    + "; nothing was deleted. If the source really lost them, run once with --allow-deletes");
        }
        if (gone.records() > 0 && pipeline.source().keyFields().equals(Kinds.KEY)) return ofKinds(limit);
        return Optional.empty();
    }

    /** A tab or collection among many that is empty, or was half read, is few records of all. */
    private Optional<String> ofKinds(int limit) {
        List<String> lose = changes.kindsThatLose(limit);
        if (lose.isEmpty()) return Optional.empty();
        return Optional.of(SettingChecks.sentence(
                        pipeline.name(),
                        "deletes",
                        "be at most " + limit + " % of each kind of records",
                        String.join(", ", lose))
                + "; nothing was deleted. If the source really lost them, run once with --allow-deletes");
    }

    private static Record tombstone(Tombstone t, Fields keyFields) {
        Object[] values = Keys.split(t.key(), keyFields.size()).toArray();
        return Record.tombstone(t.key(), keyFields, values, t.changedRun());
    }
}
