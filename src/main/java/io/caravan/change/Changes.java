package io.caravan.change;

import io.caravan.ledger.BatchStates;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.ObjectStates;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.RecordStates.Change;
import io.caravan.ledger.RecordStates.State;
import io.caravan.ledger.RecordStates.Tombstone;
import io.caravan.ledger.Transactions;
import io.caravan.record.Batch;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.source.SourceObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Decides, once for all sinks, what of a source is news, by the protocol of docs/ledger.md. Everything it decides is
 * in the ledger before it says so, so that a crash at any moment loses nothing. Used by one thread.
 */
public final class Changes {

    /** Fingerprints met but not yet written: few enough to forget, many enough to make their cost vanish. */
    private static final int MET_AT_ONCE = 256;

    private final Transactions ledger;
    private final short flow;
    private final long run;
    private final long acked;
    private final boolean partial;
    private final Set<Hash> met = new HashSet<>();

    /**
     * @param acked the run up to which every sink has everything
     * @param partial the source shows only what changed since its checkpoint: what is not met is not gone
     */
    public Changes(Transactions ledger, short flow, long run, long acked, boolean partial) {
        this.ledger = ledger;
        this.flow = flow;
        this.run = run;
        this.acked = acked;
        this.partial = partial;
    }

    /** How many records an object holds that need not be read: known by its etag, and no sink waits for any of them. */
    public OptionalLong skip(SourceObject object) {
        return ledger.in(c -> {
            boolean known = ObjectStates.etag(c, flow, object.name(), acked)
                    .filter(object.etag()::equals)
                    .isPresent();
            if (!known) return OptionalLong.empty();
            ObjectStates.skipped(c, flow, object.name(), run);
            return OptionalLong.of(BatchStates.meetAll(c, flow, object.name(), run));
        });
    }

    /** The etag by which an object would be skipped. */
    public Optional<String> etag(String object) {
        return ledger.read(c -> ObjectStates.etag(c, flow, object, acked));
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
        ledger.in(c -> {
            writeMet(c);
            if (partial) {
                DeadLetters.readable(c, flow, object.name());
                return null;
            }
            BatchStates.dropUnmet(c, flow, object.name(), run);
            DeadLetters.gone(c, flow, object.name(), run);
            ObjectStates.read(c, flow, object.name(), object.etag(), run);
            return null;
        });
        met.clear();
    }

    /** Tells the news of a batch, after writing it down. */
    public News news(Batch batch) {
        // nobody else writes while the lease is ours: what is read here holds until we write, which asks for the lease
        Optional<BatchStates.State> known = ledger.read(c -> BatchStates.find(c, flow, batch.fingerprint()));
        if (met.contains(batch.fingerprint())
                || known.filter(k -> k.seenRun() == run).isPresent()) {
            return ledger.in(c -> metAgain(c, batch));
        }
        if (known.filter(k -> k.changedRun() <= acked && !k.duplicates()).isEmpty()) {
            return ledger.in(c -> compare(c, batch));
        }
        met.add(batch.fingerprint());
        if (met.size() >= MET_AT_ONCE) {
            ledger.in(c -> {
                writeMet(c);
                return null;
            });
        }
        return new News(List.of(), List.of(), batch.records().size());
    }

    /** What the ledger would delete now that every object was read: records that no object holds any more. */
    public Gone gone() {
        if (partial) return new Gone(0, 0);
        return ledger.in(c -> {
            // together: an object that comes back as it was must not be skipped once its batches are gone
            ObjectStates.forgetUnseen(c, flow, run);
            BatchStates.dropUnmet(c, flow, run);
            long orphans = BatchStates.isUnswept(c, flow) ? RecordStates.orphans(c, flow) : 0;
            return new Gone(orphans, orphans == 0 ? 0 : RecordStates.live(c, flow));
        });
    }

    /** Makes tombstones of the records that are gone; they are changes like any other. */
    public void bury() {
        if (partial) return;
        ledger.in(c -> {
            if (BatchStates.isUnswept(c, flow)) RecordStates.bury(c, flow, run);
            BatchStates.swept(c, flow);
            return null;
        });
    }

    /** The next tombstones that some sink waits for, by key. */
    public List<Tombstone> tombstones(String afterKey, int most) {
        return ledger.in(c -> RecordStates.tombstones(c, flow, acked, afterKey, most));
    }

    private News metAgain(Connection c, Batch batch) throws SQLException {
        writeMet(c);
        BatchStates.hasDuplicates(c, flow, batch.fingerprint());
        return new News(List.of(), batch.records(), 0);
    }

    private News compare(Connection c, Batch batch) throws SQLException {
        Map<String, State> rows = RecordStates.find(
                c, flow, batch.records().stream().map(Record::key).toList());
        List<Record> waiting = new ArrayList<>();
        List<Record> duplicates = new ArrayList<>();
        List<Change> fresh = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        Set<Hash> broken = new HashSet<>();
        Set<String> keys = new HashSet<>(batch.records().size() * 2);
        long newest = 0;
        for (Record record : batch.records()) {
            State row = rows.get(record.key());
            boolean elsewhere = row != null && !row.batch().equals(batch.fingerprint());
            if (keys.contains(record.key()) || (elsewhere && !row.dead() && metInThisRun(row))) {
                duplicates.add(record);
                continue;
            }
            keys.add(record.key());
            boolean same = row != null && !row.dead() && row.hash().equals(record.hash());
            long changed = same ? row.changedRun() : run;
            long first = row == null || row.dead() ? run : row.firstRun();
            Change change = new Change(record.key(), record.hash(), first, changed);
            if (row == null) fresh.add(change);
            else if (!same || elsewhere) changes.add(change);
            if (elsewhere) broken.add(row.batch());
            if (changed > acked) waiting.add(record.changedIn(changed));
            newest = Math.max(newest, changed);
        }
        BatchStates.State state = new BatchStates.State(
                newest, run, !duplicates.isEmpty(), batch.records().size() - duplicates.size());
        RecordStates.insert(c, flow, batch.fingerprint(), fresh);
        RecordStates.write(c, flow, batch.fingerprint(), changes);
        BatchStates.breakPromises(c, flow, broken);
        BatchStates.write(c, flow, batch.fingerprint(), batch.object(), state);
        return new News(waiting, duplicates, keys.size() - waiting.size());
    }

    private boolean metInThisRun(State row) {
        return row.batchSeen() == run || met.contains(row.batch());
    }

    private void writeMet(Connection c) throws SQLException {
        BatchStates.seen(c, flow, met, run);
        met.clear();
    }
}
