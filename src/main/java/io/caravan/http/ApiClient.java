package io.caravan.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.cookie.StandardCookieSpec;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * The client that endpoints of one API have: whoever sends the request, it is signed here, if it goes to that API, and ends
 * within the limits. It follows no redirect, keeps no cookie and unpacks nothing. Thread-safe.
 */
final class ApiClient extends CloseableHttpClient {

    private final HttpClient shared;
    private final boolean wholeHeads;
    private final Address address;
    private final Auth auth;
    private final Duration timeout;
    private final RequestConfig limits;
    private final Watch watch = new Watch();

    /**
     * @param shared the one that has the connections, closed by others
     * @param wholeHeads whether it refuses an answer that ended within its head, as ours does
     */
    ApiClient(
            HttpClient shared,
            boolean wholeHeads,
            Address address,
            Auth auth,
            Duration connectTimeout,
            Duration timeout) {
        this.shared = shared;
        this.wholeHeads = wholeHeads;
        this.address = address;
        this.auth = auth;
        this.timeout = timeout;
        RequestConfig own = shared instanceof Configurable configured ? configured.getConfig() : null;
        this.limits = limits(own == null ? RequestConfig.DEFAULT : own, connectTimeout, timeout);
    }

    @SuppressWarnings("deprecation") // elsewhere the time limit of a connection can only be set for all servers
    private static RequestConfig limits(RequestConfig own, Duration connectTimeout, Duration timeout) {
        return RequestConfig.copy(own)
                .setConnectTimeout(Timeout.of(connectTimeout))
                .setResponseTimeout(Timeout.of(timeout))
                .setConnectionRequestTimeout(Timeout.of(timeout))
                .setRedirectsEnabled(false)
                .setContentCompressionEnabled(false)
                .setCookieSpec(StandardCookieSpec.IGNORE)
                .build();
    }

    @Override
    public ClassicHttpResponse executeOpen(HttpHost target, ClassicHttpRequest request, HttpContext context)
            throws IOException {
        // what camel-http sends is one
        HttpUriRequestBase sent = (HttpUriRequestBase) request;
        sign(sent);
        sent.setConfig(limits);
        long began = System.nanoTime();
        Watch.Guard guard = watch.begin(sent::cancel, began + timeout.toNanos());
        try (guard) {
            ClassicHttpResponse answer = shared.executeOpen(target, sent, context);
            HttpEntity entity = answer.getEntity();
            if (entity != null) {
                InputStream content = wholeHeads ? entity.getContent() : CutHeads.refused(answer, entity);
                HttpBody body = new HttpBody(content, watch, began, sent::cancel, timeout);
                answer.setEntity(new Entity(entity, body));
            }
            return answer;
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) throw interrupted(e);
            if (guard.late()) throw late(e);
            throw e;
        }
    }

    /** How it signs. */
    Auth auth() {
        return auth;
    }

    private static IOException interrupted(IOException e) {
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(e);
        return interrupted;
    }

    private IOException late(IOException e) {
        SocketTimeoutException late =
                new SocketTimeoutException("the answer did not begin within " + timeout.toMillis() + " ms");
        late.initCause(e);
        return late;
    }

    /** What did not come from this client, read within the same limits. */
    HttpBody body(InputStream in) {
        return new HttpBody(in, watch, System.nanoTime(), () -> {}, timeout);
    }

    private void sign(HttpUriRequestBase request) throws IOException {
        try {
            URI uri = request.getUri();
            if (!address.own(uri)) return;
            URI signed = auth.sign(uri);
            if (signed != uri) request.setUri(signed);
            auth.sign(request);
        } catch (URISyntaxException e) {
            throw new IOException("its address is none", e);
        }
    }

    @Override
    protected CloseableHttpResponse doExecute(HttpHost target, ClassicHttpRequest request, HttpContext context)
            throws IOException {
        return CloseableHttpResponse.adapt(executeOpen(target, request, context));
    }

    /** Nothing: an endpoint that ends closes its client, and others use it still. */
    @Override
    public void close() {
        // see above
    }

    @Override
    public void close(CloseMode closeMode) {
        // see above
    }

    private static final class Entity extends HttpEntityWrapper {

        private final HttpBody body;

        Entity(HttpEntity entity, HttpBody body) {
            super(entity);
            this.body = body;
        }

        @Override
        public InputStream getContent() {
            return body;
        }
    }
}
