package io.caravan.format;

import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of an object as its store gives them, counted. What fails here is the store, so that every other
 * {@link IOException} a format meets is the object's own fault.
 */
final class StoreStream extends InputStream {

    private final InputStream in;
    private final String object;
    private long count;

    StoreStream(InputStream in, String object) {
        this.in = in;
        this.object = object;
    }

    /** How many bytes were read. */
    long count() {
        return count;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        try {
            int n = in.read(target, offset, length);
            if (n > 0) count += n;
            return n;
        } catch (IOException e) {
            throw new UnavailableException(object + ": reading stopped after " + count + " bytes", e);
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UnavailableException(object + ": closing failed", e);
        }
    }
}
