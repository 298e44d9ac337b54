package io.caravan.object;

import io.caravan.error.CaravanException;
import io.caravan.error.UnavailableException;
import io.caravan.source.SourceObject;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The bytes of one version of an object over connections that break: goes on where the last one ended. Gives up with what
 * {@code failure} says when the object is not that version any more, after a few connections without a byte, or when it was
 * waited longer than allowed for next to nothing.
 */
final class ResumingStream extends InputStream {

    private static final int FRUITLESS = 3;
    /** Who sends less, when we have waited for it as long as allowed, sends a byte now and then only to hold us up. */
    private static final long FEWEST_BYTES_A_SECOND = 1_024;

    /** Doubled twice before each new connection. */
    private static final long PAUSE_NANOS = 25_000_000;

    /** Begins to read the listed version at an offset; fails as {@link ObjectStore#open} does. */
    @FunctionalInterface
    interface Opener {
        InputStream at(long offset) throws IOException;
    }

    private final SourceObject object;
    private final Opener opener;
    private final long patienceNanos;
    private final Function<Exception, CaravanException> failure;
    private final byte[] one = new byte[1];
    private InputStream in;
    private long position;
    private int fruitless;
    private long waitedNanos; // for what has arrived since
    private long arrived;

    private ResumingStream(
            SourceObject object, Opener opener, Duration patience, Function<Exception, CaravanException> failure) {
        this.object = object;
        this.opener = opener;
        this.patienceNanos = patience.toNanos();
        this.failure = failure;
    }

    /**
     * Opens the object and makes sure that its stream ends only when all of it was read.
     *
     * @param patience how long we wait for next to nothing
     */
    static InputStream open(
            SourceObject object, Opener opener, Duration patience, Function<Exception, CaravanException> failure) {
        StoreFailure.mustNotGoAstray(object);
        ResumingStream stream = new ResumingStream(object, opener, patience, failure);
        stream.connect();
        return new WholeStream(stream, object, object::etag);
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) return 0;
        while (true) {
            long began = System.nanoTime();
            try {
                int n = in.read(target, offset, length);
                waited(began, n);
                // a channel of Google says so once before it says that it ends; no stream may
                if (n == 0) continue;
                if (n < 0 && position < object.size()) throw new EOFException("the connection ended early");
                if (n > 0) {
                    position += n;
                    fruitless = 0;
                }
                return n;
            } catch (IOException | RuntimeException e) {
                CaravanException why = failure.apply(e);
                boolean again = why instanceof UnavailableException && !(e instanceof TrickleTimeoutException);
                if (!again || ++fruitless > FRUITLESS || tooSlow(System.nanoTime() - began)) throw why;
                close();
                LockSupport.parkNanos(PAUSE_NANOS << (2 * fruitless));
                connect();
            }
        }
    }

    /** Throws when so little has arrived that we were only held up. */
    private void waited(long began, int bytes) throws TrickleTimeoutException {
        waitedNanos += System.nanoTime() - began;
        arrived += Math.max(0, bytes);
        if (waitedNanos < patienceNanos) return;
        if (bytes >= 0 && tooSlow(0)) throw new TrickleTimeoutException(patienceNanos);
        waitedNanos = 0;
        arrived = 0;
    }

    /** {@code moreNanos}: the last of the waiting, for what did not come. */
    private boolean tooSlow(long moreNanos) {
        waitedNanos += moreNanos;
        return waitedNanos >= patienceNanos
                && arrived < TimeUnit.NANOSECONDS.toMillis(waitedNanos) * FEWEST_BYTES_A_SECOND / 1_000;
    }

    /** A byte came now and then. */
    private static final class TrickleTimeoutException extends SocketTimeoutException {

        private static final long serialVersionUID = 1L;

        TrickleTimeoutException(long nanos) {
            super("fewer than " + FEWEST_BYTES_A_SECOND + " bytes a second arrived for "
                    + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
        }
    }

    @Override
    public int read() {
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException | RuntimeException e) {
            // nothing more is wanted of this connection
        }
    }

    private void connect() {
        try {
            in = opener.at(position);
        } catch (IOException | RuntimeException e) {
            throw failure.apply(e);
        }
    }
}
