package io.caravan.delivery;

import io.caravan.record.Record;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A sink that nobody can ask what it holds, such as one that tells somebody something: {@code verify} says so. */
public interface UnverifiableSink extends Sink {

    /** Why, in a sentence that begins with {@link #name}. */
    String unverifiable();

    @Override
    default Stream<String> keys() {
        throw new UnsupportedOperationException(unverifiable());
    }

    @Override
    default Set<String> differing(List<Record> batch) {
        throw new UnsupportedOperationException(unverifiable());
    }
}
