package io.caravan.step;

import io.caravan.error.BadRecordException;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Changes the records of a batch: validates, maps, enriches, embeds. Thread-safe; settings checked
 * in the constructor.
 */
public interface Step {

    /**
     * The changed records, in order. A record that breaks a rule is left out and handed to {@code
     * reject} with the reason. Tombstones pass unchanged.
     */
    List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject);

    /** The step as it is for a run that began then; most are the same for all. */
    default Step at(Instant began) {
        return this;
    }
}
