package io.caravan.query;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.Sha256;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Ends a request without the right header {@code X-API-Key} as a problem 401. Keys are compared as hashes in constant
 * time; what a wrong one was is not said.
 */
public final class CheckApiKey implements Processor {

    static final String HEADER = "X-API-Key";

    private final String setting;
    private final List<String> open;

    /**
     * @param setting the name of the setting that holds the key; blank: everybody may ask. The name, not the key, so that no
     *     description of this bean shows it, and Camel does not read meaning into its characters
     * @param openPaths paths that need no key, comma separated
     */
    public CheckApiKey(String setting, String openPaths) {
        new SettingChecks("check-api-key").notBlank("setting", setting).check();
        this.setting = setting;
        this.open = SettingList.of(openPaths);
    }

    @Override
    public void process(Exchange exchange) {
        String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class);
        String key = exchange.getContext()
                .getPropertiesComponent()
                .resolveProperty(setting)
                .orElse("");
        if (key.isBlank() || open.contains(path)) return;
        // from the request itself: Camel would also take a parameter or form field of that name for the header
        String given = exchange.getMessage(HttpMessage.class).getRequest().getHeader(HEADER);
        if (!MessageDigest.isEqual(Sha256.of(key), Sha256.of(given == null ? "" : given))) {
            throw new ProblemException(
                    401,
                    QueryString.UNIT + ": header " + HEADER + " must hold the key of this API",
                    Map.of("WWW-Authenticate", "ApiKey realm=\"caravan\""));
        }
    }
}
