package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Passes on UTF-16 that begins with its byte order mark, as Excel's "Unicode text" and PowerShell write it, as UTF-8; all other
 * bytes as they are. What is no UTF-16 after such a mark is an {@link IncompleteSourceException}.
 */
final class Utf16Stream extends InputStream {

    private static final int AT_ONCE = 8 << 10;

    private final InputStream in;
    private final String object;
    private InputStreamReader characters; // null for bytes that are passed on as they are
    private PushbackInputStream plain;
    private final char[] read = new char[AT_ONCE];
    private byte[] bytes = new byte[0];
    private int at;
    private int kept; // half a surrogate pair at the end of the last reading

    Utf16Stream(InputStream in, String object) {
        this.in = in;
        this.object = object;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) return 0;
        begin();
        if (characters == null) return plain.read(target, offset, length);
        if (at == bytes.length && !more()) return -1;
        int n = Math.min(length, bytes.length - at);
        System.arraycopy(bytes, at, target, offset, n);
        at += n;
        return n;
    }

    /** Whether it is UTF-16; asked after something was read. */
    boolean converts() {
        return characters != null;
    }

    private void begin() throws IOException {
        if (plain != null) return;
        plain = new PushbackInputStream(in, 2);
        byte[] mark = new byte[2];
        int n = plain.readNBytes(mark, 0, 2);
        boolean little = n == 2 && (mark[0] & 0xFF) == 0xFF && (mark[1] & 0xFF) == 0xFE;
        boolean big = n == 2 && (mark[0] & 0xFF) == 0xFE && (mark[1] & 0xFF) == 0xFF;
        if (!little && !big) {
            plain.unread(mark, 0, n);
            return;
        }
        // named with its byte order: Java's reader forgets at the end of its input what the mark said
        characters = new InputStreamReader(
                plain,
                (little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE)
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    private boolean more() throws IOException {
        try {
            int n = kept;
            while (n == kept) {
                int got = characters.read(read, n, read.length - n);
                if (got < 0) {
                    if (n == 0) return false;
                    throw other(null);
                }
                n += got;
            }
            kept = Character.isHighSurrogate(read[n - 1]) ? 1 : 0;
            var encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(read, 0, n - kept));
            bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            at = 0;
            if (kept == 1) read[0] = read[n - 1];
            return bytes.length > 0 || more();
        } catch (CharacterCodingException e) {
            throw other(e);
        }
    }

    private IncompleteSourceException other(Exception e) {
        return new IncompleteSourceException(
                SettingChecks.sentence(object, "the object", "be UTF-16 as its byte order mark says", "other bytes"),
                e);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
