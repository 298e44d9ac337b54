package io.caravan.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.embedding.SharedEmbedder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * As OpenAI's {@code /v1/embeddings} has it. {@code prompt_name} and {@code truncate} are taken too, as TEI has them, here a text
 * that is too long is cut unless {@code truncate} says no; {@code user} means nothing.
 */
final class OpenAiDialect implements EmbeddingDialect {

    private static final String BASE64 = "base64";

    @Override
    public EmbeddingRequest read(JsonNode body, EmbeddingLimits limits, SharedEmbedder embedder) {
        String asked = EmbeddingLimits.optional(this, body, "model").orElse("");
        if (!asked.isEmpty() && !embedder.named(asked)) {
            throw EmbeddingLimits.bad(404, "model", "be " + embedder.name() + ", the one that is served", asked);
        }
        String format = EmbeddingLimits.optional(this, body, "encoding_format").orElse("float");
        if (!format.equals("float") && !format.equals(BASE64)) {
            throw EmbeddingLimits.bad(400, "encoding_format", "be float or base64", format);
        }
        return new EmbeddingRequest(
                limits.texts(this, body),
                body.path("input").isTextual(),
                EmbeddingLimits.optional(this, body, "prompt_name").orElse("none"),
                EmbeddingLimits.dimensions(this, body, embedder.dimensions()),
                EmbeddingLimits.flag(this, body, "truncate", true),
                format.equals(BASE64));
    }

    @Override
    public Object answer(EmbeddingRequest request, SharedEmbedder.Vectors made, SharedEmbedder embedder) {
        List<Embeddings.Embedding> data = new ArrayList<>();
        for (int i = 0; i < made.vectors().length; i++) {
            float[] vector = made.vectors()[i];
            data.add(new Embeddings.Embedding("embedding", i, request.base64() ? base64(vector) : vector));
        }
        return new Embeddings(
                "list", data, embedder.identity(request.prompt()), new Embeddings.Usage(made.tokens(), made.tokens()));
    }

    /** {@code {"error": {...}}}. */
    record Failed(Failure error) {}

    record Failure(
            String message,
            String type,
            @JsonInclude String param,
            @JsonInclude String code) {}

    @Override
    public Object error(int status, String message) {
        return switch (status) {
            case 401 -> new Failed(new Failure(message, "invalid_request_error", null, "invalid_api_key"));
            case 404 -> new Failed(new Failure(message, "invalid_request_error", "model", "model_not_found"));
            case 429 -> new Failed(new Failure(message, "rate_limit_error", null, "rate_limit_exceeded"));
            default ->
                new Failed(new Failure(message, status < 500 ? "invalid_request_error" : "server_error", null, null));
        };
    }

    @Override
    public String field() {
        return "input";
    }

    @Override
    public int malformed() {
        return 400;
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
