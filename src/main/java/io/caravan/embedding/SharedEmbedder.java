package io.caravan.embedding;

import io.caravan.error.SettingChecks;
import io.caravan.ledger.NoLedger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * One model for everybody who asks at the same time: one session, the cache of {@code embed-text-action}, batches over all
 * requests. Thread-safe; the model is loaded at the first text.
 */
public final class SharedEmbedder implements AutoCloseable, CamelContextAware {

    private static final String UNIT = "embedder";
    private static final int BATCH_SIZE = 64;
    private static final int PER_CORE = 8;

    /** The vectors of texts, and how many tokens were read. */
    public record Vectors(float[][] vectors, int tokens) {}

    /** What a text must not be; {@code index} is its place among the texts. */
    public record Refusal(int index, String rule, String got) {}

    /** The texts as they are wanted, or what is wrong with them. */
    public record Outcome(Optional<Vectors> vectors, Optional<Refusal> refusal) {

        static Outcome refused(int index, String rule, String got) {
            return new Outcome(Optional.empty(), Optional.of(new Refusal(index, rule, got)));
        }
    }

    private final OnnxEmbedder model;
    private final String configured;
    private final DataSource ledger;
    private final int mostRequests;
    private final AtomicInteger requests = new AtomicInteger();
    private final Map<String, Embedder> byPrompt = new ConcurrentHashMap<>();
    private CamelContext context;
    private final TextBatches batches = new TextBatches(BATCH_SIZE, requests::get);

    /**
     * @param model as that of {@link OnnxEmbedder}
     * @param ledger the database with the cache
     * @param mostRequests how many are answered at the same time
     */
    public SharedEmbedder(String model, DataSource ledger, int mostRequests) {
        new SettingChecks(UNIT)
                .between("concurrentRequests", mostRequests, 1, 10_000)
                .check();
        this.model = new OnnxEmbedder(model, PER_CORE);
        this.configured = model;
        this.ledger = ledger;
        this.mostRequests = mostRequests;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
        model.setCamelContext(camelContext);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    /** Lets a request in, until it is closed; empty when there are too many already. */
    public Optional<Admission> admit() {
        if (requests.incrementAndGet() <= mostRequests) return Optional.of(requests::decrementAndGet);
        requests.decrementAndGet();
        return Optional.empty();
    }

    /** A request that was let in. */
    public interface Admission extends AutoCloseable {
        @Override
        void close();
    }

    /** Name, files, pooling, length and prompt of what makes the vectors: another one makes others. */
    public String identity(String prompt) {
        return embedder(prompt).model();
    }

    /** Whether somebody who asks for a model means this one: its name, what the setting calls it, or its identity. */
    public boolean named(String asked) {
        return asked.equals(model.name()) || asked.equals(configured) || asked.equals(model.model());
    }

    public String name() {
        return model.name();
    }

    public int dimensions() {
        return model.dimensions();
    }

    /** Whether the model's vectors have the length 1. */
    public boolean normalized() {
        return model.normalized();
    }

    /** How many times the model was asked, or the cache before it. */
    public long calls() {
        return batches.calls();
    }

    /**
     * The vector of each text, blank ones the zero vector.
     *
     * @param prompt as that of {@code embed-text-action}
     * @param dimensions the first so many, with unit length; all for the model's own number
     * @param cut whether a text that is too long is cut or refused
     */
    public Outcome embed(List<String> texts, String prompt, int dimensions, boolean cut) throws InterruptedException {
        List<Tokens> tokens = model.count(texts, prompt);
        for (int i = 0; i < tokens.size() && !cut; i++) {
            if (tokens.get(i).cut())
                return Outcome.refused(i, "have at most " + model.maxTokens() + " tokens, or be cut", "more");
        }
        Embedder embedder = embedder(prompt);
        float[][] made;
        try {
            made = batches.embed(embedder, texts);
        } catch (EmbeddingException e) {
            int[] bad = {-1};
            TellingEmbedder.embed(embedder, model, texts, (i, reason) -> bad[0] = bad[0] < 0 ? i : bad[0]);
            if (bad[0] < 0) throw e;
            return Outcome.refused(bad[0], "be a text that the model can embed", "another");
        }
        float[][] wanted = Arrays.stream(made)
                .map(vector -> FirstDimensions.first(vector, dimensions))
                .toArray(float[][]::new);
        int read = tokens.stream().mapToInt(Tokens::read).sum();
        return new Outcome(Optional.of(new Vectors(wanted, read)), Optional.empty());
    }

    /** Ends what is being made and frees the model. */
    @Override
    public void close() {
        batches.close();
        model.close();
    }

    private Embedder embedder(String prompt) {
        // a name that is none is refused here, and not kept
        Embedder prompted = model.prompted(prompt);
        return byPrompt.computeIfAbsent(
                prompted.model(), m -> ledger instanceof NoLedger ? prompted : new EmbeddingCache(ledger, prompted));
    }
}
