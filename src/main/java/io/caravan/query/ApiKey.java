package io.caravan.query;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Sha256;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.MessageDigest;

/** The key of the query API: who may ask without one, and whether a caller has it. */
public final class ApiKey {

    /** The setting that holds it; blank: everybody who reaches the port may ask. */
    public static final String SETTING = "caravan.api.key";

    static final String HEADER = "X-API-Key";

    private ApiKey() {}

    /** Throws a {@link ConfigurationException} where other machines reach the server and nobody is asked for a key. */
    public static void checkBeforeListening(String host, String key) {
        if (!key.isBlank() || isThisMachine(host)) return;
        throw new ConfigurationException(
                SettingChecks.sentence("serve", SETTING, "be set where other machines reach " + host, "")
                        + "; set CARAVAN_API_KEY to what openssl rand -hex 32 prints, or caravan.api.host to 127.0.0.1");
    }

    /** Whether {@code given}, null for nothing, is the key; compared as hashes in constant time. */
    static boolean is(String key, String given) {
        return MessageDigest.isEqual(Sha256.of(key), Sha256.of(given == null ? "" : given));
    }

    private static boolean isThisMachine(String host) {
        try {
            return host != null
                    && !host.isBlank()
                    && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
