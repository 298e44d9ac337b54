package io.caravan.object;

import io.caravan.record.Record;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The rows an object is to hold: those it holds, and the changes to it, both in the order of their keys. */
final class MergedRows implements Iterator<Record> {

    private final Iterator<Record> stored;
    private final Spool.Newest changes;
    private final String object;
    private final RowBytes bytes;
    private Record head; // of stored
    private Record next;

    /** @param changes stands at the first change of the object, and is left behind its last */
    MergedRows(Iterator<Record> stored, Spool.Newest changes, RowBytes bytes) {
        this.stored = stored;
        this.changes = changes;
        this.object = changes.peek().object();
        this.bytes = bytes;
        this.head = stored.hasNext() ? stored.next() : null;
        this.next = merge();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Record next() {
        if (next == null) throw new NoSuchElementException(object + ": no more rows");
        Record row = next;
        next = merge();
        return row;
    }

    private Record merge() {
        while (changed()) {
            int order = head == null ? 1 : head.key().compareTo(changes.peek().key());
            if (order < 0) return takeStored();
            if (order == 0) takeStored();
            Spool.Change change = changes.next();
            if (change.row() != null) return bytes.row(change.key(), change.row());
        }
        return head == null ? null : takeStored();
    }

    private boolean changed() {
        return changes.hasNext() && changes.peek().object().equals(object);
    }

    private Record takeStored() {
        Record row = head;
        head = stored.hasNext() ? stored.next() : null;
        return row;
    }
}
