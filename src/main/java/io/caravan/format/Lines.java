package io.caravan.format;

import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Cuts bytes into lines, one at a time, in memory of the longest. A line ends at LF or CRLF; a byte order mark is
 * skipped. A line of {@link #LONGEST} bytes or more is passed over, keeping its beginning.
 */
final class Lines {

    static final int LONGEST = 64 << 20;

    private static final int READ = 64 << 10;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101010101010101L;
    private static final long LINE_FEEDS = 0x0A0A0A0A0A0A0A0AL;
    private static final long NOT_ASCII = 0x8080808080808080L;

    private final InputStream in;
    private final String object;

    private byte[] buffer = new byte[2 * READ];
    private int begin;
    private int end;
    private int at; // the next byte to look at
    private int filled;
    private boolean ended;

    private long line;
    private boolean terminated;
    private boolean ascii;
    private long seen; // bits of the line's bytes
    private boolean tooLong;

    Lines(InputStream in, String object) {
        this.in = in;
        this.object = object;
        while (filled < 3 && fill()) {
            // up to where a byte order mark ends
        }
        if (filled >= 3 && buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF) at = 3;
    }

    /** Moves to the next line; false at the true end. */
    boolean next() {
        line++;
        begin = at;
        tooLong = false;
        seen = 0;
        while (true) {
            at = lineFeed(at, filled);
            if (at < filled) break;
            if (at - begin >= LONGEST) {
                tooLong = true;
                at = begin + READ; // all but its beginning is forgotten
                filled = at;
            }
            if (!fill()) break;
        }
        terminated = at < filled;
        ascii = (seen & NOT_ASCII) == 0;
        end = tooLong ? begin + READ : at;
        if (terminated) at++;
        if (end > begin && buffer[end - 1] == '\r') end--;
        return terminated || end > begin;
    }

    /** Where the line feed is, or the limit; looks at eight bytes at a time, and keeps the bits of all in {@link #seen}. */
    private int lineFeed(int from, int limit) {
        byte[] b = buffer;
        int p = from;
        long bits = seen;
        for (; p <= limit - Long.BYTES; p += Long.BYTES) {
            long eight = (long) LONGS.get(b, p);
            long other = eight ^ LINE_FEEDS;
            if ((other - ONES & ~other & NOT_ASCII) != 0) break;
            bits |= eight;
        }
        while (p < limit && b[p] != '\n') bits |= b[p++];
        seen = bits;
        return p;
    }

    long line() {
        return line;
    }

    byte[] buffer() {
        return buffer;
    }

    int begin() {
        return begin;
    }

    int length() {
        return end - begin;
    }

    /** Whether a line break follows, as after all lines but the last. */
    boolean terminated() {
        return terminated;
    }

    boolean ascii() {
        return ascii;
    }

    /** Whether it is as long as {@link #LONGEST}; then only its beginning is here. */
    boolean tooLong() {
        return tooLong;
    }

    /** Reads some more; false when the object has ended. Keeps the line. */
    private boolean fill() {
        if (ended) return false;
        makeRoom();
        try {
            int n = in.read(buffer, filled, Math.min(READ, buffer.length - filled));
            if (n < 0) ended = true;
            else filled += n;
            return n >= 0;
        } catch (IOException e) {
            throw new UnavailableException(object + ": reading stopped at line " + line, e);
        }
    }

    private void makeRoom() {
        if (buffer.length - filled >= READ) return;
        int kept = filled - begin;
        byte[] target = buffer.length - kept >= READ ? buffer : new byte[2 * buffer.length];
        System.arraycopy(buffer, begin, target, 0, kept);
        buffer = target;
        at -= begin;
        filled = kept;
        begin = 0;
    }
}
