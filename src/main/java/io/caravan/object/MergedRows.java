package io.caravan.object;

import io.caravan.format.RecordWriter;
import io.caravan.format.RowForm;
import io.caravan.record.Record;
import java.io.IOException;
import java.util.Iterator;

/** The rows an object is to hold: those it holds, and the changes to it, both in the order of their keys. */
final class MergedRows {

    private final Iterator<Record> stored;
    private final Spool.Newest changes;
    private final String object;
    private final RowForm rows;
    private Record head; // of stored
    private Record kept; // the next row, when it is one that is stored
    private Spool.Change changed; // the next row, when it is a change

    /** @param changes stands at the first change of the object, and is left behind its last */
    MergedRows(Iterator<Record> stored, Spool.Newest changes, RowForm rows) {
        this.stored = stored;
        this.changes = changes;
        this.object = changes.peek().object();
        this.rows = rows;
        this.head = stored.hasNext() ? stored.next() : null;
        advance();
    }

    boolean isEmpty() {
        return kept == null && changed == null;
    }

    /** Writes all rows and tells how many. */
    long writeTo(RecordWriter writer) throws IOException {
        long written = 0;
        for (; !isEmpty(); advance(), written++) {
            if (kept != null) writer.write(kept);
            else rows.write(writer, changed.key(), changed.row());
        }
        return written;
    }

    private void advance() {
        kept = null;
        changed = null;
        while (changes.hasNext() && changes.peek().object().equals(object)) {
            int order = head == null ? 1 : head.key().compareTo(changes.peek().key());
            if (order < 0) {
                kept = takeStored();
                return;
            }
            if (order == 0) takeStored();
            Spool.Change change = changes.next();
            if (change.row() == null) continue;
            changed = change;
            return;
        }
        if (head != null) kept = takeStored();
    }

    private Record takeStored() {
        Record row = head;
        head = stored.hasNext() ? stored.next() : null;
        return row;
    }
}
