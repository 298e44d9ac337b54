package io.caravan.book;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;

/** Writes what was found out about a book as JSON, always in the same order: for audit rows. What is unknown is left out. */
public final class BookJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

    private BookJson() {}

    /** {@code {"source": ..., "values": {"title": ..., ...}}}. */
    public static ObjectNode json(Facts facts) {
        ObjectNode values = JSON.objectNode();
        facts.values().forEach((field, value) -> values.set(field.toString(), node(value)));
        ObjectNode json = JSON.objectNode().put("source", facts.source());
        return json.set("values", values);
    }

    /** {@code {"wanted": {...}, "title": ..., ..., "provenance": {"title": ["google-books"], ...}}}. */
    public static ObjectNode json(Book book) {
        ObjectNode json = JSON.objectNode();
        json.set("wanted", json(book.wanted()));
        book.isbn13().ifPresent(v -> put(json, Field.ISBN, v));
        put(json, Field.TITLE, book.title());
        book.subtitle().ifPresent(v -> put(json, Field.SUBTITLE, v));
        put(json, Field.AUTHORS, book.authors());
        book.publisher().ifPresent(v -> put(json, Field.PUBLISHER, v));
        book.published().ifPresent(v -> put(json, Field.PUBLISHED, v));
        book.description().ifPresent(v -> put(json, Field.DESCRIPTION, v));
        put(json, Field.GENRES, book.genres());
        book.language().ifPresent(v -> put(json, Field.LANGUAGE, v));
        book.pageCount().ifPresent(v -> put(json, Field.PAGE_COUNT, v));
        book.editionCount().ifPresent(v -> put(json, Field.EDITION_COUNT, v));
        book.ratingAverage().ifPresent(v -> put(json, Field.RATING_AVERAGE, v));
        book.ratingCount().ifPresent(v -> put(json, Field.RATING_COUNT, v));
        book.listPrice().ifPresent(v -> put(json, Field.LIST_PRICE, v));
        book.retailPrice().ifPresent(v -> put(json, Field.RETAIL_PRICE, v));
        book.ebook().ifPresent(v -> put(json, Field.EBOOK, v));
        book.saleability().ifPresent(v -> put(json, Field.SALEABILITY, v));
        ObjectNode provenance = json.putObject("provenance");
        book.provenance().forEach((field, sources) -> provenance.set(field, node(sources)));
        return json;
    }

    private static ObjectNode json(Wanted wanted) {
        ObjectNode json = JSON.objectNode().put("title", wanted.title()).put("author", wanted.author());
        wanted.isbn().ifPresent(v -> put(json, Field.ISBN, v));
        return json;
    }

    private static void put(ObjectNode json, Field field, Object value) {
        json.set(field.toString(), node(value));
    }

    private static JsonNode node(Object value) {
        if (value instanceof Integer i) return JSON.numberNode(i);
        if (value instanceof Long l) return JSON.numberNode(l);
        if (value instanceof BigDecimal d) return JSON.numberNode(d);
        if (value instanceof Boolean b) return JSON.booleanNode(b);
        if (value instanceof Price p)
            return JSON.objectNode().put("amount", p.amount()).put("currency", p.currency());
        if (value instanceof List<?> list) {
            ArrayNode array = JSON.arrayNode();
            list.forEach(v -> array.add(v.toString()));
            return array;
        }
        return JSON.textNode(value.toString());
    }
}
