package io.caravan.warehouse;

import java.util.Arrays;

/**
 * Rows in the text format of PostgreSQL's COPY, UTF-8: tab between values, newline after a row, {@code \N} for null,
 * backslash before what would mean something else.
 */
final class CopyText {

    private byte[] bytes = new byte[64 * 1024];
    private int size;
    private int rowStart;
    private int valuesInRow;
    private int rows;

    /** Adds a value that needs no escaping, such as a number. */
    CopyText plain(String ascii) {
        separate();
        reserve(ascii.length());
        for (int i = 0; i < ascii.length(); i++) bytes[size++] = (byte) ascii.charAt(i);
        return this;
    }

    CopyText nothing() {
        return plain("\\N");
    }

    /** Adds any text; throws IllegalArgumentException for U+0000 and half surrogate pairs, which no database keeps. */
    CopyText value(String text) {
        separate();
        int length = text.length();
        reserve(3 * (long) length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                ascii(c);
            } else if (c < 0x800) {
                bytes[size++] = (byte) (0xc0 | c >> 6);
                bytes[size++] = (byte) (0x80 | (c & 0x3f));
            } else if (!Character.isSurrogate(c)) {
                bytes[size++] = (byte) (0xe0 | c >> 12);
                bytes[size++] = (byte) (0x80 | (c >> 6 & 0x3f));
                bytes[size++] = (byte) (0x80 | (c & 0x3f));
            } else {
                if (Character.isLowSurrogate(c) || ++i == length || !Character.isLowSurrogate(text.charAt(i))) {
                    throw new IllegalArgumentException("half a surrogate pair");
                }
                int point = Character.toCodePoint(c, text.charAt(i));
                bytes[size++] = (byte) (0xf0 | point >> 18);
                bytes[size++] = (byte) (0x80 | (point >> 12 & 0x3f));
                bytes[size++] = (byte) (0x80 | (point >> 6 & 0x3f));
                bytes[size++] = (byte) (0x80 | (point & 0x3f));
            }
        }
        return this;
    }

    /** Ends the row; what was added since the last end is in it. */
    void endRow() {
        reserve(1);
        bytes[size++] = '\n';
        rowStart = size;
        valuesInRow = 0;
        rows++;
    }

    /** Forgets what was added since the last row ended. */
    void dropRow() {
        size = rowStart;
        valuesInRow = 0;
    }

    int rows() {
        return rows;
    }

    int size() {
        return size;
    }

    /** The buffer, valid up to {@link #size}. */
    byte[] bytes() {
        return bytes;
    }

    private void ascii(char c) {
        char escape =
                switch (c) {
                    case 0 -> throw new IllegalArgumentException("U+0000");
                    case '\\' -> '\\';
                    case '\n' -> 'n';
                    case '\r' -> 'r';
                    case '\t' -> 't';
                    default -> 0;
                };
        if (escape == 0) {
            bytes[size++] = (byte) c;
        } else {
            bytes[size++] = '\\';
            bytes[size++] = (byte) escape;
        }
    }

    private void separate() {
        if (valuesInRow++ == 0) return;
        reserve(1);
        bytes[size++] = '\t';
    }

    private void reserve(long more) {
        long needed = size + more;
        if (needed <= bytes.length) return;
        bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(needed, Math.min(2L * bytes.length, 1 << 30))));
    }
}
