package io.caravan.http;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** Posts JSON to an API's address and reads what it answers. */
public final class HttpExchange implements CamelContextAware {

    private static final Map<String, String> HEADERS =
            Map.of("Content-Type", "application/json", "Accept", "application/json");
    private static final int MOST_SAID = 16 << 10;

    private final HttpApi api;
    private final String keySetting;

    /** {@code keySetting}: what is to be corrected when the API refuses the account. */
    public HttpExchange(HttpApi api, String keySetting) {
        this.api = api;
        this.keySetting = keySetting;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        api.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return api.getCamelContext();
    }

    /** The answer, whatever its status but those below; {@code said}: what an answer without success says, on one line. */
    public record Answer(int status, byte[] body, String said) {

        public boolean success() {
            return status / 100 == 2;
        }
    }

    /**
     * The answer to a request; asked again within the limits while the server says "later" or cannot be reached.
     *
     * <ul>
     *   <li>errors: {@link UnavailableException} when it stays so, or it answers more than {@code mostBytes}; {@link
     *       ConfigurationException} for 401, 403 and 407
     * </ul>
     */
    public Answer post(byte[] json, int mostBytes) {
        HttpApi.Call call = new HttpApi.Call("POST", api.address().uri(), HEADERS, json);
        HttpApi.Answer answer = api.lookUp(call, mostBytes + 1);
        if (answer.body().length > mostBytes) {
            throw new UnavailableException(
                    api.unit() + ": " + call + " must answer at most " + mostBytes + " bytes, got 'more'", null);
        }
        if (answer.success()) return new Answer(answer.status(), answer.body(), "");
        String body = api.hide(
                new String(answer.body(), 0, Math.min(MOST_SAID, answer.body().length), StandardCharsets.UTF_8));
        String said = ServerMessage.of(body.getBytes(StandardCharsets.UTF_8));
        String why = "status " + answer.status() + (said.isEmpty() ? "" : ": " + said);
        if (HttpApi.forbidden(answer.status())) {
            throw api.server().denied(answer.status() == 403, "", api.who(), why, keySetting);
        }
        return new Answer(answer.status(), answer.body(), why);
    }
}
