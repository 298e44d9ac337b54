package io.caravan.object;

import io.caravan.error.CaravanException;
import io.caravan.error.UnavailableException;
import io.caravan.source.SourceObject;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The bytes of one version of an object over connections that break: goes on where the last one ended. Gives up with what
 * {@code failure} says when the object is not that version any more, or after a few connections without a byte.
 */
final class ResumingStream extends InputStream {

    private static final int FRUITLESS = 3;
    /** Doubled twice before each new connection. */
    private static final long PAUSE_NANOS = 25_000_000;

    /** Begins to read the listed version at an offset; fails as {@link ObjectStore#open} does. */
    @FunctionalInterface
    interface Opener {
        InputStream at(long offset) throws IOException;
    }

    private final SourceObject object;
    private final Opener opener;
    private final Function<Exception, CaravanException> failure;
    private final byte[] one = new byte[1];
    private InputStream in;
    private long position;
    private int fruitless;

    private ResumingStream(SourceObject object, Opener opener, Function<Exception, CaravanException> failure) {
        this.object = object;
        this.opener = opener;
        this.failure = failure;
    }

    /** Opens the object and makes sure that its stream ends only when all of it was read. */
    static InputStream open(SourceObject object, Opener opener, Function<Exception, CaravanException> failure) {
        StoreFailure.mustNotGoAstray(object);
        ResumingStream stream = new ResumingStream(object, opener, failure);
        stream.connect();
        return new WholeStream(stream, object, object::etag);
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) return 0;
        while (true) {
            try {
                int n = in.read(target, offset, length);
                if (n < 0 && position < object.size()) throw new EOFException("the connection ended early");
                if (n > 0) {
                    position += n;
                    fruitless = 0;
                }
                return n;
            } catch (IOException | RuntimeException e) {
                CaravanException why = failure.apply(e);
                if (!(why instanceof UnavailableException) || ++fruitless > FRUITLESS) throw why;
                close();
                LockSupport.parkNanos(PAUSE_NANOS << (2 * fruitless));
                connect();
            }
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
