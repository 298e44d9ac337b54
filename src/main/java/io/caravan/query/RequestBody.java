package io.caravan.query;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads the body of a request, no longer and no more than is allowed; of what is too much, nothing more is read. */
final class RequestBody {

    /** The connection ends with the answer, since the rest of the body is still to come. */
    private static final Map<String, String> AND_CLOSE = Map.of("Connection", "close");

    private RequestBody() {}

    static byte[] read(HttpServerRequest request, int most, Duration limit) throws InterruptedException {
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        Buffer read = Buffer.buffer();
        request.handler(some -> {
            if (whole.isDone()) return;
            if (read.length() + some.length() > most) whole.completeExceptionally(tooLarge(request, most));
            else read.appendBuffer(some);
        });
        request.endHandler(end -> whole.complete(read.getBytes()));
        request.exceptionHandler(whole::completeExceptionally);
        request.resume();
        try {
            return whole.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            hangUpAfterwards(request);
            throw new ProblemException(
                    408, EmbeddingLimits.UNIT + ": the body must arrive within " + limit.toMillis() + " ms", AND_CLOSE);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) throw problem;
            throw new ProblemException(400, EmbeddingLimits.UNIT + ": the body must be whole", e.getCause());
        }
    }

    private static ProblemException tooLarge(HttpServerRequest request, int most) {
        hangUpAfterwards(request);
        return new ProblemException(
                413,
                EmbeddingLimits.UNIT + ": the body must have at most " + most
                        + " bytes; send fewer texts in a request, or raise caravan.embedder.bodyBytes",
                AND_CLOSE);
    }

    private static void hangUpAfterwards(HttpServerRequest request) {
        request.response().endHandler(sent -> request.connection().close());
    }
}
