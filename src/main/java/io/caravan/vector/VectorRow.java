package io.caravan.vector;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import io.caravan.record.NamedKey;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;

/**
 * What any vector store keeps of a record.
 *
 * @param vector as long as the collection's and neither endless nor too short to have a direction, or all zeros
 * @param scalars as text, without those that are null
 */
record VectorRow(String key, float[] vector, Map<String, String> scalars) {

    /** Throws {@link BadRecordException} when the store, whose texts have at most {@code maxBytes}, cannot hold it. */
    static VectorRow of(String unit, int maxBytes, VectorCollection collection, Record record) {
        Map<String, String> scalars = new TreeMap<>();
        for (String field : collection.scalarFields()) {
            record.get(field)
                    .ifPresent(value -> scalars.put(field, within(unit, field, maxBytes, text(unit, field, value))));
        }
        String key = within(unit, collection.keyField(), maxBytes, record.key());
        NamedKey.other(unit, "keyField", collection.keyField(), record).ifPresent(sentence -> {
            throw new BadRecordException(sentence);
        });
        return new VectorRow(key, vector(unit, collection, record), scalars);
    }

    /** Whether the vector has no direction: it is similar to nothing. */
    boolean zero() {
        return zero(vector);
    }

    private static boolean zero(float[] vector) {
        for (float v : vector) {
            if (v != 0) return false;
        }
        return true;
    }

    private static float[] vector(String unit, VectorCollection collection, Record record) {
        String field = collection.vectorField();
        if (!(record.get(field).orElse("nothing") instanceof float[] vector)) {
            throw bad(unit, field, "be a vector", Words.kind(record.get(field)));
        }
        if (vector.length != collection.dimensions()) {
            throw bad(unit, field, "have " + collection.dimensions() + " dimensions", vector.length);
        }
        float squares = 0;
        for (float v : vector) squares += v * v;
        if (!zero(vector) && !(squares >= Float.MIN_NORMAL && squares <= Float.MAX_VALUE)) {
            throw bad(unit, field, "have a length of 1e-19 to 1e19", Math.sqrt(squares));
        }
        return vector;
    }

    private static String text(String unit, String field, Object value) {
        if (value instanceof BigDecimal decimal) return decimal.toPlainString();
        if (value instanceof LocalDateTime time) return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
        if (value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Instant
                || value instanceof LocalDate) return value.toString();
        throw bad(unit, field, "be a scalar", Words.kind(value));
    }

    private static String within(String unit, String field, int maxBytes, String text) {
        int bytes;
        try {
            bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(text))
                    .remaining();
        } catch (CharacterCodingException e) {
            throw bad(unit, field, "hold no half surrogate pair", text.length() + " characters");
        }
        if (bytes > maxBytes) throw bad(unit, field, "have at most " + maxBytes + " bytes", bytes);
        return text;
    }

    private static BadRecordException bad(String unit, String field, String rule, Object got) {
        return new BadRecordException(SettingChecks.sentence(unit, field, rule, got));
    }
}
