package io.caravan.http;

import io.caravan.error.ConfigurationException;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** Posts JSON to an API's address. */
public final class HttpPost implements CamelContextAware {

    private static final int MESSAGE_BYTES = 64 << 10;

    private final HttpApi api;

    public HttpPost(HttpApi api) {
        this.api = api;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        api.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return api.getCamelContext();
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
                + "'" + (message.isEmpty() ? "" : " (" + api.hide(message) + ")") + "; correct '" + api.setting()
                + "'");
    }

    /** Asks once for nothing but an answer: of what we send, an API may say nothing before it is sent. */
    public void check() {
        HttpApi once = api.once();
        HttpApi.Call call = new HttpApi.Call("OPTIONS", api.address().uri(), Map.of(), null);
        HttpAnswer answer = once.send(call, MESSAGE_BYTES);
        answer.close();
        String type = answer.first("Content-Type").orElse("");
        if (answer.status() / 100 == 3) {
            throw once.wrong(
                    call,
                    answer.status(),
                    Quote.where(call.uri(), answer.first("Location")),
                    "answer itself, redirects are not followed",
                    "correct");
        }
        // a JSON API that knows no OPTIONS says so in JSON, or not at all
        if (answer.status() == 404 && type.startsWith("text/html")) {
            throw once.server().other("", "status 404 with a page of HTML");
        }
    }
}
