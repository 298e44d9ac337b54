package io.caravan.notify;

import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;

/**
 * Counts what sinks were given, and sums a hash of each change: of its key, its content and the run in which it became news. So
 * the order in which batches arrive does not matter, and the same changes told of again have the same sum. Thread-safe.
 */
final class Gathered {

    private final String pipeline;
    private long run;
    private long records;
    private long deleted;
    private long high;
    private long low;

    Gathered(String pipeline) {
        this.pipeline = pipeline;
    }

    synchronized void add(Iterable<Record> batch) {
        MessageDigest digest = Sha256.digest();
        for (Record record : batch) {
            byte[] key = record.key().getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(25)
                    .put((byte) (record.deleted() ? 1 : 0))
                    .putLong(record.changedRun())
                    .putLong(record.hash().high())
                    .putLong(record.hash().low())
                    .flip());
            Hash change = Hash.of(digest.digest(key));
            high += change.high();
            low += change.low();
            run = Math.max(run, record.changedRun());
            if (record.deleted()) deleted++;
            else records++;
        }
    }

    /** What there is to tell; empty when nothing was added. */
    synchronized Optional<Notice> notice() {
        if (records + deleted == 0) return Optional.empty();
        byte[] pipelineBytes = pipeline.getBytes(StandardCharsets.UTF_8);
        Hash id = Hash.of(Sha256.digest()
                .digest(ByteBuffer.allocate(32 + pipelineBytes.length)
                        .putLong(high)
                        .putLong(low)
                        .putLong(records)
                        .putLong(deleted)
                        .put(pipelineBytes)
                        .array()));
        return Optional.of(new Notice(pipeline, run, records, deleted, id.toString(), Instant.now()));
    }

    synchronized void clear() {
        run = records = deleted = high = low = 0;
    }
}
