package io.caravan.book;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what a source says, leaving out what it does not say. */
final class FactsBuilder {

    private final String source;
    private final Map<Field, Object> values = new EnumMap<>(Field.class);

    FactsBuilder(String source) {
        this.source = source;
    }

    /** The first value stays. */
    FactsBuilder put(Field field, Optional<?> value) {
        value.ifPresent(v -> values.putIfAbsent(field, v));
        return this;
    }

    FactsBuilder put(Field field, List<String> texts) {
        return put(field, Optional.of(texts).filter(t -> !t.isEmpty()));
    }

    /** An average without a count, or of no ratings, says nothing. */
    FactsBuilder ratings(Optional<Long> count, Optional<BigDecimal> average) {
        if (count.isEmpty() || average.isEmpty() || count.get() == 0) return this;
        return put(Field.RATING_COUNT, count).put(Field.RATING_AVERAGE, average);
    }

    Facts facts() {
        return new Facts(source, values);
    }
}
