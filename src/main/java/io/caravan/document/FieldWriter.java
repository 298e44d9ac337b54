package io.caravan.document;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonBinary;
import org.bson.BsonBinaryWriter;
import org.bson.types.Decimal128;

/**
 * Writes field values as BSON, none of them changed:
 * <ul>
 *   <li>Long, Double, Boolean, String, bytes, List, Map and null as themselves; float[] as an array of doubles
 *   <li>BigDecimal as Decimal128, refused beyond its 34 digits
 *   <li>Instant as date; one that is not whole milliseconds is a date cut to them, to sort and search by, and its ISO
 *       text is kept under its path ({@code sent_at}, {@code stops/0/at}; in a name {@code /} is {@code ~1} and {@code ~} is
 *       {@code ~0}, as in a JSON Pointer) in {@link #exactTimes}
 *   <li>LocalDate and LocalDateTime as ISO text: without a zone they are no point in time
 * </ul>
 */
final class FieldWriter {

    private static final int DEEPEST = 100;
    private static final int SHOWN = 60;

    private final String unit;
    private final BsonBinaryWriter out;
    private final Map<String, String> exactTimes = new LinkedHashMap<>();

    FieldWriter(String unit, BsonBinaryWriter out) {
        this.unit = unit;
        this.out = out;
    }

    /** The times that a BSON date cuts, by path. */
    Map<String, String> exactTimes() {
        return exactTimes;
    }

    void write(String name, Object value) {
        write("", name, value, 1);
    }

    private void write(String parent, String name, Object value, int depth) {
        if (name.indexOf('.') >= 0 || name.startsWith("$") || name.indexOf('\0') >= 0) {
            throw bad(parent + name, "have a name without '.' and U+0000 that does not begin with '$'", name);
        }
        out.writeName(wellFormed(parent, name));
        value(parent, name.replace("~", "~0").replace("/", "~1"), value, depth);
    }

    private void value(String parent, String name, Object value, int depth) {
        if (value == null) out.writeNull();
        else if (value instanceof String text) out.writeString(wellFormed(parent + name, text));
        else if (value instanceof Instant time) time(parent + name, time);
        else if (value instanceof Long number) out.writeInt64(number);
        else if (value instanceof Double number) out.writeDouble(number);
        else if (value instanceof Boolean truth) out.writeBoolean(truth);
        else if (value instanceof BigDecimal number) out.writeDecimal128(decimal(parent + name, number));
        else if (value instanceof LocalDate date) out.writeString(date.toString());
        else if (value instanceof LocalDateTime time)
            out.writeString(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time));
        else if (value instanceof byte[] bytes) out.writeBinaryData(new BsonBinary(bytes));
        else if (value instanceof float[] numbers) floats(numbers);
        else if (depth == DEEPEST) throw bad(parent + name, "be nested up to " + DEEPEST + " levels", "more");
        else if (value instanceof List<?> list) list(parent + name + "/", list, depth + 1);
        else if (value instanceof Map<?, ?> map) map(parent + name + "/", map, depth + 1);
        else throw bad(parent + name, "be of a type that records have", Words.kind(value));
    }

    private void list(String path, List<?> list, int depth) {
        out.writeStartArray();
        for (int i = 0; i < list.size(); i++) value(path, Integer.toString(i), list.get(i), depth);
        out.writeEndArray();
    }

    private void map(String path, Map<?, ?> map, int depth) {
        out.writeStartDocument();
        map.forEach((key, value) -> write(path, String.valueOf(key), value, depth));
        out.writeEndDocument();
    }

    private void floats(float[] numbers) {
        out.writeStartArray();
        for (float number : numbers) out.writeDouble(number);
        out.writeEndArray();
    }

    private void time(String path, Instant time) {
        try {
            out.writeDateTime(time.toEpochMilli());
        } catch (ArithmeticException e) {
            throw bad(path, "be a time that 64 bits of milliseconds reach", time);
        }
        if (!time.truncatedTo(ChronoUnit.MILLIS).equals(time)) exactTimes.put(path, time.toString());
    }

    private Decimal128 decimal(String path, BigDecimal number) {
        try {
            return new Decimal128(number);
        } catch (NumberFormatException e) {
            throw bad(path, "have up to 34 digits and an exponent of -6176 to 6111", number.precision() + " digits");
        }
    }

    /** Half a surrogate pair is no Unicode text, and would come back as something else. */
    private String wellFormed(String path, String text) {
        boolean afterHigh = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (afterHigh != Character.isLowSurrogate(c)) {
                throw bad(path, "hold no half surrogate pair", "one near " + i);
            }
            afterHigh = Character.isHighSurrogate(c);
        }
        return text;
    }

    private BadRecordException bad(String path, String rule, Object value) {
        return new BadRecordException(SettingChecks.sentence(unit, "field '" + shown(path) + "'", rule, shown(value)));
    }

    private static String shown(Object name) {
        String text = name.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
