package io.caravan.document;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.BsonValue;

/** Whether documents that no server has seen fit a filter, as MongoDB would judge it by the operators that are known here. */
final class DocumentFilter {

    private static final Map<String, Set<BsonType>> TYPES = Map.of(
            "null", Set.of(BsonType.NULL),
            "number", Set.of(BsonType.DOUBLE, BsonType.INT32, BsonType.INT64, BsonType.DECIMAL128),
            "string", Set.of(BsonType.STRING),
            "object", Set.of(BsonType.DOCUMENT),
            "array", Set.of(BsonType.ARRAY),
            "binData", Set.of(BsonType.BINARY),
            "objectId", Set.of(BsonType.OBJECT_ID),
            "bool", Set.of(BsonType.BOOLEAN),
            "date", Set.of(BsonType.DATE_TIME),
            "timestamp", Set.of(BsonType.TIMESTAMP));

    private final BsonDocument filter;

    DocumentFilter(BsonDocument filter) {
        this.filter = filter;
    }

    boolean matches(BsonDocument document) {
        return matches(filter, document);
    }

    private static boolean matches(BsonDocument filter, BsonDocument document) {
        return filter.entrySet().stream().allMatch(part -> switch (part.getKey()) {
            case "$and" -> all(part.getValue()).stream().allMatch(f -> matches(f, document));
            case "$or" -> all(part.getValue()).stream().anyMatch(f -> matches(f, document));
            case "$nor" -> all(part.getValue()).stream().noneMatch(f -> matches(f, document));
            default -> {
                if (part.getKey().startsWith("$")) throw unknown(part.getKey());
                yield fits(part.getValue(), values(document, part.getKey()));
            }
        });
    }

    private static List<BsonDocument> all(BsonValue filters) {
        return filters.asArray().stream().map(BsonValue::asDocument).toList();
    }

    /** What stands at a path, with the elements of arrays; nothing where nothing stands. */
    private static List<BsonValue> values(BsonValue from, String path) {
        String[] steps = path.split("\\.", 2);
        List<BsonValue> found = new ArrayList<>();
        if (from.isArray()) {
            from.asArray().forEach(element -> found.addAll(values(element, path)));
        } else if (from.isDocument() && from.asDocument().containsKey(steps[0])) {
            BsonValue value = from.asDocument().get(steps[0]);
            if (steps.length == 2) return values(value, steps[1]);
            found.add(value);
            if (value.isArray()) found.addAll(value.asArray());
        }
        return found;
    }

    private static boolean fits(BsonValue wanted, List<BsonValue> values) {
        boolean operators = wanted.isDocument()
                && !wanted.asDocument().isEmpty()
                && wanted.asDocument().getFirstKey().startsWith("$");
        if (!operators) return isAny(wanted, values);
        return wanted.asDocument().entrySet().stream().allMatch(o -> fits(o.getKey(), o.getValue(), values));
    }

    private static boolean fits(String operator, BsonValue wanted, List<BsonValue> values) {
        return switch (operator) {
            case "$eq" -> isAny(wanted, values);
            case "$ne" -> !isAny(wanted, values);
            case "$in" -> wanted.asArray().stream().anyMatch(w -> isAny(w, values));
            case "$nin" -> wanted.asArray().stream().noneMatch(w -> isAny(w, values));
            case "$exists" -> values.isEmpty() != truth(wanted);
            case "$not" -> !fits(wanted, values);
            case "$gt" -> compares(wanted, values, 1, 1);
            case "$gte" -> compares(wanted, values, 0, 1);
            case "$lt" -> compares(wanted, values, -1, -1);
            case "$lte" -> compares(wanted, values, -1, 0);
            case "$type" -> values.stream().anyMatch(v -> types(wanted).contains(v.getBsonType()));
            default -> throw unknown(operator);
        };
    }

    private static boolean truth(BsonValue value) {
        return value.isBoolean()
                ? value.asBoolean().getValue()
                : value.asNumber().intValue() != 0;
    }

    private static Set<BsonType> types(BsonValue named) {
        Set<BsonType> types = new java.util.HashSet<>();
        for (BsonValue name : named.isArray() ? named.asArray() : List.of(named)) {
            if (!name.isString() || !TYPES.containsKey(name.asString().getValue())) throw unknown("$type: " + name);
            types.addAll(TYPES.get(name.asString().getValue()));
        }
        return types;
    }

    private static boolean isAny(BsonValue wanted, List<BsonValue> values) {
        if (wanted.isRegularExpression()) throw unknown("a regular expression");
        if (values.isEmpty()) return wanted.isNull();
        return values.stream().anyMatch(value -> {
            OptionalInt order = order(value, wanted);
            return order.isPresent() ? order.getAsInt() == 0 : value.equals(wanted);
        });
    }

    private static boolean compares(BsonValue wanted, List<BsonValue> values, int least, int most) {
        return values.stream().anyMatch(value -> {
            OptionalInt order = order(value, wanted);
            return order.isPresent()
                    && Integer.signum(order.getAsInt()) >= least
                    && Integer.signum(order.getAsInt()) <= most;
        });
    }

    /** Empty for values of different kinds, and for kinds that have no order here. */
    private static OptionalInt order(BsonValue a, BsonValue b) {
        if (a.isNumber() && b.isNumber()) {
            double first = a.asNumber().doubleValue();
            double second = b.asNumber().doubleValue();
            if (!Double.isFinite(first) || !Double.isFinite(second))
                return OptionalInt.of(Double.compare(first, second));
            return OptionalInt.of(number(a).compareTo(number(b)));
        }
        if (a.getBsonType() != b.getBsonType()) return OptionalInt.empty();
        return switch (a.getBsonType()) {
            case STRING ->
                OptionalInt.of(a.asString().getValue().compareTo(b.asString().getValue()));
            case DATE_TIME -> OptionalInt.of(a.asDateTime().compareTo(b.asDateTime()));
            case TIMESTAMP -> OptionalInt.of(a.asTimestamp().compareTo(b.asTimestamp()));
            case OBJECT_ID -> OptionalInt.of(a.asObjectId().compareTo(b.asObjectId()));
            case BOOLEAN -> OptionalInt.of(a.asBoolean().compareTo(b.asBoolean()));
            default -> OptionalInt.empty();
        };
    }

    private static BigDecimal number(BsonValue value) {
        return switch (value.getBsonType()) {
            case INT32, INT64 -> BigDecimal.valueOf(value.asNumber().longValue());
            case DECIMAL128 -> value.asDecimal128().getValue().bigDecimalValue();
            default -> new BigDecimal(value.asNumber().doubleValue());
        };
    }

    private static ConfigurationException unknown(String operator) {
        return new ConfigurationException(SettingChecks.sentence(
                        "mongodb-source",
                        "filter",
                        "use $eq, $ne, $in, $nin, $gt, $gte, $lt, $lte, $exists, $type, $not, $and, $or, $nor, where a chain is planned",
                        operator)
                + "; plan the pipeline alone");
    }
}
