package io.caravan.graph;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A record's values as Neo4j keeps them, nothing lost:
 * <ul>
 *   <li>text, boolean, whole number, double, date, local date-time, bytes: as they are
 *   <li>instant: date-time in UTC
 *   <li>decimal: the double that prints it; one that no double prints is refused, as the property would not be a number for all
 *   <li>vector: list of doubles
 *   <li>list: of one of these kinds but bytes and lists; whole numbers beside others are doubles
 *   <li>null: no property
 *   <li>errors: {@link BadRecordException} for a map, a mixed or nested list, a null in a list, and text that is not Unicode
 *       (half a surrogate pair), none of which Neo4j can hold
 * </ul>
 */
final class GraphValues {

    /** What Neo4j's index holds; it reports a longer one as its own failure, only when the transaction commits. */
    private static final int MAX_KEY_BYTES = 8_000;

    private final String unit;

    /** With the name that errors begin with. */
    GraphValues(String unit) {
        this.unit = unit;
    }

    /** The property's value; null when the property is to be absent. */
    Object property(String field, PropertyType type, Object value) {
        if (value == null) return null;
        if (value instanceof List<?> list) return list(field, type, list);
        if (type != PropertyType.ANY) return scalar(field, type.of(unit, field, value));
        if (value instanceof byte[]) return value;
        return value instanceof float[] vector ? doubles(vector) : scalar(field, value);
    }

    /** A value that may identify a node. Cypher takes 1 and 1.0 for equal, so they are one key: the whole number. */
    Object key(String field, Object value) {
        if (value instanceof Double)
            throw bad(field, "be a text, whole number, boolean, date or time to be a key", value);
        Object key =
                value instanceof BigDecimal number ? PropertyType.whole(number).orElse(number) : value;
        // whole, but of more digits than Neo4j's numbers have: an id
        boolean id =
                key instanceof BigDecimal number && number.stripTrailingZeros().scale() <= 0;
        key = id ? PropertyType.text((BigDecimal) key) : scalar(field, key);
        if (key instanceof String text && text.length() > MAX_KEY_BYTES / 3 && utf8(text) > MAX_KEY_BYTES) {
            throw bad(field, "have at most " + MAX_KEY_BYTES + " bytes to be a key", utf8(text) + " bytes");
        }
        return key;
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private Object scalar(String field, Object value) {
        if (value instanceof String text) return text(field, text);
        if (value instanceof Instant instant) return instant.atZone(ZoneOffset.UTC);
        if (value instanceof BigDecimal) return PropertyType.DECIMAL.of(unit, field, value);
        boolean native5 = value instanceof Boolean
                || value instanceof Long
                || value instanceof Double
                || value instanceof LocalDate
                || value instanceof LocalDateTime;
        if (native5) return value;
        throw bad(field, "be a value that a Neo4j property can hold", Words.kind(value));
    }

    private List<Object> list(String field, PropertyType declared, List<?> list) {
        boolean fractions = list.stream().anyMatch(e -> e instanceof BigDecimal || e instanceof Double);
        PropertyType type = declared == PropertyType.ANY && fractions ? PropertyType.DECIMAL : declared;
        List<Object> values = new ArrayList<>(list.size());
        for (Object element : list) {
            boolean number = element instanceof Number;
            Object value = scalar(
                    field,
                    element != null && (number || declared != PropertyType.ANY)
                            ? type.of(unit, field, element)
                            : element);
            if (!values.isEmpty() && values.get(0).getClass() != value.getClass()) {
                throw bad(field, "be a list of one kind to be a Neo4j property", Words.kind(element));
            }
            values.add(value);
        }
        return values;
    }

    private String text(String field, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) continue;
            boolean pair = i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
            if (!pair) throw bad(field, "be Unicode text", "half a surrogate pair at " + i);
            i++;
        }
        return text;
    }

    private BadRecordException bad(String field, String rule, Object value) {
        return new BadRecordException(SettingChecks.sentence(unit, field, rule, value));
    }

    private static List<Double> doubles(float[] vector) {
        List<Double> doubles = new ArrayList<>(vector.length);
        for (float f : vector) doubles.add((double) f);
        return doubles;
    }

    /** Whether two sets of properties are the same: byte arrays by content, numbers by what they are, as Cypher has it. */
    static boolean same(Map<String, Object> a, Map<String, Object> b) {
        return a.size() == b.size() && a.entrySet().stream().allMatch(e -> same(e.getValue(), b.get(e.getKey())));
    }

    private static boolean same(Object a, Object b) {
        if (Objects.deepEquals(a, b)) return true;
        if (a instanceof Long whole && b instanceof Double number) return equal(whole, number);
        if (a instanceof Double number && b instanceof Long whole) return equal(whole, number);
        if (!(a instanceof List<?> some) || !(b instanceof List<?> others) || some.size() != others.size())
            return false;
        for (int i = 0; i < some.size(); i++) if (!same(some.get(i), others.get(i))) return false;
        return true;
    }

    private static boolean equal(Long whole, Double number) {
        return Double.isFinite(number) && new BigDecimal(number).compareTo(BigDecimal.valueOf(whole)) == 0;
    }
}
