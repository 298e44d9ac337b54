package io.caravan.query;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.embedding.EmbeddingException;
import io.caravan.embedding.SharedEmbedder;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.record.JsonFault;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** Answers a request for vectors in the shape in which it came. */
public final class AnswerEmbeddings implements Processor {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Map<String, String> LATER = Map.of("Retry-After", "1");

    private final EmbeddingDialect dialect;
    private final SharedEmbedder embedder;
    private final EmbeddingLimits limits;
    private final int bodyBytes;
    private final Duration bodyTime;

    /**
     * @param dialect {@code openai} or {@code tei}
     * @param textsPerRequest how many texts a request may bring
     * @param charactersPerText how long each may be
     * @param bodyBytes how many bytes a request may have
     * @param timeoutMillis how long they may take to arrive
     */
    public AnswerEmbeddings(
            String dialect,
            SharedEmbedder embedder,
            int textsPerRequest,
            int charactersPerText,
            int bodyBytes,
            int timeoutMillis) {
        this.limits = new EmbeddingLimits(textsPerRequest, charactersPerText);
        new SettingChecks(EmbeddingLimits.UNIT)
                .between("bodyBytes", bodyBytes, 1, 1 << 30)
                .between("timeoutMillis", timeoutMillis, 1, 3_600_000)
                .check();
        this.dialect = EmbeddingDialect.of(dialect);
        this.embedder = embedder;
        this.bodyBytes = bodyBytes;
        this.bodyTime = Duration.ofMillis(timeoutMillis);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        try (SharedEmbedder.Admission admission = embedder.admit().orElseThrow(AnswerEmbeddings::overloaded)) {
            byte[] body =
                    RequestBody.read(exchange.getMessage(HttpMessage.class).getRequest(), bodyBytes, bodyTime);
            EmbeddingRequest request = dialect.read(json(body), limits, embedder);
            HttpReply.json(exchange, 200, dialect.answer(request, vectors(request), embedder));
        } catch (EmbeddingException e) {
            throw new ProblemException(503, EmbeddingLimits.UNIT + ": the model fails; the log says why", e);
        }
    }

    private SharedEmbedder.Vectors vectors(EmbeddingRequest request) throws InterruptedException {
        try {
            embedder.identity(request.prompt());
        } catch (ConfigurationException e) {
            throw new ProblemException(dialect.malformed(), e.getMessage());
        }
        int dimensions = request.dimensions() == 0 ? embedder.dimensions() : request.dimensions();
        try {
            SharedEmbedder.Outcome outcome =
                    embedder.embed(request.texts(), request.prompt(), dimensions, request.cut());
            outcome.refusal().ifPresent(refusal -> {
                String field = request.single() ? dialect.field() : dialect.field() + "[" + refusal.index() + "]";
                throw EmbeddingLimits.bad(413, field, refusal.rule(), refusal.got());
            });
            return outcome.vectors().orElseThrow();
        } catch (EmbeddingException | ProblemException e) {
            throw e;
        } catch (CaravanException e) {
            throw Stores.problem("vectors' cache", e);
        }
    }

    private JsonNode json(byte[] body) throws IOException {
        try {
            JsonNode json = JSON.readTree(body);
            if (json.isObject()) return json;
            throw EmbeddingLimits.bad(dialect.malformed(), "the body", "be a JSON object", "something else");
        } catch (JacksonException e) {
            throw EmbeddingLimits.bad(dialect.malformed(), "the body", "be JSON", JsonFault.of(e));
        }
    }

    private static ProblemException overloaded() {
        return new ProblemException(
                429, EmbeddingLimits.UNIT + ": too many requests at the same time; try again later", LATER);
    }
}
