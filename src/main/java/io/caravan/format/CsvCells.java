package io.caravan.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Cells and rows of CSV as UTF-8, gathered until {@link #drain}: null as nothing, an empty text as {@code ""}. */
final class CsvCells {

    private static final int UTF8_BYTES = 3; // of a UTF-16 unit, at most

    private final byte delimiter;
    private final boolean neutralise;
    private byte[] bytes = new byte[64 << 10];
    private int size;

    CsvCells(char delimiter, boolean neutralise) {
        this.delimiter = (byte) delimiter;
        this.neutralise = neutralise;
    }

    int size() {
        return size;
    }

    void delimiter() {
        put(delimiter);
    }

    void endOfRow() {
        put((byte) '\n');
    }

    /** A value of a record. */
    void value(Object value) {
        if (value == null) return;
        String text = CsvForm.text(value);
        boolean safe = !neutralise || value instanceof Long || value instanceof Boolean;
        cell(safe ? text : Formulas.neutral(text));
    }

    /** A text as it is. */
    void cell(String text) {
        reserve(UTF8_BYTES * text.length() + 2);
        // a first cell that begins as a byte order mark does would lose it
        if (text.isEmpty() || text.charAt(0) == '\uFEFF' || !ascii(text)) quoted(text);
    }

    /** Cells that were made before. */
    void raw(byte[] cells, int begin) {
        int length = cells.length - begin;
        reserve(length);
        System.arraycopy(cells, begin, bytes, size, length);
        size += length;
    }

    void drain(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
        size = 0;
    }

    /** Most texts are plain ASCII; false, and nothing was put, for one that is not. */
    private boolean ascii(String text) {
        int length = text.length();
        byte[] b = bytes;
        int at = size;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || special(c)) return false;
            b[at++] = (byte) c;
        }
        size = at;
        return true;
    }

    private boolean special(int c) {
        return c == delimiter || c == '"' || c == '\n' || c == '\r';
    }

    private void quoted(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        boolean plain = utf8.length > 0 && text.charAt(0) != '\uFEFF';
        for (int i = 0; i < utf8.length && plain; i++) plain = !special(utf8[i]);
        if (plain) {
            raw(utf8, 0);
            return;
        }
        reserve(2 * utf8.length + 2);
        put((byte) '"');
        for (byte b : utf8) {
            if (b == '"') put(b);
            put(b);
        }
        put((byte) '"');
    }

    private void put(byte b) {
        reserve(1);
        bytes[size++] = b;
    }

    private void reserve(int more) {
        if (bytes.length - size >= more) return;
        bytes = Arrays.copyOf(
                bytes, Math.toIntExact(Math.max((long) size + more, Math.min(2L * bytes.length, 1 << 30))));
    }
}
