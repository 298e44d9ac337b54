package io.caravan.embedding;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;

/** Reads the vectors in a service's answers, which may hold anything. Thread-safe. */
final class RemoteVectors {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final int MOST_DIMENSIONS = 65_536;

    private final String unit;
    private final boolean tei;
    /** What the first answer said made its vectors. */
    private final AtomicReference<String> model = new AtomicReference<>();

    RemoteVectors(String unit, boolean tei) {
        this.unit = unit;
        this.tei = tei;
    }

    /**
     * A vector for each of so many texts, in their order.
     *
     * @param dimensions what each must have; 0 for any, all the same
     */
    float[][] read(byte[] body, int texts, int dimensions) {
        JsonNode answer;
        try {
            answer = JSON.readTree(body);
        } catch (IOException e) {
            throw wrong("be JSON, no name twice in an object", "something else");
        }
        JsonNode list = tei ? answer : answer.path("data");
        if (!list.isArray()) throw wrong("have a list of vectors" + (tei ? "" : " in data"), list.getNodeType());
        if (list.size() != texts) throw wrong("have one vector for each of " + texts + " texts", list.size());
        if (!tei) sameModel(answer.path("model").asText(""));
        float[][] vectors = new float[texts][];
        for (int i = 0; i < texts; i++) {
            JsonNode one = list.get(i);
            int place = tei ? i : place(one.path("index"), texts);
            if (vectors[place] != null) throw wrong("have each index once", place);
            vectors[place] = vector(tei ? one : one.path("embedding"));
        }
        int wanted = dimensions == 0 ? vectors[0].length : dimensions;
        for (float[] vector : vectors) {
            if (vector.length != wanted) {
                throw new ConfigurationException(SettingChecks.sentence(
                                unit, "a vector of the service", "have " + wanted + " dimensions", vector.length)
                        + "; correct 'dimensions' or 'model', or ask another service in 'endpoint'");
            }
        }
        return vectors;
    }

    private void sameModel(String said) {
        if (said.isEmpty() || model.compareAndSet(null, said) || said.equals(model.get())) return;
        throw new ConfigurationException(
                SettingChecks.sentence(unit, "the service's model", "stay " + model.get(), said)
                        + "; vectors of two models are not mixed: start again, with another 'revision'");
    }

    private int place(JsonNode index, int texts) {
        if (index.isIntegralNumber() && index.canConvertToInt() && index.intValue() >= 0 && index.intValue() < texts)
            return index.intValue();
        throw wrong("have an index of 0 to " + (texts - 1) + " with each vector", index.getNodeType());
    }

    private float[] vector(JsonNode given) {
        float[] vector = given.isTextual() ? base64(given.textValue()) : numbers(given);
        if (vector.length == 0) throw wrong("have numbers in each vector", "none");
        if (Lengths.finite(vector)) return vector;
        throw new EmbeddingException(
                SettingChecks.sentence(unit, "a vector of the service", "hold finite numbers", "NaN or infinity"),
                null);
    }

    private float[] numbers(JsonNode given) {
        if (!given.isArray() || given.size() > MOST_DIMENSIONS) {
            throw wrong("have a list of numbers for each text", given.getNodeType());
        }
        float[] vector = new float[given.size()];
        for (int d = 0; d < vector.length; d++) {
            JsonNode number = given.get(d);
            // what JSON libraries write for what JSON has no number for
            boolean none = number.isNull() || number.isTextual();
            if (!none && !number.isNumber()) throw wrong("have a list of numbers for each text", number.getNodeType());
            vector[d] = none ? Float.NaN : (float) number.doubleValue();
        }
        return vector;
    }

    private float[] base64(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length % Float.BYTES != 0) throw wrong("have whole numbers of 32 bits", bytes.length);
            float[] vector = new float[bytes.length / Float.BYTES];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(vector);
            return vector;
        } catch (IllegalArgumentException e) {
            throw wrong("have base64 or a list of numbers", "a text");
        }
    }

    private ConfigurationException wrong(String rule, Object got) {
        return new ConfigurationException(SettingChecks.sentence(unit, "the service's answer", rule, got)
                + "; ask another service in 'endpoint'");
    }
}
