package io.caravan.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer, read while it arrives: a few buffers ahead, no longer than allowed, and never waiting for a byte
 * longer than the time limit (the client's own ends with the head of the answer), nor longer than that for next to nothing; for
 * all bytes together only until its end, if it has one.
 */
final class HttpBody extends InputStream implements BodySubscriber<HttpBody> {

    /** The answer is longer than allowed. */
    static final class TooLongException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLongException(long most) {
            super("an answer must be at most " + most + " bytes, got more");
        }
    }

    private static final int AHEAD = 4;
    /** Who sends less, when we have waited longer for it than the time limit, sends a byte now and then only to hold us up. */
    private static final int FEWEST_BYTES_A_SECOND = 1_024;

    /** What one call of the client brought: buffers, the end, or a failure. */
    private record Arrival(List<ByteBuffer> buffers, boolean end, Throwable failure) {}

    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final Duration timeout;
    private final Optional<Long> endNanos;
    private final long most;
    private volatile Subscription subscription;
    private Iterator<ByteBuffer> buffers = Collections.emptyIterator();
    private ByteBuffer current = ByteBuffer.allocate(0);
    private boolean ended;
    private long count;
    private long waitedNanos;
    private IOException failure;

    /** @param endNanos when {@link System#nanoTime} says so, all of it must have been read */
    HttpBody(Duration timeout, Optional<Long> endNanos, long most) {
        this.timeout = timeout;
        this.endNanos = endNanos;
        this.most = most;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            return next(target, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** What ended the reading, whatever became of it on its way to the reader. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    private int next(byte[] target, int offset, int length) throws IOException {
        if (length == 0) return 0;
        while (!current.hasRemaining()) {
            if (buffers.hasNext()) current = buffers.next();
            else if (ended || !await()) return -1;
        }
        int n = Math.min(length, current.remaining());
        current.get(target, offset, n);
        count += n;
        if (count > most) throw new TooLongException(most);
        return n;
    }

    private boolean await() throws IOException {
        long left = endNanos.map(end -> end - System.nanoTime()).orElse(Long.MAX_VALUE);
        if (left <= 0) throw new HttpTimeoutException("the answer did not end within " + timeout.toMillis() + " ms");
        if (waitedNanos > timeout.toNanos()
                && count < TimeUnit.NANOSECONDS.toSeconds(waitedNanos) * FEWEST_BYTES_A_SECOND) {
            throw new HttpTimeoutException("fewer than " + FEWEST_BYTES_A_SECOND + " bytes a second arrived for "
                    + timeout.toMillis() + " ms");
        }
        Arrival next;
        long began = System.nanoTime();
        try {
            next = arrivals.poll(Math.min(left, timeout.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            waitedNanos += System.nanoTime() - began;
        }
        if (next == null) throw new HttpTimeoutException("no byte arrived for " + timeout.toMillis() + " ms");
        if (next.failure() != null) throw new IOException(HttpApi.why(next.failure()), next.failure());
        ended = next.end();
        if (ended) return false;
        buffers = next.buffers().iterator();
        subscription.request(1);
        return true;
    }

    /** Gives up what has not arrived; the connection is used again only if all of it did. */
    @Override
    public void close() {
        Subscription open = subscription;
        if (open != null && !ended) open.cancel();
    }

    @Override
    public CompletionStage<HttpBody> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Subscription arriving) {
        subscription = arriving;
        arriving.request(AHEAD);
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        arrivals.add(new Arrival(item, false, null));
    }

    @Override
    public void onError(Throwable failure) {
        arrivals.add(new Arrival(List.of(), false, failure));
    }

    @Override
    public void onComplete() {
        arrivals.add(new Arrival(List.of(), true, null));
    }
}
