package io.caravan.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Tells whether bytes are UTF-8 as Java's decoder takes it, without decoding them. */
final class Utf8 {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NOT_ASCII = 0x8080808080808080L;

    private Utf8() {}

    static boolean valid(byte[] b, int begin, int end) {
        for (int i = ascii(b, begin, end); i < end; i = ascii(b, i, end)) {
            int c = b[i++];
            int more = more(c & 0xff);
            if (more == 0 || end - i < more || !inRange(c & 0xff, b[i] & 0xff)) return false;
            for (int last = i++ + more; i < last; i++) if ((b[i] & 0xc0) != 0x80) return false;
        }
        return true;
    }

    /** Where the first byte stands that is not ASCII; the end when all are. */
    static int ascii(byte[] b, int begin, int end) {
        int i = begin;
        while (i <= end - Long.BYTES && ((long) LONGS.get(b, i) & NOT_ASCII) == 0) i += Long.BYTES;
        while (i < end && b[i] >= 0) i++;
        return i;
    }

    /** How many bytes follow this first one; 0 when it can be none. */
    private static int more(int first) {
        if (first < 0xc2 || first > 0xf4) return 0;
        return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    }

    /** No longer form than needed, no surrogates, nothing beyond U+10FFFF: the second byte tells. */
    private static boolean inRange(int first, int second) {
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        return second >= least && second <= most;
    }
}
