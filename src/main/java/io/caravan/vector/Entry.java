package io.caravan.vector;

import io.caravan.error.BadRecordException;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;

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
    static VectorRow row(VectorCollection collection, Record record) {
        return VectorRow.of(UNIT, MAX_BYTES, collection, record);
    }

    static Entry of(VectorRow row) {
        return new Entry(row.key(), row.zero() ? "" : vectorId(row.vector()), row.scalars());
    }

    private static String vectorId(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
        for (float v : vector) bytes.putFloat(v);
        return HexFormat.of().formatHex(Sha256.digest().digest(bytes.array()), 0, 16);
    }
}
