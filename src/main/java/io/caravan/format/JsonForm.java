package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.FieldNames;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What JSON holds of values: texts, numbers, truths, lists and maps as they are, times in ISO 8601, bytes in base 64. */
final class JsonForm {

    /** So that what is written can be read: with all that JSON escapes, less than a line may have. */
    static final long MOST_BYTES = 60L << 20;

    private static final int MANY_DIGITS = JsonValues.MOST_DIGITS / 3; // fewer need not be counted

    private JsonForm() {}

    /** Throws {@link BadRecordException} when JSON cannot hold the record without loss, or our reader not read it. */
    static void check(Record record) {
        if (record.fields().size() > Shapes.MOST_FIELDS) {
            throw bad(
                    record,
                    "fields",
                    "be at most " + Shapes.MOST_FIELDS,
                    record.fields().size());
        }
        if (!record.fields().storable()) names(record);
        long size = 6L * record.fields().characters() + 3L * record.fields().size();
        for (int i = 0; i < record.fields().size(); i++) {
            size += value(record, record.fields().names().get(i), record.at(i), 1);
            if (size > MOST_BYTES) {
                throw bad(
                        record,
                        record.fields().names().get(i),
                        "leave the record below " + MOST_BYTES + " bytes",
                        size);
            }
        }
    }

    /** The same of one that is read again by these names; our sources give no others, steps may. */
    static void checkAsRead(Record record) {
        check(record);
        if (record.fields().asRead()) return;
        for (String name : record.fields().names()) {
            if (FieldNames.of(name).equals(name)) continue;
            throw new BadRecordException(SettingChecks.sentence(
                    "record", "a field's name", "be without blanks around it and in NFC", Texts.cut(name)));
        }
    }

    /** Throws over the first name that cannot be stored. */
    private static void names(Record record) {
        for (String name : record.fields().names()) {
            if (name.isBlank() || name.indexOf('\0') >= 0) {
                throw new BadRecordException(SettingChecks.sentence(
                        "record", "a field's name", "not be blank nor hold NUL", Texts.cut(name)));
            }
            text(record, name, name);
        }
    }

    private static long value(Record record, String field, Object value, int depth) {
        if (value == null) return 4;
        if (value instanceof String text) return text(record, field, text);
        if (value instanceof Double number && !Double.isFinite(number)) {
            throw bad(record, field, "be a finite number", number);
        }
        if (value instanceof BigDecimal number) return decimal(record, field, number);
        if (value instanceof float[] numbers) return floats(record, field, numbers);
        if (value instanceof byte[] bytes) return bytes.length / 3L * 4 + 6;
        if (value instanceof List<?> list) {
            deeper(record, field, depth);
            long size = 2;
            for (Object element : list) size += 1 + value(record, field, element, depth + 1);
            return size;
        }
        if (value instanceof Map<?, ?> map) {
            deeper(record, field, depth);
            long size = 2;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                size += text(record, field, (String) entry.getKey())
                        + value(record, field, entry.getValue(), depth + 1);
            }
            return size;
        }
        return 40;
    }

    private static void deeper(Record record, String field, int depth) {
        if (depth >= JsonValues.DEEPEST) {
            throw bad(record, field, "be nested up to " + JsonValues.DEEPEST + " levels", "more");
        }
    }

    private static long text(Record record, String field, String text) {
        int half = Texts.half(text);
        if (half >= 0) throw bad(record, field, "hold no half surrogate pair", "one at character " + half);
        return text.length() < 1 << 20 ? 6L * text.length() + 3 : size(text);
    }

    private static long size(String text) {
        long size = 3;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            size += c < ' ' || c == '"' || c == '\\' ? 6 : c < 0x80 ? 1 : 3;
        }
        return size;
    }

    private static long decimal(Record record, String field, BigDecimal number) {
        boolean few = number.precision() < MANY_DIGITS && Math.abs((long) number.scale()) < MANY_DIGITS;
        if (few) return number.precision() + 12L;
        if (number.toString().length() > JsonValues.MOST_DIGITS
                || Math.abs((long) number.scale()) > JsonValues.LARGEST_EXPONENT) {
            throw bad(
                    record,
                    field,
                    "have at most " + JsonValues.MOST_DIGITS + " digits and an exponent of at most "
                            + JsonValues.LARGEST_EXPONENT,
                    number.precision() + " digits");
        }
        return number.precision() + 12L;
    }

    private static long floats(Record record, String field, float[] numbers) {
        for (float number : numbers) {
            if (!Float.isFinite(number)) throw bad(record, field, "hold finite numbers", number);
        }
        return 16L * numbers.length;
    }

    /** The value as reading JSON gives it. */
    static Object read(Object value) {
        if (value instanceof List<?> list) {
            List<Object> read = new ArrayList<>(list.size());
            list.forEach(element -> read.add(read(element)));
            return read;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> read = new LinkedHashMap<>();
            map.forEach((name, element) -> read.put((String) name, read(element)));
            return read;
        }
        if (value instanceof float[] numbers) {
            List<Object> read = new ArrayList<>(numbers.length);
            for (float number : numbers) read.add(new BigDecimal(Float.toString(number)));
            return read;
        }
        String text = asText(value);
        return text == null ? value : text;
    }

    /** What JSON says of a value as a text of ours; null when it has a form of its own. */
    static String asText(Object value) {
        if (value instanceof LocalDate || value instanceof Instant) return value.toString();
        if (value instanceof LocalDateTime time) return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
        if (value instanceof byte[] bytes) return Base64.getEncoder().encodeToString(bytes);
        return null;
    }

    static BadRecordException bad(Record record, String field, String rule, Object value) {
        return new BadRecordException(
                SettingChecks.sentence("record", "field '" + Texts.cut(field) + "'", rule, value));
    }
}
