package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;

/** Passes on what is UTF-8, without a byte order mark before it, and stops at the first byte that is not. */
final class Utf8Stream extends InputStream {

    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final String object;
    private long count;
    private int missing; // bytes that the character still needs
    private int least; // of the next byte
    private int most;

    Utf8Stream(InputStream in, String object) {
        this.in = in;
        this.object = object;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        try {
            int n = in.read(target, offset, length);
            if (n < 0) {
                if (missing > 0) throw other(new byte[0], 0, 0);
                return n;
            }
            int from = offset;
            while (count < MARK.length && from < offset + n && target[from] == MARK[(int) count]) {
                from++;
                count++;
            }
            return from == offset ? checked(target, offset, n) : afterMark(target, offset, from, n);
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
    public void close() throws IOException {
        in.close();
    }

    private int afterMark(byte[] target, int offset, int from, int n) {
        int rest = n - (from - offset);
        if (rest == 0) return read(target, offset, n);
        if (count < MARK.length) throw other(target, offset, offset + n);
        System.arraycopy(target, from, target, offset, rest);
        return checked(target, offset, rest);
    }

    private int checked(byte[] b, int offset, int n) {
        if (count > 0 && count < MARK.length)
            throw other(b, offset, offset + n); // the beginning of a mark, and no mark
        int end = offset + n;
        int i = offset;
        while (i < end) {
            if (missing == 0) {
                i = Utf8.ascii(b, i, end);
                if (i < end && !begin(b[i++] & 0xFF)) throw other(b, offset, end);
            } else {
                int c = b[i++] & 0xFF;
                if (c < least || c > most) throw other(b, offset, end);
                least = 0x80;
                most = 0xBF;
                missing--;
            }
        }
        count = Math.max(count, MARK.length) + n;
        return n;
    }

    private boolean begin(int c) {
        if (c < 0xC2 || c > 0xF4) return false;
        missing = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        least = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
        most = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
        return true;
    }

    private IncompleteSourceException other(byte[] b, int from, int to) {
        boolean text = in instanceof CharsetStream;
        String charset = text ? ((CharsetStream) in).charset().name() : "UTF-8";
        String remedy = text ? new LikelyCharset().remedy((CharsetStream) in, b, from, to) : "";
        return new IncompleteSourceException(
                SettingChecks.sentence(object, "the object", "be " + charset, "other bytes") + remedy);
    }
}
