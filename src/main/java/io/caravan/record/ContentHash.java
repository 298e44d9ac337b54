package io.caravan.record;

import io.caravan.error.Words;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The hash of what a record says: equal for two records exactly when no sink needs to be told of a difference. One
 * hasher per reader; not thread-safe. {@code docs/records.md} has the bytes that are hashed.
 *
 * <ul>
 *   <li>in: fields and values of the types {@link Record} allows, nested as deep as the stack holds
 *   <li>out: the first 128 bits of a SHA-256 over a form in which every value has a type and a length, so that no two
 *       different records are the same bytes
 *   <li>the same: other orders of fields and of map entries; numbers of one value (1, 1.0, 1e0; -0 and 0; a double is
 *       the number it prints); times of one instant (trailing zeros of a second do not count)
 *   <li>different: null, an absent field and an empty text; the text 1 and the number 1; a date, a local time and an
 *       instant; a sealed value and its text; texts that look alike but are other code points (no Unicode normalisation); lists in another order
 *   <li>errors: {@link IllegalArgumentException} for a value of any other type
 * </ul>
 */
public final class ContentHash {

    /** Goes up when the form changes: then every hash in the ledger is another one. */
    private static final int VERSION = 1;

    private final Sha256Writer out = new Sha256Writer();
    private Fields shape;
    private Hash shapeHash;
    private int[] sorted;

    /** The hash of these fields and their values. */
    public Hash of(Fields fields, Object[] values) {
        out.begin();
        if (!fields.equals(shape)) learn(fields);
        out.put(VERSION);
        out.putLong(shapeHash.high());
        out.putLong(shapeHash.low());
        for (int i : sorted) value(values[i]);
        return out.finish();
    }

    /** The hash of a record whose store's own form counts: another type or order there is a difference. */
    Hash of(StoredForm stored) {
        out.begin();
        out.put(VERSION);
        out.put('o');
        out.putText(stored.kind());
        out.putInt(stored.bytes().length);
        out.putBytes(stored.bytes(), stored.bytes().length);
        return out.finish();
    }

    /** What is the same for all records of one shape: the order of the names, and their own hash. */
    private void learn(Fields fields) {
        List<byte[]> names = fields.names().stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toList();
        sorted = IntStream.range(0, names.size())
                .boxed()
                .sorted(Comparator.comparing(names::get, Arrays::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
        out.putInt(sorted.length);
        for (int i : sorted) out.putText(fields.names().get(i));
        shapeHash = out.finish();
        shape = fields;
    }

    private void value(Object value) {
        if (value instanceof String text) {
            out.put('s');
            out.putText(text);
        } else if (value == null) {
            out.put('n');
        } else if (value instanceof Long whole) {
            whole(whole);
        } else if (value instanceof BigDecimal decimal) {
            decimal(decimal);
        } else if (value instanceof Double real) {
            real(real);
        } else if (value instanceof Boolean truth) {
            out.put(truth ? 't' : 'f');
        } else if (value instanceof Instant time) {
            time('i', time.getEpochSecond(), time.getNano());
        } else if (value instanceof LocalDateTime time) {
            Instant asIfUtc = time.toInstant(ZoneOffset.UTC);
            time('l', asIfUtc.getEpochSecond(), asIfUtc.getNano());
        } else if (value instanceof LocalDate date) {
            out.put('d');
            out.putLong(date.toEpochDay());
        } else {
            composite(value);
        }
    }

    private void composite(Object value) {
        if (value instanceof byte[] bytes) {
            out.put('b');
            out.putInt(bytes.length);
            out.putBytes(bytes, bytes.length);
        } else if (value instanceof float[] vector) {
            out.put('v');
            out.putInt(vector.length);
            for (float v : vector) out.putInt(Float.floatToIntBits(v == 0 ? 0f : v));
        } else if (value instanceof Sealed secret) {
            out.put('k');
            out.putLong(secret.hash().high());
            out.putLong(secret.hash().low());
        } else if (value instanceof List<?> list) {
            out.put('a');
            out.putInt(list.size());
            for (Object element : list) value(element);
        } else if (value instanceof Map<?, ?> map) {
            out.put('m');
            out.putInt(map.size());
            entries(map).forEach((name, element) -> {
                out.putText(name);
                value(element);
            });
        } else {
            throw new IllegalArgumentException(
                    "record: value must be of a type that records allow, got '" + Words.kind(value) + "'");
        }
    }

    private static Map<String, Object> entries(Map<?, ?> map) {
        Map<String, Object> byName = new TreeMap<>();
        map.forEach((name, element) -> byName.put((String) name, element));
        return byName;
    }

    private void whole(long value) {
        int exponent = 0;
        long unscaled = value;
        while (unscaled != 0 && unscaled % 10 == 0) {
            unscaled /= 10;
            exponent++;
        }
        int bytes = (64 - Long.numberOfLeadingZeros(unscaled < 0 ? ~unscaled : unscaled)) / 8 + 1;
        number(exponent, bytes);
        for (int i = bytes - 1; i >= 0; i--) out.put((int) (unscaled >> (8 * i)));
    }

    private void decimal(BigDecimal value) {
        BigDecimal shortest = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        byte[] unscaled = shortest.unscaledValue().toByteArray();
        number(-shortest.scale(), unscaled.length);
        out.putBytes(unscaled, unscaled.length);
    }

    private void real(double value) {
        if (Double.isNaN(value)) out.put('x');
        else if (Double.isInfinite(value)) out.put(value > 0 ? '+' : '-');
        else decimal(BigDecimal.valueOf(value));
    }

    private void number(int exponent, int bytes) {
        out.put('#');
        out.putInt(exponent);
        out.putInt(bytes);
    }

    private void time(char tag, long second, int nano) {
        out.put(tag);
        out.putLong(second);
        out.putInt(nano);
    }
}
