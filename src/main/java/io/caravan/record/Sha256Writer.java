package io.caravan.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;

/** Feeds values to SHA-256 through one small buffer, so that a hash costs no garbage but itself. Not thread-safe. */
final class Sha256Writer {

    private static final int SIZE = 4096;
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final MessageDigest sha256 = Sha256.digest();
    private final byte[] buffer = new byte[SIZE];
    private int used;
    private boolean begun; // a message of which a part is out of the buffer

    /** Forgets a message that was not finished. */
    void begin() {
        used = 0;
        if (begun) sha256.reset();
        begun = false;
    }

    void put(int b) {
        room(1);
        buffer[used++] = (byte) b;
    }

    void putInt(int v) {
        room(4);
        INTS.set(buffer, used, v);
        used += 4;
    }

    void putLong(long v) {
        room(8);
        LONGS.set(buffer, used, v);
        used += 8;
    }

    /** The bytes alone, without their number. */
    void putBytes(byte[] bytes, int length) {
        if (length <= SIZE - used) {
            System.arraycopy(bytes, 0, buffer, used, length);
            used += length;
        } else {
            flush();
            begun = true;
            sha256.update(bytes, 0, length);
        }
    }

    /**
     * The number of UTF-16 units, then the UTF-8 bytes. A surrogate that stands alone becomes three bytes of its own, so
     * no two texts are the same bytes.
     */
    void putText(String text) {
        int length = text.length();
        putInt(length);
        int i = 0;
        while (i < length) {
            room(4);
            i = putAscii(text, i);
            if (i < length && SIZE - used >= 4) i = putCodePoint(text, i);
        }
    }

    /** Ends the message and begins the next one. */
    Hash finish() {
        flush();
        try {
            sha256.digest(buffer, 0, 32);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
        begun = false;
        return Hash.of(buffer);
    }

    private int putAscii(String text, int from) {
        int end = Math.min(text.length(), from + SIZE - used);
        int to = used;
        int i = from;
        for (; i < end; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) break;
            buffer[to++] = (byte) c;
        }
        used = to;
        return i;
    }

    private int putCodePoint(String text, int at) {
        int c = text.codePointAt(at);
        if (c < 0x80) {
            buffer[used++] = (byte) c;
        } else if (c < 0x800) {
            buffer[used++] = (byte) (0xC0 | (c >> 6));
            buffer[used++] = (byte) (0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            buffer[used++] = (byte) (0xE0 | (c >> 12));
            buffer[used++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            buffer[used++] = (byte) (0x80 | (c & 0x3F));
        } else {
            buffer[used++] = (byte) (0xF0 | (c >> 18));
            buffer[used++] = (byte) (0x80 | ((c >> 12) & 0x3F));
            buffer[used++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            buffer[used++] = (byte) (0x80 | (c & 0x3F));
            return at + 2;
        }
        return at + 1;
    }

    private void room(int bytes) {
        if (SIZE - used < bytes) flush();
    }

    private void flush() {
        begun = true;
        sha256.update(buffer, 0, used);
        used = 0;
    }
}
