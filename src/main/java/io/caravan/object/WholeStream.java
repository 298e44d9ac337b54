package io.caravan.object;

import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/** Lets a stream end only when as many bytes were read as were listed, and the object still has the etag it had then. */
final class WholeStream extends InputStream {

    private final InputStream in;
    private final SourceObject object;
    private final Supplier<String> etagNow;
    private long read;

    WholeStream(InputStream in, SourceObject object, Supplier<String> etagNow) {
        this.in = in;
        this.object = object;
        this.etagNow = etagNow;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int n = in.read(target, offset, length);
        if (n < 0) verify();
        else read += n;
        return n;
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        if (b < 0) verify();
        else read++;
        return b;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void verify() {
        if (read != object.size()) {
            throw new IncompleteSourceException(object.name() + ": the object must have the " + object.size()
                    + " bytes that were listed, got '" + read + "'; it is read again by the next run");
        }
        if (!etagNow.get().equals(object.etag())) {
            throw new IncompleteSourceException(
                    object.name() + ": the object changed while it was read; it is read again by the next run");
        }
    }
}
