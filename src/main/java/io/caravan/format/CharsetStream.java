package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Passes on texts of any charset as UTF-8; what is UTF-8 already as it is. A byte order mark says the charset, or else the setting.
 * Bytes that are none of it become a byte that no UTF-8 has, so that whoever cuts rows refuses the row and no more.
 */
final class CharsetStream extends InputStream {

    private static final int AT_ONCE = 8 << 10;
    /** In no UTF-8. */
    private static final byte NONE = (byte) 0xFF;

    private final InputStream in;
    private final String object;
    private final Encoding encoding;
    private PushbackInputStream plain;
    private Charset charset = StandardCharsets.UTF_8;
    private CharsetDecoder decoder; // null for bytes that are passed on as they are
    private CharsetEncoder encoder;
    private final ByteBuffer read = ByteBuffer.allocate(AT_ONCE).limit(0);
    private final CharBuffer characters = CharBuffer.allocate(AT_ONCE);
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private boolean ended;
    private boolean done;

    /** @param encoding in which it is when no mark says it */
    CharsetStream(InputStream in, String object, Encoding encoding) {
        this.in = in;
        this.object = object;
        this.encoding = encoding;
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
        if (decoder == null) return plain.read(target, offset, length);
        while (!bytes.hasRemaining()) {
            if (done) return -1;
            convert();
        }
        int n = Math.min(length, bytes.remaining());
        bytes.get(target, offset, n);
        return n;
    }

    /** Whether it is another charset than UTF-8; asked after something was read. */
    boolean converts() {
        return decoder != null;
    }

    /** The charset of the bytes; asked after something was read. */
    Charset charset() {
        return charset;
    }

    private void begin() throws IOException {
        if (plain != null) return;
        plain = new PushbackInputStream(in, Encoding.LONGEST_MARK);
        byte[] first = plain.readNBytes(Encoding.LONGEST_MARK);
        if (encoding.auto()) Encoding.unmarked(first).ifPresent(this::refuse);
        charset = encoding.of(first);
        int mark = charset.equals(StandardCharsets.UTF_8) ? 0 : Encoding.mark(first);
        plain.unread(first, mark, first.length - mark);
        if (charset.equals(StandardCharsets.UTF_8)) return;
        decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        bytes = ByteBuffer.allocate(4 * AT_ONCE).limit(0);
    }

    private void refuse(Charset likely) {
        throw new IncompleteSourceException(
                SettingChecks.sentence(object, "the object", "be UTF-8 or begin with a byte order mark", likely)
                        + "; say charset: " + likely);
    }

    private void convert() throws IOException {
        if (!ended) {
            read.compact();
            int n = plain.read(read.array(), read.position(), read.remaining());
            if (n < 0) ended = true;
            else read.position(read.position() + n);
            read.flip();
        }
        bytes.clear();
        CoderResult decoded = decoder.decode(read, characters, ended);
        if (ended && decoded.isUnderflow()) {
            decoder.flush(characters);
            done = true;
        }
        encode();
        if (decoded.isError()) {
            read.position(read.position() + decoded.length());
            bytes.put(NONE);
        }
        bytes.flip();
    }

    private void encode() {
        characters.flip();
        encoder.reset();
        for (CoderResult r = encoder.encode(characters, bytes, true);
                r.isError();
                r = encoder.encode(characters, bytes, true)) {
            characters.position(characters.position() + r.length());
            bytes.put(NONE);
        }
        characters.clear();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
