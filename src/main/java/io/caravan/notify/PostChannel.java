package io.caravan.notify;

import io.caravan.http.HttpPost;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** A POST of JSON by the endpoint that {@code http-sink} has, which says who asks and tries three times. */
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
