package io.caravan.step;

import io.caravan.error.BadRecordException;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * Changes the records of a batch: validates, maps, enriches, embeds. Thread-safe; settings checked
 * in the constructor.
 */
public interface Step {

    /**
     * The changed records, in order. A record that breaks a rule is left out and handed to {@code
     * reject} with the reason; one that is not meant for the sinks behind is replaced by {@link Record#dropped(String)}. Whatever
     * else is lacking fails the run. Tombstones pass unchanged.
     */
    List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject);

    /** What is lost by applying the step to these records, in a sentence that is the same for all batches. */
    default Optional<String> note(List<Record> batch) {
        return Optional.empty();
    }

    /** How a row that never became a record is kept, for a step that hides fields; such a step stands in a route that {@code prepare} names. */
    default Optional<UnaryOperator<String>> seal() {
        return Optional.empty();
    }

    /** The step with look-ups that see what a plan lays over the stores; most look nothing up. */
    default Step over(Overlay overlay) {
        return this;
    }

    /** The step as it is for a run that began then; most are the same for all. */
    default Step at(Instant began) {
        return this;
    }
}
