package io.caravan.query;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * Turns requests away that would wait too long: at once, with a problem 503 and {@code Retry-After}, where as many are being answered and
 * wait as may. What is open to everybody is let in, so that a server that has much to do is not taken for dead.
 */
final class Crowd implements Handler<RoutingContext> {

    private final LimitedVertx vertx;

    Crowd(LimitedVertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public void handle(RoutingContext request) {
        if (!vertx.isFullFor(request.normalizedPath())) {
            request.next();
            return;
        }
        HttpReply.problem(
                request,
                503,
                QueryString.UNIT + ": too many requests wait already (caravan.api.waitingRequests); try again later",
                HttpReply.LATER);
    }
}
