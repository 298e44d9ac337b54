package io.caravan.embedding;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import io.caravan.ledger.NoLedger;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.step.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import javax.sql.DataSource;

/**
 * Adds to each record the vector of one of its fields' text; each distinct text is embedded once ever.
 *
 * <ul>
 *   <li>in: a String in {@code field}; null, absent, empty or blank gives the zero vector; a value of any other type is
 *       a bad record
 *   <li>out: a float[] in {@code into}, see {@link Embedder#embed}
 *   <li>tombstones pass unchanged
 * </ul>
 */
public final class EmbedText implements Step, AutoCloseable {

    private static final String UNIT = "embed-text-action";

    private final String field;
    private final String into;
    private final String replaced;
    private final Embedder embedder;

    /**
     * @param field whose text is embedded
     * @param into the field that gets the vector; one that is there is replaced, which is noted
     * @param model folder of a sentence-transformers model exported to ONNX; {@code bundled} or blank for
     *     all-MiniLM-L6-v2
     * @param ledger the database with {@code ledger.embedding_cache}; {@link NoLedger} remembers nothing
     * @param batchSize texts per call of the model on one core, 1 to 1024
     */
    public EmbedText(String field, String into, String model, DataSource ledger, int batchSize) {
        this(field, into, remembered(ledger, new OnnxEmbedder(model, batchSize)));
    }

    EmbedText(String field, String into, Embedder embedder) {
        new SettingChecks(UNIT).notBlank("field", field).notBlank("into", into).check();
        this.field = field;
        this.into = into;
        this.embedder = embedder;
        this.replaced = SettingChecks.sentence(UNIT, "into", "name a field that the records do not have yet", into)
                + "; the vector took the place of its value. If that is needed, name another field in 'into'";
    }

    private static Embedder remembered(DataSource ledger, Embedder embedder) {
        return ledger instanceof NoLedger ? embedder : new EmbeddingCache(ledger, embedder);
    }

    @Override
    public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        List<Record> taken = new ArrayList<>(batch.size());
        List<String> texts = new ArrayList<>(batch.size());
        for (Record record : batch) {
            Object value = record.deleted() ? "" : record.get(field).orElse("");
            if (value instanceof String text) {
                taken.add(record);
                texts.add(text);
            } else {
                String type = Words.kind(value);
                reject.accept(record, new BadRecordException(SettingChecks.sentence(UNIT, field, "be text", type)));
            }
        }
        float[][] vectors = embedder.embed(texts);
        Fields plain = null;
        Fields extended = null;
        for (int i = 0; i < vectors.length; i++) {
            Record record = taken.get(i);
            if (record.deleted()) continue;
            if (record.fields().indexOf(into) >= 0) {
                taken.set(i, record.with(into, vectors[i]));
                continue;
            }
            if (record.fields() != plain) {
                plain = record.fields();
                extended = extended(plain);
            }
            taken.set(i, record.with(extended, vectors[i]));
        }
        return taken;
    }

    /** A vector of an earlier run is replaced on purpose, data may be not. */
    @Override
    public Optional<String> note(List<Record> batch) {
        Fields last = null;
        for (Record record : batch) {
            if (record.deleted() || record.fields() == last) continue;
            last = record.fields();
            if (last.indexOf(into) >= 0) return Optional.of(replaced);
        }
        return Optional.empty();
    }

    /** Frees the model. */
    @Override
    public void close() {
        embedder.close();
    }

    private Fields extended(Fields fields) {
        List<String> names = new ArrayList<>(fields.names());
        names.add(into);
        return new Fields(names);
    }
}
