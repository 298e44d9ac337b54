package io.caravan.embedding;

import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Transactions;
import io.caravan.record.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * Remembers in the ledger database which vector a text has, so that each distinct text is embedded once ever: by
 * batches side by side, by later processes, after a crash. Where two processes meet a new text at the same moment both
 * make its vector, and both use the one that was kept first.
 *
 * <ul>
 *   <li>one look-up a batch; for a batch with new texts one look-up and one insert more
 *   <li>one caller at a time in a process embeds new texts, and who waited finds what the other made: the model uses all
 *       cores anyway. While it does, it holds nothing of the database: no lock, no transaction, no connection
 *   <li>blank texts are the zero vector without a look-up
 *   <li>errors: {@link io.caravan.error.UnavailableException} when the database cannot be reached, {@link
 *       io.caravan.ledger.LedgerException} when it refuses
 * </ul>
 */
public final class EmbeddingCache implements Embedder {

    private static final String LOOK_UP =
            "select text_hash, vector from ledger.embedding_cache where model = ? and text_hash = any(?)";
    private static final String INSERT = "insert into ledger.embedding_cache (model, text_hash, vector)"
            + " select ?, made.* from unnest(?, ?) as made on conflict do nothing returning text_hash";

    private final Transactions transactions;
    private final Embedder embedder;
    private final ReentrantLock turn = new ReentrantLock();

    /** {@code embedder} makes the vectors that are not known yet, and is closed with this cache. */
    public EmbeddingCache(DataSource ledger, Embedder embedder) {
        this.transactions = new PlainTransactions(ledger);
        this.embedder = embedder;
    }

    @Override
    public String model() {
        return embedder.model();
    }

    @Override
    public int dimensions() {
        return embedder.dimensions();
    }

    @Override
    public float[][] embed(List<String> texts) {
        Map<String, ByteBuffer> hashes = new HashMap<>();
        Map<ByteBuffer, String> wanted = new LinkedHashMap<>();
        for (String text : texts) {
            if (!text.isBlank()) wanted.put(hashes.computeIfAbsent(text, t -> ByteBuffer.wrap(Sha256.of(t))), text);
        }
        Map<ByteBuffer, float[]> vectors = wanted.isEmpty() ? Map.of() : vectors(wanted);
        float[] zero = new float[dimensions()];
        return texts.stream()
                .map(text -> text.isBlank() ? zero : vectors.get(hashes.get(text)))
                .toArray(float[][]::new);
    }

    @Override
    public void close() {
        embedder.close();
    }

    private Map<ByteBuffer, float[]> vectors(Map<ByteBuffer, String> wanted) {
        Map<ByteBuffer, float[]> vectors = transactions.in(c -> lookUp(c, wanted.keySet()));
        if (vectors.size() == wanted.size()) return vectors;
        Map<ByteBuffer, String> missing = new LinkedHashMap<>(wanted);
        missing.keySet().removeAll(vectors.keySet());
        turn.lock();
        try {
            Map<ByteBuffer, float[]> meanwhile = transactions.in(c -> lookUp(c, missing.keySet()));
            vectors.putAll(meanwhile);
            missing.keySet().removeAll(meanwhile.keySet());
            if (!missing.isEmpty()) vectors.putAll(make(missing));
            return vectors;
        } finally {
            turn.unlock();
        }
    }

    private Map<ByteBuffer, float[]> make(Map<ByteBuffer, String> missing) {
        float[][] made = embedder.embed(List.copyOf(missing.values()));
        Map<ByteBuffer, float[]> vectors = new LinkedHashMap<>();
        int next = 0;
        for (ByteBuffer hash : missing.keySet()) vectors.put(hash, made[next++]);
        return transactions.in(c -> {
            Set<ByteBuffer> others = new HashSet<>(vectors.keySet());
            others.removeAll(insert(c, vectors));
            if (!others.isEmpty()) vectors.putAll(lookUp(c, others));
            return vectors;
        });
    }

    /** Those that nobody else had kept before. */
    private Set<ByteBuffer> insert(Connection connection, Map<ByteBuffer, float[]> vectors) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, model());
            insert.setArray(2, connection.createArrayOf("bytea", arrays(vectors.keySet())));
            byte[][] bytes =
                    vectors.values().stream().map(EmbeddingCache::bytes).toArray(byte[][]::new);
            insert.setArray(3, connection.createArrayOf("bytea", bytes));
            Set<ByteBuffer> kept = new HashSet<>();
            try (ResultSet rows = insert.executeQuery()) {
                while (rows.next()) kept.add(ByteBuffer.wrap(rows.getBytes(1)));
            }
            return kept;
        }
    }

    private Map<ByteBuffer, float[]> lookUp(Connection connection, Collection<ByteBuffer> hashes) throws SQLException {
        Map<ByteBuffer, float[]> vectors = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(LOOK_UP)) {
            query.setString(1, model());
            query.setArray(2, connection.createArrayOf("bytea", arrays(hashes)));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) vectors.put(ByteBuffer.wrap(rows.getBytes(1)), floats(rows.getBytes(2)));
            }
        }
        return vectors;
    }

    private static byte[][] arrays(Collection<ByteBuffer> hashes) {
        return hashes.stream().map(ByteBuffer::array).toArray(byte[][]::new);
    }

    private static byte[] bytes(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    private static float[] floats(byte[] bytes) {
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }
}
