package io.caravan.embedding;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.http.HttpApi;
import io.caravan.http.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;

/**
 * Has the vectors made by a service: one with the shape of OpenAI's {@code /v1/embeddings}, or, where the address ends with {@code
 * /embed}, that of Text Embeddings Inference. Asks again within the limits when the service says so; what it answers is checked.
 *
 * <ul>
 *   <li>errors: {@link EmbeddingException} when it refuses texts (400, 413, 422), {@link
 *       io.caravan.error.UnavailableException} when it stays away, {@link ConfigurationException} for what no other try would
 *       change
 * </ul>
 */
final class RemoteEmbedder implements Embedder {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<Integer> REFUSED = Set.of(400, 413, 422);
    private static final int TEXTS = 64;
    private static final int CHARACTERS = 500_000;
    private static final int MOST_BYTES = 64 << 20;
    private static final int RETRIES = 6;
    private static final int FIRST_PAUSE_MILLIS = 200;
    private static final int MOST_WAIT_MILLIS = 120_000;

    private final String unit;
    private final String model;
    private final String prompt;
    private final String revision;
    private final HttpExchange http;
    private final RemoteVectors answers;
    private final boolean tei;
    private final int asked;
    private volatile int dimensions;

    /**
     * @param endpoint the whole address, ending with {@code /embeddings} or {@code /embed}
     * @param apiKey sent as bearer; blank for none
     * @param model what the service calls it; blank or {@code bundled} for the one it has
     * @param prompt sent as {@code prompt_name}, unless none
     * @param dimensions 0 for what the model has; an answer with others is refused
     * @param revision any word that tells this model from others of its name
     */
    RemoteEmbedder(
            String unit,
            String endpoint,
            String apiKey,
            int timeoutMillis,
            String model,
            String prompt,
            int dimensions,
            String revision) {
        String path = endpoint.strip().replaceFirst("[?#].*", "");
        this.tei = path.endsWith("/embed");
        new SettingChecks(unit)
                .must(tei || path.endsWith("/embeddings"), "endpoint", "end with /embeddings or /embed", endpoint)
                .between("dimensions", dimensions, 0, 65_536)
                .check();
        HttpApi api = new HttpApi(
                unit,
                "endpoint",
                endpoint.strip(),
                apiKey.isBlank() ? "none" : "bearer",
                "",
                apiKey,
                "",
                "0",
                timeoutMillis,
                timeoutMillis,
                RETRIES,
                FIRST_PAUSE_MILLIS,
                MOST_WAIT_MILLIS);
        this.unit = unit;
        this.http = new HttpExchange(api, "apiKey");
        this.answers = new RemoteVectors(unit, tei);
        this.model = model.isBlank() || model.equals(SentenceModel.BUNDLED) ? "" : model.strip();
        this.prompt = prompt.equals(Prompts.NO_PROMPT) ? "" : prompt.strip();
        this.revision = revision.strip();
        this.asked = dimensions;
        this.dimensions = dimensions;
    }

    void setCamelContext(CamelContext context) {
        http.setCamelContext(context);
    }

    /** Not where the service is: one that moved makes the same vectors, which {@link SameModel} looks at. */
    @Override
    public String model() {
        return String.join(":", "service", model, prompt, Integer.toString(asked), revision);
    }

    @Override
    public int dimensions() {
        if (dimensions == 0) embed(List.of("a"));
        return dimensions;
    }

    @Override
    public float[][] embed(List<String> texts) {
        float[][] vectors = new float[texts.size()][];
        List<Integer> places = new ArrayList<>();
        int characters = 0;
        for (int i = 0; i < vectors.length; i++) {
            String text = texts.get(i);
            if (text.isBlank()) continue;
            if (places.size() == TEXTS || (!places.isEmpty() && characters + text.length() > CHARACTERS)) {
                ask(texts, places, vectors);
                places.clear();
                characters = 0;
            }
            places.add(i);
            characters += text.length();
        }
        if (!places.isEmpty()) ask(texts, places, vectors);
        for (int i = 0; i < vectors.length; i++) if (vectors[i] == null) vectors[i] = new float[dimensions()];
        return vectors;
    }

    @Override
    public void close() {
        // the connections are those of the context
    }

    private void ask(List<String> texts, List<Integer> places, float[][] vectors) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode input = body.putArray(tei ? "inputs" : "input");
        // half a surrogate pair is a question mark, as for a model of our own
        places.forEach(i ->
                input.add(new String(texts.get(i).strip().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)));
        if (!model.isEmpty() && !tei) body.put("model", model);
        if (!tei) body.put("encoding_format", "float");
        if (tei) body.put("truncate", true);
        if (!prompt.isEmpty()) body.put("prompt_name", prompt);
        if (asked > 0) body.put("dimensions", asked);
        HttpExchange.Answer answer = http.post(body.toString().getBytes(StandardCharsets.UTF_8), MOST_BYTES);
        if (REFUSED.contains(answer.status())) {
            throw new EmbeddingException(unit + ": the service of 'endpoint' refuses texts: " + answer.said(), null);
        }
        if (!answer.success()) {
            throw new ConfigurationException(
                    SettingChecks.sentence(unit, "endpoint", "be a service that answers with vectors", answer.said())
                            + "; correct 'endpoint' or 'model'");
        }
        float[][] made = answers.read(answer.body(), places.size(), dimensions);
        dimensions = made[0].length;
        for (int i = 0; i < made.length; i++) vectors[places.get(i)] = made[i];
    }
}
