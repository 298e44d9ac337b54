package io.caravan.document;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** Equality of BSON values by the rules of {@link io.caravan.record.Record}: numbers by value, fields in any order. */
final class SameValue {

    private SameValue() {}

    static boolean of(BsonValue a, BsonValue b) {
        if (a.isDocument() && b.isDocument()) return documents(a.asDocument(), b.asDocument());
        if (a.isArray() && b.isArray()) return arrays(a.asArray(), b.asArray());
        return a.equals(b) || (isFinite(a) && isFinite(b) && number(a).compareTo(number(b)) == 0);
    }

    /** Equality to the last bit: the same type, and fields in the same order. */
    static boolean exactly(BsonValue a, BsonValue b) {
        if (a.isDocument() && b.isDocument()) {
            BsonDocument left = a.asDocument();
            BsonDocument right = b.asDocument();
            return List.copyOf(left.keySet()).equals(List.copyOf(right.keySet()))
                    && left.keySet().stream().allMatch(name -> exactly(left.get(name), right.get(name)));
        }
        if (!a.isArray() || !b.isArray()) return a.equals(b);
        List<BsonValue> left = a.asArray().getValues();
        List<BsonValue> right = b.asArray().getValues();
        return left.size() == right.size()
                && IntStream.range(0, left.size()).allMatch(i -> exactly(left.get(i), right.get(i)));
    }

    private static boolean documents(BsonDocument a, BsonDocument b) {
        return a.keySet().equals(b.keySet()) && a.keySet().stream().allMatch(name -> of(a.get(name), b.get(name)));
    }

    private static boolean arrays(BsonArray a, BsonArray b) {
        if (a.size() != b.size()) return false;
        for (int i = 0; i < a.size(); i++) {
            if (!of(a.get(i), b.get(i))) return false;
        }
        return true;
    }

    private static boolean isFinite(BsonValue value) {
        return switch (value.getBsonType()) {
            case INT32, INT64 -> true;
            case DOUBLE -> Double.isFinite(value.asDouble().getValue());
            case DECIMAL128 -> value.asDecimal128().getValue().isFinite();
            default -> false;
        };
    }

    private static BigDecimal number(BsonValue value) {
        return switch (value.getBsonType()) {
            case INT32, INT64 -> BigDecimal.valueOf(value.asNumber().longValue());
            case DOUBLE -> BigDecimal.valueOf(value.asDouble().getValue());
            // as a text, because Decimal128 has a negative zero that BigDecimal has not
            default -> new BigDecimal(value.asDecimal128().getValue().toString());
        };
    }
}
