package io.caravan.run;

import io.caravan.error.ConfigurationException;
import java.util.Set;
import java.util.TreeSet;

/**
 * The URI of an endpoint among the parameters of a Kamelet. Camel takes what is behind its first {@code &} for parameters of the Kamelet,
 * which nobody hears of: the endpoint would lack options, such as the group of a consumer.
 */
final class WholeUri {

    private static final Set<String> KAMELETS = Set.of("endpoint-sink", "endpoint-source", "notify-sink");

    private WholeUri() {}

    /** Throws ConfigurationException when some of its options were taken for parameters. */
    static void check(String kamelet, Set<String> written, Set<String> known) {
        if (!KAMELETS.contains(kamelet) || !written.contains("uri")) return;
        Set<String> lost = new TreeSet<>(written);
        lost.removeAll(known);
        if (lost.isEmpty()) return;
        throw new ConfigurationException(kamelet
                + ": uri must stand within RAW{ } when an & is in it, as Camel takes the rest for"
                + " parameters of the Kamelet, got the parameter '" + String.join("', '", lost)
                + "'; write it as RAW{kafka:orders?brokers=...&groupId=...}, or take away a parameter that " + kamelet
                + " does not have");
    }
}
