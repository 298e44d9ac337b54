package io.caravan.run;

import io.caravan.record.Batch;
import io.caravan.record.BatchCutter;
import io.caravan.record.Cut;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The batches of one object, a few ahead of their consumer: one thread reads, another hashes and cuts, so that neither
 * waits for the other.
 *
 * <ul>
 *   <li>in: a reader, which stays the caller's; rows that cannot be records go to {@code bad}, on the reading thread
 *   <li>errors: what the reader throws, after the batches that were whole before
 * </ul>
 */
public final class Batches implements Iterator<Batch>, AutoCloseable {

    private static final int BATCHES_AHEAD = 4;
    private static final int CHUNKS_AHEAD = 3;
    private static final int CHUNK_RECORDS = 1_000; // waking a thread takes as long as reading some dozen records
    private static final long CHUNK_BYTES = 1 << 20;

    private final Prefetch<List<Record>> chunks;
    private final Prefetch<Batch> batches;
    private Iterator<Record> chunk = Collections.emptyIterator();

    public Batches(String object, Cut cut, RecordReader reader, Consumer<BadRow> bad) {
        chunks = new Prefetch<>("caravan-read", CHUNKS_AHEAD, emit -> read(reader, bad, emit));
        batches = new Prefetch<>("caravan-hash", BATCHES_AHEAD, emit -> new BatchCutter(object, cut, this::record)
                .forEachRemaining(emit));
    }

    @Override
    public boolean hasNext() {
        return batches.hasNext();
    }

    @Override
    public Batch next() {
        return batches.next();
    }

    @Override
    public void close() {
        batches.close();
        chunks.close();
    }

    /** On the hashing thread. */
    private Optional<Record> record() {
        if (!chunk.hasNext() && chunks.hasNext()) chunk = chunks.next().iterator();
        return chunk.hasNext() ? Optional.of(chunk.next()) : Optional.empty();
    }

    private static void read(RecordReader reader, Consumer<BadRow> bad, Consumer<List<Record>> emit) {
        List<Record> chunk = new ArrayList<>(CHUNK_RECORDS);
        try {
            long weight = 0;
            for (Optional<Record> record = reader.read(bad); record.isPresent(); record = reader.read(bad)) {
                chunk.add(record.get());
                weight += record.get().weight();
                if (chunk.size() < CHUNK_RECORDS && weight < CHUNK_BYTES) continue;
                emit.accept(chunk);
                chunk = new ArrayList<>(CHUNK_RECORDS);
                weight = 0;
            }
        } finally {
            if (!chunk.isEmpty()) emit.accept(chunk);
        }
    }
}
