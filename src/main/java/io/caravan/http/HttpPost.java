package io.caravan.http;

import io.caravan.error.ConfigurationException;
import java.util.Map;

/** Posts JSON to an API's address. */
public final class HttpPost {

    private static final int MESSAGE_BYTES = 64 << 10;

    private final HttpApi api;

    public HttpPost(HttpApi api) {
        this.api = api;
    }

    /**
     * Returns when the server has answered 2xx.
     *
     * <ul>
     *   <li>errors: {@link io.caravan.error.UnavailableException} when it stays away, {@link ConfigurationException} for any
     *       other answer
     * </ul>
     */
    public void send(byte[] json, Map<String, String> headers) {
        HttpApi.Call call = new HttpApi.Call("POST", api.address().uri(), headers, json);
        HttpApi.Answer answer = api.exchange(call, MESSAGE_BYTES, false);
        if (answer.success()) return;
        String message = ServerMessage.of(answer.body());
        throw new ConfigurationException(api.unit() + ": " + call + " must answer 2xx, got status '" + answer.status()
                + "'" + (message.isEmpty() ? "" : ": " + api.hide(message)));
    }

    /** Asks for nothing but an answer. */
    public void check() {
        api.exchange(new HttpApi.Call("OPTIONS", api.address().uri(), Map.of(), null), MESSAGE_BYTES, false);
    }
}
