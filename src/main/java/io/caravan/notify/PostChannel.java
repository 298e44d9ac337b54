package io.caravan.notify;

import io.caravan.http.HttpPost;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * A POST of JSON by the endpoint of {@code camel-http} that {@code http-sink} has. It stays beside {@link EndpointChannel} for what an
 * endpoint alone does not do: it says who asks without a secret in a URI ({@code auth}), tries three times, waits as long as {@code
 * Retry-After} asks, and reads no more of an answer than 64 KiB, within the time limit.
 */
record PostChannel(HttpPost post, MessageTemplate template, Map<String, Object> headers)
        implements Channel, CamelContextAware {

    @Override
    public void setCamelContext(CamelContext context) {
        post.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return post.getCamelContext();
    }

    @Override
    public void send(Notice notice) {
        Map<String, String> all = new HashMap<>(Map.of("Idempotency-Key", notice.deduplicationId()));
        headers.forEach((name, value) -> all.put(name, value.toString()));
        post.send(template.of(notice).getBytes(StandardCharsets.UTF_8), all);
    }

    @Override
    public void check() {
        post.check();
    }
}
