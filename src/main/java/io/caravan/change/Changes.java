package io.caravan.change;

import io.caravan.ledger.AuditInput;
import io.caravan.ledger.BatchStates;
import io.caravan.ledger.BatchStates.Skipped;
import io.caravan.ledger.ColumnHistory;
import io.caravan.ledger.ConflictException;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.Flows;
import io.caravan.ledger.LateWrites;
import io.caravan.ledger.ObjectStates;
import io.caravan.ledger.PlannedRecords;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.RecordStates.Change;
import io.caravan.ledger.RecordStates.Orphans;
import io.caravan.ledger.RecordStates.Share;
import io.caravan.ledger.RecordStates.State;
import io.caravan.ledger.RecordStates.Tombstone;
import io.caravan.ledger.Transactions;
import io.caravan.record.Batch;
import io.caravan.record.ColumnChange;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.source.SourceObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides, once for all sinks, what of a source is news, by the protocol of docs/ledger.md. Everything it decides is
 * in the ledger before it says so, so that a crash at any moment loses nothing. Used by one thread.
 */
public final class Changes {

    /** Fingerprints seen but not yet written: few enough to forget, many enough to make their cost vanish. */
    private static final int SEEN_AT_ONCE = 256;
    /** Records that are missing, named by key. */
    private static final int NAMED = 5;
    /** So many writers may wake while one batch is compared. */
    private static final int CONFLICTS = 3;

    private static final int FEW_OF_A_KIND = 2;
    /** Between an etag and what stands for the settings by which its object was read. */
    private static final char BY = '\n';

    private final Transactions ledger;
    private final short flow;
    private final long run;
    private final long acked;
    private final boolean partial;
    private final String scope;
    private final int deletesAfter;
    private final boolean moves;
    private final Optional<Others> others;
    private final Set<Hash> seen = new HashSet<>();
    private boolean aside;
    /** The keys of which the source said in this run that they are gone. */
    private final Set<String> deleted = new HashSet<>();

    /**
     * @param acked the run up to which every sink has everything
     * @param partial the source shows only what changed since its checkpoint: what is not seen is not gone
     * @param scope stands for the settings of the source that say what is in scope: what is outside is not gone either
     * @param deletesAfter how many whole readings in a row must lack a record that is gone
     * @param moves a record that is shown twice just as it is, is one
     * @param others the objects that this run leaves alone, where it does: what it does not see is not gone then
     */
    public Changes(
            Transactions ledger,
            short flow,
            long run,
            long acked,
            boolean partial,
            String scope,
            int deletesAfter,
            boolean moves,
            Optional<Others> others) {
        this.ledger = ledger;
        this.flow = flow;
        this.run = run;
        this.acked = acked;
        this.partial = partial;
        this.scope = scope;
        this.deletesAfter = deletesAfter;
        this.moves = moves;
        this.others = others;
    }

    /** What an object holds that need not be read: known by its etag, and no sink waits for any record of it. */
    public Optional<Skipped> skip(SourceObject object) {
        return ledger.in(c -> {
            boolean known =
                    known(c, object.name()).filter(object.etag()::equals).isPresent();
            if (!known) return Optional.empty();
            ObjectStates.skipped(c, flow, object.name(), run);
            return Optional.of(BatchStates.markSeen(c, flow, object.name(), run));
        });
    }

    /** The etag by which an object would be skipped. */
    public Optional<String> etag(String object) {
        return ledger.read(c -> known(c, object));
    }

    /** The etag under which it was read by the settings of now: by others, the same bytes may be other records. */
    private Optional<String> known(Connection c, String object) throws SQLException {
        Optional<String> kept = ObjectStates.etag(c, flow, object, acked);
        if (kept.isEmpty()) return kept;
        int end = kept.get().lastIndexOf(BY);
        if (end >= 0) {
            return kept.filter(etag -> etag.substring(end + 1).equals(scope)).map(etag -> etag.substring(0, end));
        }
        // kept without settings, by an older Caravan
        return Flows.scope(c, flow).orElse(scope).equals(scope) ? kept : Optional.empty();
    }

    private String kept(String etag) {
        return etag.isEmpty() || scope.isEmpty() ? etag : etag + BY + scope;
    }

    /** By key: the object that holds the record, where one does. */
    public Map<String, String> objects(List<String> keys) {
        return ledger.read(c -> RecordStates.objects(c, flow, keys));
    }

    /** To be called before an object is read. */
    public void reading(SourceObject object) {
        if (partial) return;
        ledger.in(c -> {
            ObjectStates.reading(c, flow, object.name(), run);
            return null;
        });
    }

    /** To be called when an object was read to its true end. */
    public void read(SourceObject object) {
        read(object, Optional.empty());
    }

    /** The same, where {@code fields} are those that somebody reads and that its records have. */
    public void read(SourceObject object, Optional<Set<String>> fields) {
        ledger.in(c -> {
            writeSeen(c);
            if (partial) {
                DeadLetters.readable(c, flow, object.name());
                input(object).write(c, run, false);
                return null;
            }
            BatchStates.dropUnseen(c, flow, object.name(), run);
            DeadLetters.gone(c, flow, object.name(), run);
            ObjectStates.read(c, flow, object.name(), kept(object.etag()), run, input(object));
            if (fields.isPresent()) ObjectStates.readFields(c, flow, object.name(), fields.get());
            return null;
        });
        seen.clear();
    }

    private static AuditInput input(SourceObject object) {
        return new AuditInput(object.name(), object.etag(), object.size());
    }

    /**
     * To be called instead when an object is set aside, its letter written: nothing of it is deleted, the next run reads it
     * again, and then every sink gets what it could not get now.
     */
    public void setAside(SourceObject object) {
        ledger.in(c -> {
            writeSeen(c);
            if (partial) {
                BatchStates.dropUnsent(c, flow, object.name(), run, acked);
                input(object).write(c, run, true);
            } else {
                BatchStates.dropUnseen(c, flow, object.name(), run);
                ObjectStates.setAside(c, flow, object.name(), run, input(object));
            }
            RecordStates.forgetUnsent(c, flow, acked);
            DeadLetters.setAside(c, flow, object.name());
            return null;
        });
    }

    /** Of the fields that somebody reads, those that records of an object had when it was last read to its end. */
    public Set<String> fields(String object) {
        return ledger.read(c -> ObjectStates.fields(c, flow, object));
    }

    /** The same of all records, up to the last run that {@link #settleFields settled} them. */
    public Set<String> settledFields() {
        return ledger.read(c -> ObjectStates.settledFields(c, flow));
    }

    /** The same of what this run has seen; empty when nobody knows them of one of its objects, as an older Caravan read it. */
    public Optional<Set<String>> seenFields() {
        return ledger.in(c -> ObjectStates.seenFields(c, flow, run));
    }

    /** From now on the fields that were read are those that records had. */
    public void settleFields() {
        ledger.in(c -> {
            ObjectStates.settleFields(c, flow);
            return null;
        });
    }

    /** From now on the columns of a source are what these have made of them. */
    public void settleColumns(List<ColumnChange> columns) {
        if (columns.isEmpty()) return;
        ledger.in(c -> {
            ColumnHistory.add(c, flow, run, columns);
            return null;
        });
    }

    /** To be called first of a plan, which is rolled back: records of a flow that has none yet are kept beside the ledger. */
    public void planned() {
        aside = ledger.in(c -> PlannedRecords.begin(c, flow));
    }

    /** Tells the news of a batch, after writing it down. */
    public News news(Batch batch) {
        if (partial) readAgain(batch);
        // nobody else writes while the lease is ours: what is read here holds until we write, which asks for the lease
        Optional<BatchStates.State> known = ledger.read(c -> BatchStates.find(c, flow, batch.fingerprint()));
        if (seen.contains(batch.fingerprint())
                || known.filter(k -> k.seenRun() == run).isPresent()) {
            return ledger.in(c -> seenAgain(c, batch));
        }
        if (known.filter(k -> k.changedRun() <= acked && !k.duplicates()).isEmpty()) {
            return compare(batch);
        }
        seen.add(batch.fingerprint());
        if (seen.size() >= SEEN_AT_ONCE) {
            ledger.in(c -> {
                writeSeen(c);
                return null;
            });
        }
        return new News(List.of(), List.of(), batch.records().size(), 0);
    }

    /**
     * Makes tombstones of records of which a source that shows only what changed says that they are gone, unless this run has seen
     * them in another object or row: the first counts.
     */
    public void deleted(List<String> keys) {
        if (!partial) throw new IllegalStateException("a source that shows all says by that what is gone");
        deleted.addAll(keys);
        ledger.in(c -> {
            writeSeen(c);
            Set<Hash> broken = new HashSet<>();
            List<String> gone = new ArrayList<>();
            RecordStates.find(c, flow, keys).forEach((key, row) -> {
                if (row.dead() || seenInThisRun(row)) return;
                gone.add(key);
                broken.add(row.batch());
            });
            RecordStates.markDeleted(c, flow, run, gone);
            BatchStates.invalidateBatches(c, flow, broken);
            DeadLetters.read(c, flow, keys);
            return null;
        });
    }

    /** A whole reading ends the letters of rows that it did not meet, one from a position on those whose records it met. */
    private void readAgain(Batch batch) {
        List<String> keys = batch.records().stream().map(Record::key).toList();
        ledger.in(c -> {
            DeadLetters.read(c, flow, keys);
            return null;
        });
    }

    /** What the ledger would delete now that every object was read: records that no object holds any more. */
    public Gone gone() {
        if (partial || others.isPresent()) return Gone.NONE;
        return ledger.in(c -> {
            // together: an object that comes back as it was must not be skipped once its batches are gone
            ObjectStates.forgetUnseen(c, flow, run);
            BatchStates.dropUnseen(c, flow, run);
            Orphans orphans = Orphans.NONE;
            if (BatchStates.isUnswept(c, flow)) {
                RecordStates.miss(c, flow, deletesAfter);
                orphans = RecordStates.orphans(c, flow, acked, deletesAfter);
            }
            // whether they are deleted or not: the sinks move, and must get them if they come back
            if (orphans.unsent() > 0) RecordStates.forgetUnsent(c, flow, acked);
            // what batches contain and what none does: all that is live, without a look at each
            long live = orphans.gone() == 0 ? 0 : BatchStates.records(c, flow) + orphans.all();
            boolean changed =
                    Flows.scope(c, flow).filter(known -> !known.equals(scope)).isPresent();
            List<String> named =
                    orphans.missing() == 0 ? List.of() : RecordStates.missing(c, flow, deletesAfter, NAMED);
            return new Gone(orphans.gone(), live, orphans.missing(), named, orphans.waiting(), changed);
        });
    }

    /**
     * The kinds of which more than that share of the records is gone, and more than two of them or all: an empty or half read tab of
     * several. In words, by kind; asked of records with kinds only.
     */
    public List<String> kindsThatLose(int percent) {
        Map<String, Share> kinds = ledger.in(c -> RecordStates.goneByKind(c, flow, deletesAfter));
        List<String> lose = new ArrayList<>();
        kinds.forEach((kind, share) -> {
            boolean many = share.some() * 100 > share.of() * (long) percent;
            boolean few = percent > 0 && share.some() <= FEW_OF_A_KIND && share.some() < share.of();
            if (many && !few) lose.add(kind + " " + share.some() + " of " + share.of());
        });
        return lose;
    }

    /**
     * Makes tombstones of the records that are gone; they are changes like any other.
     *
     * @param allowed somebody said that all of them may go, those that wait included
     */
    public void markDeleted(Gone gone, boolean allowed) {
        if (partial || others.isPresent()) return;
        ledger.in(c -> {
            boolean none = gone.waiting().isEmpty() && gone.missing() == 0;
            if (BatchStates.isUnswept(c, flow)) RecordStates.markDeleted(c, flow, run, deletesAfter);
            if (none) BatchStates.swept(c, flow);
            else RecordStates.forgetFormerBatches(c, flow);
            if (none || allowed || !gone.scopeChanged()) Flows.settleScope(c, flow, scope);
            return null;
        });
    }

    /** The next tombstones that some sink waits for, by key. */
    public List<Tombstone> tombstones(String afterKey, int most) {
        return ledger.in(c -> RecordStates.tombstones(c, flow, acked, afterKey, most));
    }

    private News seenAgain(Connection c, Batch batch) throws SQLException {
        writeSeen(c);
        BatchStates.hasDuplicates(c, flow, batch.fingerprint());
        return moves
                ? new News(List.of(), List.of(), 0, batch.records().size())
                : new News(List.of(), batch.records(), 0, 0);
    }

    /** A writer that woke late makes tombstones of its keys without a lease, see {@link LateWrites}: they are looked up again. */
    private News compare(Batch batch) {
        for (int again = 0; ; again++) {
            try {
                return ledger.in(c -> compare(c, batch));
            } catch (ConflictException e) {
                if (again == CONFLICTS) throw e;
            }
        }
    }

    private News compare(Connection c, Batch batch) throws SQLException {
        Map<String, State> rows = aside
                ? planned(c, batch)
                : RecordStates.find(
                        c, flow, batch.records().stream().map(Record::key).toList());
        Map<String, String> left = left(c, batch, rows);
        List<Record> waiting = new ArrayList<>();
        List<Record> duplicates = new ArrayList<>();
        List<Change> fresh = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        Set<Hash> broken = new HashSet<>();
        Map<String, Hash> keys = new HashMap<>(batch.records().size() * 2);
        int repeats = 0;
        long newest = 0;
        for (Record record : batch.records()) {
            State row = rows.get(record.key());
            boolean elsewhere = row != null && !row.batch().equals(batch.fingerprint());
            boolean again = elsewhere && !row.dead() && (seenInThisRun(row) || left.containsKey(record.key()));
            Hash before = again ? row.hash() : keys.get(record.key());
            if (before == null && deleted.contains(record.key())) before = Hash.NONE;
            if (before != null) {
                if (moves && before.equals(record.hash())) repeats++;
                else duplicates.add(record);
                continue;
            }
            keys.put(record.key(), record.hash());
            boolean same = row != null && !row.dead() && row.hash().equals(record.hash());
            long changed = same ? row.changedRun() : run;
            long first = row == null || row.dead() ? run : row.firstRun();
            Change change = new Change(record.key(), record.hash(), first, changed);
            if (row == null) fresh.add(change);
            else if (!same || elsewhere || row.missed()) changes.add(change);
            if (elsewhere) broken.add(row.batch());
            if (changed > acked) waiting.add(record.changedIn(changed));
            newest = Math.max(newest, changed);
        }
        BatchStates.State state =
                new BatchStates.State(newest, run, keys.size() < batch.records().size(), keys.size());
        if (!aside) RecordStates.insert(c, flow, batch.fingerprint(), fresh);
        RecordStates.write(c, flow, batch.fingerprint(), changes);
        BatchStates.invalidateBatches(c, flow, broken);
        BatchStates.write(c, flow, batch.fingerprint(), batch.object(), state);
        return new News(waiting, duplicates, keys.size() - waiting.size(), repeats);
    }

    private Map<String, State> planned(Connection c, Batch batch) throws SQLException {
        List<Change> records = batch.records().stream()
                .filter(record -> !deleted.contains(record.key()))
                .map(record -> new Change(record.key(), record.hash(), run, run))
                .toList();
        return new HashMap<>(PlannedRecords.add(c, run, batch.fingerprint(), records));
    }

    /** By key: the object that is left alone, and whose record counts and not that of this batch. */
    private Map<String, String> left(Connection c, Batch batch, Map<String, State> rows) throws SQLException {
        if (others.isEmpty()) return Map.of();
        List<String> elsewhere = new ArrayList<>();
        rows.forEach((key, row) -> {
            if (!row.dead() && !row.batch().equals(batch.fingerprint()) && !seenInThisRun(row)) elsewhere.add(key);
        });
        if (elsewhere.isEmpty()) return Map.of();
        Map<String, String> holders = RecordStates.objects(c, flow, elsewhere);
        holders.values().removeIf(holder -> !others.get().keep(holder, batch.object()));
        return holders;
    }

    private boolean seenInThisRun(State row) {
        return row.batchSeen() == run || seen.contains(row.batch());
    }

    private void writeSeen(Connection c) throws SQLException {
        BatchStates.markSeen(c, flow, seen, run);
        seen.clear();
    }
}
