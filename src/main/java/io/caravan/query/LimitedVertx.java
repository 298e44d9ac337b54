package io.caravan.query;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Vert.x whose HTTP servers keep to limits, each connection watched by a {@link ConnectionWatch}, and that knows how many requests are
 * being answered or wait for it. Camel makes its server with options of its own, so this is where ours have to go.
 */
final class LimitedVertx extends VertxWrapper {

    private final ServerLimits limits;
    private final Set<String> open;
    private final int workers;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    LimitedVertx(VertxOptions options, ServerLimits limits, Set<String> open) {
        super((VertxInternal) Vertx.vertx(options));
        this.limits = limits;
        this.open = open;
        this.workers = options.getWorkerPoolSize();
    }

    @Override
    public HttpServer createHttpServer(HttpServerOptions options) {
        // HTTP/1.1 alone: what is watched is one request after the other
        options.setHttp2ClearTextEnabled(false).setUseAlpn(false);
        return super.createHttpServer(options).connectionHandler(connection -> ((ConnectionBase) connection)
                .channel()
                .pipeline()
                .addBefore("handler", "watch", new ConnectionWatch(limits, connections, open)));
    }

    /** What Camel calls for each request: counted until it is done, whether or not its caller still waits. */
    @Override
    public <T> Future<T> executeBlocking(Callable<T> work, boolean ordered) {
        requests.incrementAndGet();
        return delegate.executeBlocking(
                () -> {
                    try {
                        return work.call();
                    } finally {
                        requests.decrementAndGet();
                    }
                },
                ordered);
    }

    /** Whether a request to this path would wait behind as many as may; never of what is open to everybody. */
    boolean isFullFor(String path) {
        return requests.get() >= workers + limits.waiting() && !open.contains(path);
    }
}
