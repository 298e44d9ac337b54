package io.caravan.record;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Cuts the records of one object into batches where the content says so: see {@link Cut}. So a record inserted
 * at the top of a file changes the batch it falls into and leaves the others as they are, instead of shifting them all.
 *
 * <ul>
 *   <li>in: a supplier that gives the next record, empty at the end; it is asked only as batches are taken
 *   <li>out: batches of about 600 records, by default; only the last one and heavy ones may hold fewer than the least
 *   <li>errors: what the supplier throws; a batch it interrupts is not given
 *   <li>source: content-defined chunking as in LBFS and rsync, on records instead of bytes
 * </ul>
 */
public final class BatchCutter implements Iterator<Batch> {

    private final String object;
    private final Cut cut;
    private final Supplier<Optional<Record>> records;
    private final Sha256Writer fingerprint = new Sha256Writer();
    private Batch next;

    public BatchCutter(String object, Supplier<Optional<Record>> records) {
        this(object, Cut.DEFAULT, records);
    }

    public BatchCutter(String object, Cut cut, Supplier<Optional<Record>> records) {
        this.object = object;
        this.cut = cut;
        this.records = records;
    }

    @Override
    public boolean hasNext() {
        if (next == null) next = cut();
        return next != null;
    }

    @Override
    public Batch next() {
        if (!hasNext()) throw new NoSuchElementException(object + ": no more batches");
        Batch batch = next;
        next = null;
        return batch;
    }

    private Batch cut() {
        List<Record> batch = new ArrayList<>(cut.least());
        long weight = 0;
        Optional<Record> record = records.get();
        while (record.isPresent()) {
            batch.add(record.get());
            weight += record.get().weight();
            if (cut.endsWith(batch.size(), weight, record.get())) break;
            record = records.get();
        }
        return batch.isEmpty() ? null : new Batch(object, batch, fingerprint(batch));
    }

    private Hash fingerprint(List<Record> batch) {
        fingerprint.putText(object);
        for (Record record : batch) {
            fingerprint.putText(record.key());
            fingerprint.putLong(record.hash().high());
            fingerprint.putLong(record.hash().low());
        }
        return fingerprint.finish();
    }
}
