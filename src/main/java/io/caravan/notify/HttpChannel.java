package io.caravan.notify;

import io.caravan.http.HttpApi;
import io.caravan.http.HttpPost;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** A POST to an address, with the deduplication id as idempotency key. */
final class HttpChannel implements Channel, CamelContextAware {

    private final HttpPost post;

    HttpChannel(HttpApi api) {
        this.post = new HttpPost(api);
    }

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
        post.send(notice.json().getBytes(StandardCharsets.UTF_8), Map.of("Idempotency-Key", notice.deduplicationId()));
    }

    @Override
    public void check() {
        post.check();
    }
}
