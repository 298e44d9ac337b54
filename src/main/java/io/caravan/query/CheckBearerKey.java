package io.caravan.query;

import io.caravan.error.SettingChecks;
import io.caravan.settings.LiteralSecrets;
import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Ends a request without the key as a problem 401: it is wanted as {@code Authorization: Bearer <key>}, as OpenAI's clients send it,
 * or as {@code X-API-Key}. What a wrong one was is not said.
 */
public final class CheckBearerKey implements Processor {

    /** The paths that it guards, which {@link Guard} leaves to it. */
    static final Set<String> PATHS = Set.of("/v1/embeddings", "/embed");

    private static final String BEARER = "bearer ";

    private final String setting;

    /** {@code setting}: the name of the setting that holds the key; where it is blank, the key of the API counts. */
    public CheckBearerKey(String setting) {
        new SettingChecks("check-bearer-key").notBlank("setting", setting).check();
        this.setting = setting;
    }

    @Override
    public void process(Exchange exchange) {
        CamelContext context = exchange.getContext();
        String key = LiteralSecrets.setting(context, setting)
                .filter(own -> !own.isBlank())
                .or(() -> LiteralSecrets.setting(context, ApiKey.SETTING))
                .orElse("");
        if (key.isBlank()) return;
        MultiMap headers = exchange.getMessage(HttpMessage.class).getRequest().headers();
        String bearer = headers.get("Authorization");
        boolean borne = bearer != null && bearer.toLowerCase(Locale.ROOT).startsWith(BEARER);
        String given = borne ? bearer.substring(BEARER.length()).strip() : headers.get(ApiKey.HEADER);
        if (!ApiKey.is(key, given)) {
            throw new ProblemException(
                    401,
                    EmbeddingLimits.UNIT + ": header Authorization must be Bearer and the key of this API",
                    Map.of("WWW-Authenticate", "Bearer realm=\"caravan\""));
        }
    }
}
