package io.caravan.record;

import java.util.List;

/**
 * The records that travel together, all of one object, in its order. The fingerprint is a hash of the object's name and
 * of each record's key and content hash in order: the same fingerprint is the same batch.
 */
public record Batch(String object, List<Record> records, Hash fingerprint) {

    public Batch {
        records = List.copyOf(records);
    }

    /** Which batch, never what is in it. */
    @Override
    public String toString() {
        return "batch " + fingerprint + " of " + object + ", " + records.size() + " records";
    }
}
