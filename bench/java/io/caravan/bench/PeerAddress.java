package io.caravan.bench;

import java.util.Locale;
import java.util.Optional;

/** Where {@code peers/run} started a server. */
final class PeerAddress {

    private PeerAddress() {}

    /** {@code 127.0.0.1:<port>}; empty when it was not started. */
    static Optional<String> of(String server) {
        return Optional.ofNullable(
                System.getenv("CARAVAN_PEER_" + server.toUpperCase(Locale.ROOT).replace('-', '_')));
    }
}
