package io.caravan.book;

import io.caravan.book.MergeRule.Choice;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The chosen value of each field, as a book. */
record MergedValues(Map<Field, Choice> chosen) {

    Book book(Wanted wanted) {
        return new Book(
                wanted,
                value(Field.ISBN, Isbn.class).map(Isbn::digits),
                text(Field.TITLE).orElse(wanted.title()),
                text(Field.SUBTITLE),
                texts(Field.AUTHORS),
                text(Field.PUBLISHER),
                value(Field.PUBLISHED, PartialDate.class),
                text(Field.DESCRIPTION),
                texts(Field.GENRES),
                text(Field.LANGUAGE),
                whole(Field.PAGE_COUNT),
                whole(Field.EDITION_COUNT),
                value(Field.RATING_AVERAGE, BigDecimal.class),
                value(Field.RATING_COUNT, Long.class).map(OptionalLong::of).orElseGet(OptionalLong::empty),
                value(Field.LIST_PRICE, Price.class),
                value(Field.RETAIL_PRICE, Price.class),
                value(Field.EBOOK, Boolean.class),
                text(Field.SALEABILITY),
                provenance());
    }

    private Map<String, List<String>> provenance() {
        Map<String, List<String>> sources = new TreeMap<>();
        chosen.forEach((field, choice) -> sources.put(field.toString(), choice.sources()));
        return sources;
    }

    private Optional<String> text(Field field) {
        return value(field, String.class);
    }

    private OptionalInt whole(Field field) {
        return value(field, Integer.class).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    private List<String> texts(Field field) {
        return value(field, List.class).stream()
                .flatMap(l -> ((List<?>) l).stream())
                .map(Object::toString)
                .toList();
    }

    private <T> Optional<T> value(Field field, Class<T> type) {
        return Optional.ofNullable(chosen.get(field)).map(c -> type.cast(c.value()));
    }
}
