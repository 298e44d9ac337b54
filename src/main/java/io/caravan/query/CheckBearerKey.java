package io.caravan.query;

import io.caravan.error.SettingChecks;
import io.caravan.record.Sha256;
import io.vertx.core.MultiMap;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Ends a request without the key as a problem 401: it is wanted as {@code Authorization: Bearer <key>}, as OpenAI's clients send it,
 * or as {@code X-API-Key}. Keys are compared as hashes in constant time; what a wrong one was is not said.
 */
public final class CheckBearerKey implements Processor {

    private static final String BEARER = "bearer ";

    private final String setting;

    /** {@code setting}: the name of the setting that holds the key; blank: everybody may ask. */
    public CheckBearerKey(String setting) {
        new SettingChecks("check-bearer-key").notBlank("setting", setting).check();
        this.setting = setting;
    }

    @Override
    public void process(Exchange exchange) {
        String key = exchange.getContext()
                .getPropertiesComponent()
                .resolveProperty(setting)
                .orElse("");
        if (key.isBlank()) return;
        MultiMap headers = exchange.getMessage(HttpMessage.class).getRequest().headers();
        String bearer = headers.get("Authorization");
        boolean borne = bearer != null && bearer.toLowerCase(Locale.ROOT).startsWith(BEARER);
        String given = borne ? bearer.substring(BEARER.length()).strip() : headers.get(CheckApiKey.HEADER);
        if (!MessageDigest.isEqual(Sha256.of(key), Sha256.of(given == null ? "" : given))) {
            throw new ProblemException(
                    401,
                    EmbeddingLimits.UNIT + ": header Authorization must be Bearer and the key of this API",
                    Map.of("WWW-Authenticate", "Bearer realm=\"caravan\""));
        }
    }
}
