package io.caravan.run;

import io.caravan.delivery.RunContext;
import io.caravan.record.Record;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** One trip of batches through a pipeline's route: opened by the source Kamelet, ended by it whatever happened. */
public interface Session extends RunContext {

    /** The batches that are to pass the route, in order, made while they are asked for. */
    Iterator<List<Record>> batches();

    /** Ends the trip and says what it did; {@code failure} is what broke it off, if anything did. */
    RunReport close(Optional<Throwable> failure);
}
