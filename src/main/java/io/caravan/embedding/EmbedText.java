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
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Adds to each record the vector of one of its fields' text; each distinct text is embedded once ever.
 *
 * <ul>
 *   <li>in: a String in {@code field}; null, absent, empty or blank gives the zero vector; a value of any other type is
 *       a bad record
 *   <li>out: a float[] in {@code into}, see {@link Embedder#embed}
 *   <li>a text that the model fails on, which takes others, is a bad record
 *   <li>tombstones pass unchanged; with paragraphs, records that have no such text do too
 * </ul>
 */
public final class EmbedText implements Step, AutoCloseable, CamelContextAware {

    private static final String UNIT = "embed-text-action";

    private final String field;
    private final String into;
    private final String replaced;
    private final Embedders embedders;
    private Optional<Paragraphs> paragraphs = Optional.empty();
    private CamelContext context;

    /**
     * @param field whose text is embedded
     * @param into the field that gets the vector; one that is there is replaced, which is noted
     * @param model folder of a sentence-transformers model exported to ONNX; {@code bundled} or blank for
     *     all-MiniLM-L6-v2
     * @param ledger the database with {@code ledger.embedding_cache}; {@link NoLedger} remembers nothing
     * @param batchSize texts per call of the model on one core, 1 to 1024
     * @param prompt which of the model's prompts stands before each text: {@code none}, {@code default} or a name
     * @param dimensions how many of the model's are kept, the first ones; 0 for all
     * @param endpoint a service that makes the vectors, see {@link RemoteEmbedder}; blank: this process does
     * @param apiKey of the service; blank for none
     * @param timeoutMillis how long the service may take for one answer
     * @param revision any word that tells the service's model from others of its name
     */
    // Object where Camel makes numbers of texts of digits
    public EmbedText(
            String field,
            String into,
            String model,
            DataSource ledger,
            int batchSize,
            String prompt,
            int dimensions,
            String endpoint,
            Object apiKey,
            int timeoutMillis,
            Object revision) {
        this(
                field,
                into,
                endpoint.isBlank()
                        ? own(new OnnxEmbedder(model, batchSize), ledger, prompt, dimensions)
                        : of(
                                new RemoteEmbedder(
                                        UNIT,
                                        endpoint,
                                        apiKey.toString(),
                                        timeoutMillis,
                                        model,
                                        prompt,
                                        dimensions,
                                        revision.toString()),
                                ledger));
    }

    /** {@code used} asks the cache, {@code model} makes what it has not. */
    private record Embedders(Embedder used, Embedder model, Consumer<CamelContext> known) {}

    private static Embedders own(OnnxEmbedder model, DataSource ledger, String prompt, int dimensions) {
        Embedder cached = remembered(ledger, model.prompted(prompt));
        return new Embedders(FirstDimensions.of(UNIT, cached, dimensions), model, model::setCamelContext);
    }

    private static Embedders of(RemoteEmbedder service, DataSource ledger) {
        Embedder cached = remembered(ledger, service);
        Embedder used = cached == service ? service : new SameModel(UNIT, cached, service);
        return new Embedders(used, service, service::setCamelContext);
    }

    EmbedText(String field, String into, Embedder embedder) {
        this(field, into, new Embedders(embedder, embedder, context -> {}));
    }

    private EmbedText(String field, String into, Embedders embedders) {
        new SettingChecks(UNIT).notBlank("field", field).notBlank("into", into).check();
        this.field = field;
        this.into = into;
        this.embedders = embedders;
        this.replaced = SettingChecks.sentence(UNIT, "into", "name a field that the records do not have yet", into)
                + "; the vector took the place of its value. If that is needed, name another field in 'into'";
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
        embedders.known().accept(camelContext);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    private static Embedder remembered(DataSource ledger, Embedder embedder) {
        return ledger instanceof NoLedger ? embedder : new EmbeddingCache(ledger, embedder);
    }

    /** Of which paragraphs the text is made instead of the field, see {@link Paragraphs}; blank for none. */
    public void setParagraphs(String setting) {
        paragraphs = setting.isBlank() ? Optional.empty() : Optional.of(new Paragraphs(UNIT, setting));
    }

    @Override
    public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        List<Record> taken = new ArrayList<>(batch.size());
        List<String> texts = new ArrayList<>(batch.size());
        List<Record> made = new ArrayList<>(batch.size());
        for (Record record : batch) {
            Optional<String> composed = paragraphs.flatMap(p -> p.of(record));
            if (paragraphs.isPresent() && composed.isEmpty()) {
                made.add(record); // has none
                continue;
            }
            Object value = record.deleted()
                    ? ""
                    : composed.<Object>map(c -> c).orElse(record.get(field).orElse(""));
            if (value instanceof String text) {
                taken.add(record);
                texts.add(text);
            } else {
                String type = Words.kind(value);
                reject.accept(record, new BadRecordException(SettingChecks.sentence(UNIT, field, "be text", type)));
            }
        }
        float[][] vectors = TellingEmbedder.embed(
                embedders.used(),
                embedders.model(),
                texts,
                (i, reason) -> reject.accept(taken.get(i), refusal(reason)));
        Fields plain = null;
        Fields extended = null;
        for (int i = 0; i < vectors.length; i++) {
            Record record = taken.get(i);
            if (vectors[i] == null) continue;
            if (record.deleted()) {
                made.add(record);
                continue;
            }
            if (record.fields().indexOf(into) >= 0) {
                made.add(record.with(into, vectors[i]));
                continue;
            }
            if (record.fields() != plain) {
                plain = record.fields();
                extended = extended(plain);
            }
            made.add(record.with(extended, vectors[i]));
        }
        return made;
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
        embedders.used().close();
    }

    private BadRecordException refusal(EmbeddingException reason) {
        String rule = "be a text that the model can embed";
        return new BadRecordException(SettingChecks.sentence(UNIT, field, rule, reason.getMessage()));
    }

    private Fields extended(Fields fields) {
        List<String> names = new ArrayList<>(fields.names());
        names.add(into);
        return new Fields(names);
    }
}
