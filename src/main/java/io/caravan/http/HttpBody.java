package io.caravan.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/**
 * The body of an answer, read while it arrives: no longer than allowed, and never waiting for a byte longer than the time limit,
 * nor longer than that for next to nothing; for all bytes together only until its end, if it has one.
 */
final class HttpBody extends InputStream {

    /** The answer is longer than allowed. */
    static final class TooLongException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLongException(long most) {
            super("an answer must be at most " + most + " bytes, got more");
        }
    }

    /** Who sends less, when we have waited longer for it than the time limit, sends a byte now and then only to hold us up. */
    private static final int FEWEST_BYTES_A_SECOND = 1_024;

    private final InputStream in;
    private InputStream unpacked; // null until the first byte is asked for
    private boolean packed;
    private final Watch watch;
    private final Runnable giveUp;
    private final Duration timeout;
    private final long beganNanos;
    private Optional<Long> endNanos = Optional.empty();
    private long most = Long.MAX_VALUE;
    private Runnable closed = () -> {};
    private boolean ended;
    private long count;
    private long waitedNanos;
    private IOException failure;

    /**
     * @param beganNanos when {@link System#nanoTime} said so, the request began: what Camel does before is not the server's time
     * @param giveUp ends the connection
     */
    HttpBody(InputStream in, Watch watch, long beganNanos, Runnable giveUp, Duration timeout) {
        this.beganNanos = beganNanos;
        this.in = in;
        this.watch = watch;
        this.giveUp = giveUp;
        this.timeout = timeout;
    }

    /**
     * @param whole whether the time limit is that of the whole answer
     * @param bytes that it may have
     * @param then what is called when it is closed
     */
    HttpBody limited(boolean whole, long bytes, Runnable then) {
        this.endNanos = whole ? Optional.of(beganNanos + timeout.toNanos()) : Optional.empty();
        this.most = bytes;
        this.closed = then;
        return this;
    }

    /** It is packed by gzip: what is read, and counts for its limit, are the bytes unpacked. */
    HttpBody packed() {
        packed = true;
        return this;
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
        if (ended) return -1;
        int n = await(target, offset, length);
        if (n < 0) {
            ended = true;
            return -1;
        }
        count += n;
        if (count > most) throw new TooLongException(most);
        return n;
    }

    private int await(byte[] target, int offset, int length) throws IOException {
        long began = System.nanoTime();
        long left = endNanos.map(end -> end - began).orElse(Long.MAX_VALUE);
        if (left <= 0) throw notEnded();
        if (waitedNanos > timeout.toNanos()
                && count < TimeUnit.NANOSECONDS.toSeconds(waitedNanos) * FEWEST_BYTES_A_SECOND) {
            throw new SocketTimeoutException("fewer than " + FEWEST_BYTES_A_SECOND + " bytes a second arrived for "
                    + timeout.toMillis() + " ms");
        }
        Watch.Guard guard = watch.begin(giveUp, began + Math.min(left, timeout.toNanos()));
        try (guard) {
            return packed ? unpack(target, offset, length) : in.read(target, offset, length);
        } catch (SocketTimeoutException e) {
            throw silent();
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) throw new InterruptedIOException("interrupted");
            if (guard.late()) throw left < timeout.toNanos() ? notEnded() : silent();
            throw e;
        } finally {
            waitedNanos += System.nanoTime() - began;
        }
    }

    /** Up to the end of the answer, so that its connection can be used again. */
    private int unpack(byte[] target, int offset, int length) throws IOException {
        if (unpacked == null) unpacked = new GZIPInputStream(in);
        int n = unpacked.read(target, offset, length);
        if (n < 0 && in.read() >= 0) throw new IOException("the answer goes on behind what gzip packed");
        return n;
    }

    private SocketTimeoutException silent() {
        return new SocketTimeoutException("no byte arrived for " + timeout.toMillis() + " ms");
    }

    private SocketTimeoutException notEnded() {
        return new SocketTimeoutException("the answer did not end within " + timeout.toMillis() + " ms");
    }

    /** Gives up what has not arrived; the connection is used again only if all of it did. */
    @Override
    public void close() {
        if (!ended) giveUp.run();
        ended = true;
        Runnable then = closed;
        closed = () -> {};
        then.run();
    }
}
