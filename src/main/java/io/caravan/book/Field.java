package io.caravan.book;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What can be said of a book, with its name in rules and JSON and the type of its value. */
public enum Field {
    TITLE("title", String.class),
    SUBTITLE("subtitle", String.class),
    AUTHORS("authors", List.class),
    PUBLISHER("publisher", String.class),
    PUBLISHED("published", PartialDate.class),
    DESCRIPTION("description", String.class),
    GENRES("genres", List.class),
    LANGUAGE("language", String.class),
    PAGE_COUNT("pageCount", Integer.class),
    EDITION_COUNT("editionCount", Integer.class),
    RATING_AVERAGE("ratingAverage", BigDecimal.class),
    RATING_COUNT("ratingCount", Long.class),
    LIST_PRICE("listPrice", Price.class),
    RETAIL_PRICE("retailPrice", Price.class),
    EBOOK("ebook", Boolean.class),
    SALEABILITY("saleability", String.class),
    ISBN("isbn13", Isbn.class),
    COVER_URL("coverUrl", String.class);

    private final String text;
    private final Class<?> type;

    Field(String text, Class<?> type) {
        this.text = text;
        this.type = type;
    }

    static Optional<Field> of(String text) {
        return Arrays.stream(values()).filter(f -> f.text.equals(text)).findFirst();
    }

    /** Whether a {@link Book} holds it; a cover is only kept beside what its source said. */
    boolean inBook() {
        return this != COVER_URL;
    }

    /** Of a value in {@link Facts}; a list is one of texts. */
    Class<?> type() {
        return type;
    }

    /** The name in rules, provenance and JSON. */
    @Override
    public String toString() {
        return text;
    }
}
