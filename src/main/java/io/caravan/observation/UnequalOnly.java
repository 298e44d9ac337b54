package io.caravan.observation;

import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Leaves out observations that were read before with the same content, as files say things twice. Those of the same series and time with
 * another value go on: the ledger takes the first and makes a dead letter of the other. What was read is remembered by 128 bits of a hash,
 * seeded anew each time so that no file can be made to have two of one; the last one to two millions of them, so that memory does not grow. An
 * equal one from before that is a dead letter too.
 */
final class UnequalOnly implements RecordReader {

    private static final int FIRST_ROOM = 1 << 12; // must be a power of two
    private static final int MOST = 1_000_000;

    private final RecordReader reader;
    private final SeededHash hash = new SeededHash();
    private Seen recent = new Seen();
    private Seen before = new Seen();

    UnequalOnly(RecordReader reader) {
        this.reader = reader;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        while (true) {
            Optional<Record> record = reader.read(bad);
            if (record.isEmpty() || isNew(record.get())) return record;
        }
    }

    @Override
    public void close() {
        reader.close();
    }

    private boolean isNew(Record record) {
        hash.of(record);
        if (before.has(hash) || !recent.add(hash)) return false;
        if (recent.size == MOST) {
            before = recent;
            recent = new Seen();
        }
        return true;
    }

    /** A set of hashes, two longs each. */
    private static final class Seen {

        private long[] table = new long[2 * FIRST_ROOM];
        private int size;

        boolean has(SeededHash hash) {
            int at = place(table, hash.high(), hash.low());
            return size > 0 && (table[at] != 0 || table[at + 1] != 0);
        }

        boolean add(SeededHash hash) {
            int at = place(table, hash.high(), hash.low());
            if (table[at] != 0 || table[at + 1] != 0) return false;
            table[at] = hash.high();
            table[at + 1] = hash.low();
            if (++size * 8L > table.length * 3L) grow(); // more than three quarters
            return true;
        }

        private void grow() {
            long[] larger = new long[2 * table.length];
            for (int i = 0; i < table.length; i += 2) {
                if (table[i] == 0 && table[i + 1] == 0) continue;
                int at = place(larger, table[i], table[i + 1]);
                larger[at] = table[i];
                larger[at + 1] = table[i + 1];
            }
            table = larger;
        }

        /** Where it is, or would be. */
        private static int place(long[] table, long high, long low) {
            int mask = table.length - 2;
            int at = (int) low << 1 & mask;
            while ((table[at] != 0 || table[at + 1] != 0) && (table[at] != high || table[at + 1] != low)) {
                at = at + 2 & mask;
            }
            return at;
        }
    }
}
