package io.caravan.book;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one source says of a book, cleaned; a field it says nothing of is not there. A value is of its field's type: a
 * text, {@code List<String>}, {@link PartialDate}, {@link Price}, {@link Isbn}, {@code BigDecimal}, {@code Integer},
 * {@code Long} or {@code Boolean}; another is an {@link IllegalArgumentException}.
 */
public record Facts(String source, Map<Field, Object> values) {

    public Facts {
        EnumMap<Field, Object> copy = new EnumMap<>(Field.class);
        values.forEach((field, value) -> copy.put(field, typed(field, value)));
        values = Collections.unmodifiableMap(copy);
    }

    /** What the job itself says: title, author and, where given, the ISBN. */
    static Facts of(Wanted wanted) {
        return new FactsBuilder(Wanted.SOURCE)
                .put(Field.TITLE, Optional.of(wanted.title()))
                .put(Field.AUTHORS, PersonName.distinct(PersonName.listed(wanted.author())))
                .put(Field.ISBN, wanted.isbn())
                .facts();
    }

    private static Object typed(Field field, Object value) {
        if (!field.type().isInstance(value)) {
            throw new IllegalArgumentException(
                    "book: " + field + " must be a " + field.type().getSimpleName() + ", got '" + value + "'");
        }
        return value instanceof List<?> list ? List.copyOf(list) : value;
    }
}
