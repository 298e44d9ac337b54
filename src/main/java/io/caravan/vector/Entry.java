package io.caravan.vector;

import io.caravan.error.BadRecordException;
import io.caravan.error.Settings;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the Lucene index keeps of a record. Two records with equal vectors share one: texts repeat, and a graph of equal
 * vectors falls apart.
 *
 * @param vectorId the beginning of the SHA-256 of the vector, empty for the zero vector
 * @param scalars as text, without those that are null
 */
record Entry(String key, String vectorId, Map<String, String> scalars) {

    private static final String UNIT = "lucene-sink";
    /** Lucene's limit of a term. */
    private static final int MAX_BYTES = 32_766;

    /** Throws {@link BadRecordException} when the index cannot hold the record. */
    static Entry of(VectorCollection collection, Record record) {
        Map<String, String> scalars = new TreeMap<>();
        for (String field : collection.scalarFields()) {
            record.get(field).ifPresent(value -> scalars.put(field, term(field, text(field, value))));
        }
        String key = term(collection.keyField(), record.key());
        return new Entry(key, vectorId(vector(collection, record)), scalars);
    }

    /** The record's vector, as long as the collection's and neither endless nor too short to have a direction. */
    static float[] vector(VectorCollection collection, Record record) {
        String field = collection.vectorField();
        if (!(record.get(field).orElse("nothing") instanceof float[] vector)) {
            throw bad(
                    field,
                    "be a vector",
                    record.get(field).map(v -> v.getClass().getSimpleName()).orElse("nothing"));
        }
        if (vector.length != collection.dimensions()) {
            throw bad(field, "have " + collection.dimensions() + " dimensions", vector.length);
        }
        float squares = 0;
        for (float v : vector) squares += v * v;
        boolean zero = vectorId(vector).isEmpty();
        if (!zero && !(squares >= Float.MIN_NORMAL && squares <= Float.MAX_VALUE)) {
            throw bad(field, "have a length of 1e-19 to 1e19", Math.sqrt(squares));
        }
        return vector;
    }

    private static String vectorId(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
        boolean zero = true;
        for (float v : vector) {
            bytes.putFloat(v);
            zero &= v == 0;
        }
        if (zero) return "";
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String text(String field, Object value) {
        if (value instanceof BigDecimal decimal) return decimal.toPlainString();
        if (value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Instant
                || value instanceof LocalDate
                || value instanceof LocalDateTime) return value.toString();
        throw bad(field, "be a scalar", value.getClass().getSimpleName());
    }

    private static String term(String field, String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) throw bad(field, "have at most " + MAX_BYTES + " bytes", bytes);
        return text;
    }

    private static BadRecordException bad(String field, String rule, Object got) {
        return new BadRecordException(Settings.sentence(UNIT, field, rule, got));
    }
}
