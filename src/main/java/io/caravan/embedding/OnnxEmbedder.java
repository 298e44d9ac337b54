package io.caravan.embedding;

import io.caravan.error.SettingChecks;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;

/**
 * Runs a sentence-transformers model with ONNX Runtime: one session, all cores, texts of like length side by side.
 *
 * <ul>
 *   <li>vectors are those of sentence-transformers (cosine 0.9999 or better), whatever stands beside a text
 *   <li>the model is loaded at the first text that is not blank, which takes one to three seconds
 * </ul>
 */
public final class OnnxEmbedder implements Embedder {

    private final SentenceModel model;
    private final int batchSize;
    private ModelSessions sessions = new ModelSessions();
    private Network network;
    private String identity;

    /**
     * @param folder of a sentence-transformers model exported to ONNX; {@code bundled} or blank for all-MiniLM-L6-v2
     * @param batchSize texts per call of the network on one core, 1 to 1024
     */
    public OnnxEmbedder(String folder, int batchSize) {
        new SettingChecks("embedding").between("batchSize", batchSize, 1, 1024).check();
        this.model = SentenceModel.of(folder);
        this.batchSize = batchSize;
    }

    @Override
    public synchronized String model() {
        if (identity == null) identity = model.identity();
        return identity;
    }

    @Override
    public int dimensions() {
        return model.dimensions() > 0 ? model.dimensions() : network().dimensions();
    }

    @Override
    public float[][] embed(List<String> texts) {
        float[][] vectors = new float[texts.size()][];
        int[] told = IntStream.range(0, vectors.length)
                .filter(i -> !texts.get(i).isBlank())
                .toArray();
        if (told.length < vectors.length) {
            float[] zero = new float[dimensions()];
            for (int i = 0; i < vectors.length; i++) if (texts.get(i).isBlank()) vectors[i] = zero;
        }
        if (told.length == 0) return vectors;

        Network network = network();
        long[][] tokens = network.tokenize(
                IntStream.of(told).mapToObj(i -> wellFormed(texts.get(i))).toArray(String[]::new));
        int[] byLength = IntStream.range(0, told.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> tokens[i].length))
                .mapToInt(Integer::intValue)
                .toArray();
        int cores = Runtime.getRuntime().availableProcessors();
        int slice = Math.min(batchSize, (told.length + cores - 1) / cores);
        IntStream.range(0, (told.length + slice - 1) / slice).parallel().forEach(s -> {
            int[] part = IntStream.range(s * slice, Math.min(told.length, (s + 1) * slice))
                    .map(i -> byLength[i])
                    .toArray();
            float[][] made =
                    network.run(IntStream.of(part).mapToObj(i -> tokens[i]).toArray(long[][]::new));
            for (int i = 0; i < part.length; i++) vectors[told[part[i]]] = finite(made[i]);
        });
        return vectors;
    }

    /** Uses the session that others in this context have of the same model; before the first text. */
    public synchronized void setCamelContext(CamelContext context) {
        if (network == null) sessions = ModelSessions.of(context);
    }

    @Override
    public synchronized void close() {
        if (network != null) sessions.giveBack(model());
        network = null;
    }

    /** The same model and session with one of the model's prompts before each text: {@code none}, {@code default} or a name. */
    public Embedder prompted(String prompt) {
        String text = model.prompts().text(model.name(), prompt);
        return text.isEmpty() ? this : new Prompted(this, text);
    }

    /** What the model is called. */
    String name() {
        return model.name();
    }

    /** Tokens are counted and cut at so many. */
    int maxTokens() {
        return model.maxTokens();
    }

    boolean normalized() {
        return model.normalized();
    }

    /** How many tokens the model reads of each text, and whether it is cut; loads the model. */
    List<Tokens> count(List<String> texts, String prompt) {
        String before = model.prompts().text(model.name(), prompt);
        return network()
                .count(texts.stream()
                        .map(text -> text.isBlank() ? "" : wellFormed(before + text.strip()))
                        .toArray(String[]::new));
    }

    /** Whether the model is in memory. */
    synchronized boolean loaded() {
        return network != null;
    }

    private synchronized Network network() {
        if (network == null) network = sessions.take(model(), model);
        return network;
    }

    private float[] finite(float[] vector) {
        if (Lengths.finite(vector)) return vector;
        throw new EmbeddingException(
                SettingChecks.sentence(
                        "embedding model " + model.name(), "a vector", "hold finite numbers", "NaN or infinity"),
                null);
    }

    /** Half a surrogate pair is no text that the tokenizer or a hash could take: it becomes a question mark. */
    private static String wellFormed(String text) {
        return new String(text.strip().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
