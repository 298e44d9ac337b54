package io.caravan.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonType;
import org.bson.BsonValue;

/**
 * What comes after a value in MongoDB's order. Values of different types have an order too, but {@code $gt} compares only
 * within the value's own kind: numbers, texts, times. So "after" is written as the rest of the kind, and all that is of no
 * kind up to it. Types that are no record's and come early (MinKey) are shown again rather than lost.
 */
final class BsonOrder {

    /** The kinds in their order, by the names that {@code $type} knows; null, with which missing fields stand, is first. */
    private static final List<List<String>> KINDS = List.of(
            List.of("null"),
            List.of("number"),
            List.of("string"),
            List.of("object"),
            List.of("array"),
            List.of("binData"),
            List.of("objectId"),
            List.of("bool"),
            List.of("date"),
            List.of("timestamp"));

    private BsonOrder() {}

    /** The documents whose field comes after the value; empty when the value is of no kind that can be compared. */
    static Optional<BsonDocument> after(String field, BsonValue value) {
        int kind = kind(value.getBsonType());
        if (kind < 0) return Optional.empty();
        BsonDocument laterKinds = new BsonDocument("$ne", BsonNull.VALUE);
        if (kind == 0) return Optional.of(new BsonDocument(field, laterKinds));
        laterKinds.put("$not", types(KINDS.subList(1, kind + 1)));
        return Optional.of(new BsonDocument(
                "$or",
                new BsonArray(List.of(
                        new BsonDocument(field, new BsonDocument("$gt", value)),
                        new BsonDocument(field, laterKinds)))));
    }

    /** The documents whose field equals the value; with null also those that lack it. */
    static BsonDocument at(String field, BsonValue value) {
        return new BsonDocument(field, new BsonDocument("$eq", value));
    }

    /** The documents whose field is of another kind than the value, or missing: no {@code $gte} would show them. */
    static BsonDocument otherKind(String field, BsonValue value) {
        int kind = kind(value.getBsonType());
        return new BsonDocument(field, new BsonDocument("$not", types(KINDS.subList(kind, kind + 1))));
    }

    static boolean sameKind(BsonValue a, BsonValue b) {
        return kind(a.getBsonType()) == kind(b.getBsonType());
    }

    private static BsonDocument types(List<List<String>> kinds) {
        List<BsonString> names = new ArrayList<>();
        kinds.forEach(kind -> kind.forEach(name -> names.add(new BsonString(name))));
        return new BsonDocument("$type", new BsonArray(names));
    }

    private static int kind(BsonType type) {
        return switch (type) {
            case NULL -> 0;
            case DOUBLE, INT32, INT64, DECIMAL128 -> 1;
            case STRING -> 2;
            case DOCUMENT -> 3;
            case BINARY -> 5;
            case OBJECT_ID -> 6;
            case BOOLEAN -> 7;
            case DATE_TIME -> 8;
            case TIMESTAMP -> 9;
            default -> -1;
        };
    }
}
