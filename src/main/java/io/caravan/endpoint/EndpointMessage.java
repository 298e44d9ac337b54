package io.caravan.endpoint;

import java.util.Map;

/**
 * What an endpoint is given.
 *
 * @param key of the message, for a component whose messages have one; blank for none
 * @param headers instructions of ours, and what settings say; never names from data
 * @param id of the exchange, which some components take for the message's own; blank for any
 * @param properties of the exchange
 */
public record EndpointMessage(
        Object body, String key, Map<String, Object> headers, String id, Map<String, Object> properties) {

    /** A text or bytes with headers. */
    public EndpointMessage(Object body, String key, Map<String, Object> headers) {
        this(body, key, headers, "", Map.of());
    }
}
