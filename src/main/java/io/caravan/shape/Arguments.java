package io.caravan.shape;

import io.caravan.error.BadRecordException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a {@link ShapeFunction} is given: values of fields by the names of its arguments; a field without a value gives none. */
public final class Arguments {

    private final String place;
    private final Map<String, Object> values;

    Arguments(String place, Map<String, Object> values) {
        this.place = place;
        this.values = values;
    }

    public Optional<String> text(String argument) {
        return of(argument, String.class, "a text");
    }

    public Optional<Instant> time(String argument) {
        return of(argument, Instant.class, "a timestamp");
    }

    /** A number of any type. */
    public Optional<BigDecimal> number(String argument) {
        return of(argument, Number.class, "a number").map(Values::number);
    }

    /** The documents of a list; none when there is no list. */
    @SuppressWarnings("unchecked") // the values of records
    public List<Map<String, Object>> documents(String argument) {
        return of(argument, List.class, "a list of documents")
                .map(list -> (List<Map<String, Object>>) list)
                .orElse(List.of());
    }

    /** Why the row is refused, to be thrown. */
    public BadRecordException refused(String argument, String rule, Object value, String remedy) {
        return Refusal.of(place + " (" + argument + ")", rule, value, remedy);
    }

    private <T> Optional<T> of(String argument, Class<T> type, String kind) {
        Object value = values.get(argument);
        if (value == null) return Optional.empty();
        if (type.isInstance(value)) return Optional.of(type.cast(value));
        throw refused(argument, "be " + kind, value, "give the field that 'with' names another type");
    }
}
