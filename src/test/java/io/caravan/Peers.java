package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The third-party servers that {@code peers/run} started. */
public final class Peers {

    private Peers() {}

    /**
     * {@code 127.0.0.1:<port>} of a server below {@code peers/servers}. Fails when it should run; skips the test when
     * {@code peers/run} was asked for other servers only.
     */
    public static String address(String server) {
        String variable = "CARAVAN_PEER_" + server.toUpperCase(Locale.ROOT).replace('-', '_');
        String address = System.getenv(variable);
        List<String> chosen =
                Arrays.asList(System.getProperty("caravan.peers", server).split(","));
        assumeTrue(address != null || chosen.contains(server), "needs " + server + ": peers/run " + server);
        assertThat(address).as(variable + ", which peers/run sets").isNotNull();
        return address;
    }
}
