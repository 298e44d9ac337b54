package io.caravan.notify;

import io.caravan.http.HttpApi;
import io.caravan.http.HttpPost;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A POST to an address, with the deduplication id as idempotency key. */
final class HttpChannel implements Channel {

    private final HttpPost post;

    HttpChannel(HttpApi api) {
        this.post = new HttpPost(api);
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
