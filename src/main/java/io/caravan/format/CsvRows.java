package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts bytes into the rows and fields of RFC 4180, one row at a time, in memory of the longest row. A row ends at LF,
 * CRLF or CR; rows without a character are skipped. A quote inside a field that does not begin with one is a character
 * like any other.
 */
final class CsvRows {

    /** One row; a quote that never closes is found here instead of filling the memory. */
    static final int LONGEST_ROW = 64 << 20;

    static final int MOST_COLUMNS = 10_000;

    private static final int END = -1;
    private static final int NO_BYTE = -2;
    private static final int READ = 64 << 10;

    private final InputStream in;
    private final String object;
    private final CsvRules rules;
    private final boolean usual; // neither escapes nor blanks around values
    private final int escape; // no byte when there is none
    private byte delimiter;

    private byte[] buffer = new byte[2 * READ];
    private int row; // where the row begins in the buffer
    private int at; // the next byte to look at
    private int filled;
    private boolean ended;

    private long line = 1; // of the next byte
    private long firstLine; // of the row
    private int fields;
    private int[] begins = new int[64]; // relative to row
    private int[] ends = new int[64];
    private byte[] forms = new byte[64];
    private boolean terminated;
    private boolean saidDelimiter;

    private static final byte PLAIN = 0;
    private static final byte QUOTED = 1;
    private static final byte ESCAPED = 2;
    private static final byte PLAIN_ESCAPED = 3;

    CsvRows(InputStream in, String object, char delimiter) {
        this(in, object, delimiter, CsvRules.USUAL);
    }

    CsvRows(InputStream in, String object, char delimiter, CsvRules rules) {
        this.in = in;
        this.object = object;
        this.rules = rules;
        this.usual = rules.escape() == 0 && !rules.trim();
        this.escape = rules.escape() == 0 ? NO_BYTE : rules.escape();
        this.delimiter = (byte) delimiter;
        if (peek() == 0xEF && fill(3) && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF) at = 3;
        separator();
        for (int i = 0; i < rules.skipRows() && peek() != END; i++) skipLine();
    }

    /** Whether the object's own first line, {@code sep=;}, said the delimiter, as Excel reads and writes it. */
    boolean saysDelimiter() {
        return saidDelimiter;
    }

    /** Takes a first line that is nothing but {@code sep=} and one character, in quotes or not. */
    private void separator() {
        int begin = peek() == '"' ? 1 : 0;
        int length = "sep=;".length() + 2 * begin;
        if (!fill(length)) return;
        String text = new String(buffer, at + begin, 5, StandardCharsets.ISO_8859_1);
        boolean quoted = begin == 0 || buffer[at + length - 1] == '"';
        char said = text.charAt(4);
        if (!text.startsWith("sep=") || !quoted || said >= 0x80 || "\"\r\n\0".indexOf(said) >= 0) return;
        if (fill(length + 1) && buffer[at + length] != '\n' && buffer[at + length] != '\r') return;
        at += length;
        delimiter = (byte) said;
        saidDelimiter = true;
        row = at;
        endOfLine();
    }

    /** Moves to the next row; false at the true end. */
    boolean next() {
        skipBlankLines();
        row = at;
        firstLine = line;
        fields = 0;
        if (peek() == END) return false;
        boolean more = true;
        while (more) {
            if (!usual) skipBlanks();
            if (fields == MOST_COLUMNS) throw broken(firstLine, "columns", "be at most " + MOST_COLUMNS, "more");
            boolean quoted = peek() == '"';
            if (quoted) quotedField();
            else if (usual) plainField();
            else otherField();
            if (quoted && !usual) skipBlanks();
            int c = peek();
            if (quoted && c != delimiter && c != '\n' && c != '\r' && c != END) {
                throw misplaced(c);
            }
            more = c == delimiter;
            if (more) at++;
        }
        terminated = endOfLine();
        return true;
    }

    /** The 1-based line on which the row begins, line breaks inside quotes counted. */
    long line() {
        return firstLine;
    }

    int fields() {
        return fields;
    }

    /** Whether the row ends with a line break, as all but the last one do. */
    boolean terminated() {
        return terminated;
    }

    /**
     * The text of a field; null when there is nothing between the delimiters, not even quotes.
     *
     * @throws CharacterCodingException when it is not UTF-8
     */
    String text(int field) throws CharacterCodingException {
        int from = row + begins[field];
        int length = ends[field] - begins[field];
        if (length == 0) return forms[field] == PLAIN ? null : "";
        String text = new String(buffer, from, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, from, length));
        }
        if (forms[field] == PLAIN) return text;
        if (escape != NO_BYTE) return CsvEscapes.undone(text, (char) escape, forms[field] != PLAIN_ESCAPED);
        return forms[field] == ESCAPED ? text.replace("\"\"", "\"") : text;
    }

    /** The row as it stands in the object, bytes that are not UTF-8 replaced. */
    String raw(int most) {
        int end = row + ends[fields - 1] + (forms[fields - 1] == QUOTED || forms[fields - 1] == ESCAPED ? 1 : 0);
        return new String(buffer, row, Math.min(most, end - row), StandardCharsets.UTF_8);
    }

    /** Some who looks at bytes. */
    @FunctionalInterface
    interface Look {
        String at(byte[] bytes, int from, int to);
    }

    /** What it says of the row and what is in memory behind it. */
    String seen(Look look) {
        return look.at(buffer, row, filled);
    }

    private void skipBlankLines() {
        row = at;
        while (endOfLine() || comment()) row = at;
    }

    /** Takes one line that is a comment, if it is one. */
    private boolean comment() {
        if (rules.comment() == 0 || peek() != rules.comment()) return false;
        skipLine();
        return true;
    }

    /** Takes one line, whatever is in it. */
    private void skipLine() {
        while (peek() != END && !endOfLine()) row = ++at;
        row = at;
    }

    /** With {@code trim} only. */
    private void skipBlanks() {
        if (rules.trim()) while (blank(peek())) at++;
    }

    private boolean blank(int c) {
        return (c == ' ' || c == '\t') && c != delimiter;
    }

    /** A field without quotes, of an object that has escapes or blanks around values. */
    private void otherField() {
        int begin = at - row;
        int end = begin; // behind the last character that is no blank
        byte form = PLAIN;
        for (int c = peek(); c != delimiter && c != '\n' && c != '\r' && c != END; c = peek()) {
            at++;
            if (c == escape) {
                form = PLAIN_ESCAPED;
                escaped();
                end = at - row;
            } else if (!rules.trim() || !blank(c)) {
                end = at - row;
            }
        }
        add(begin, end, form);
    }

    /** Takes what an escape stands before. */
    private void escaped() {
        int c = peek();
        if (c == END) return;
        at++;
        if (c == '\r' && peek() == '\n') at++;
        if (c == '\n' || c == '\r') line++;
    }

    private IncompleteSourceException misplaced(int c) {
        String remedy = blank(c)
                ? "; trim: true takes blanks there"
                : at > row + 1 && buffer[at - 2] == '\\'
                        ? "; where a backslash stands before quotes say escape: '\\'"
                        : "";
        return new IncompleteSourceException(SettingChecks.sentence(
                        object + ":" + line,
                        "a closing quote",
                        "be followed by the delimiter or the end of the row",
                        (char) c + "")
                + remedy);
    }

    /** Takes one line break, if there is one. */
    private boolean endOfLine() {
        int c = peek();
        if (c != '\n' && c != '\r') return false;
        at++;
        if (c == '\r' && peek() == '\n') at++;
        line++;
        return true;
    }

    private void plainField() {
        int begin = at - row;
        do {
            byte[] b = buffer;
            int p = at;
            int end = filled;
            while (p < end && b[p] != delimiter && b[p] != '\n' && b[p] != '\r') p++;
            at = p;
        } while (at == filled && fill(1));
        add(begin, at - row, PLAIN);
    }

    private void quotedField() {
        long opened = line;
        byte form = QUOTED;
        int begin = ++at - row;
        while (true) {
            int c = peek();
            at++;
            if (c == escape) {
                form = ESCAPED;
                escaped();
            } else if (c == '"') {
                if (peek() != '"') break;
                at++;
                form = ESCAPED;
            } else if (c == '\n') {
                line++;
            } else if (c == '\r') {
                if (peek() == '\n') at++;
                line++;
            } else if (c == END) {
                throw broken(opened, "an opening quote", "be closed before the object ends", "no closing quote");
            } else {
                skipQuoted();
            }
        }
        add(begin, at - 1 - row, form);
    }

    /** On to the next byte in quotes that means something, within what is in memory. */
    private void skipQuoted() {
        byte[] b = buffer;
        int p = at;
        int end = filled;
        if (escape == NO_BYTE) while (p < end && b[p] != '"' && b[p] != '\n' && b[p] != '\r') p++;
        else while (p < end && b[p] != '"' && b[p] != '\n' && b[p] != '\r' && b[p] != escape) p++;
        at = p;
    }

    private void add(int begin, int end, byte form) {
        if (fields == begins.length) {
            begins = Arrays.copyOf(begins, 2 * fields);
            ends = Arrays.copyOf(ends, 2 * fields);
            forms = Arrays.copyOf(forms, 2 * fields);
        }
        begins[fields] = begin;
        ends[fields] = end;
        forms[fields++] = form;
    }

    /** The next byte, 0 to 255, or {@link #END}. */
    private int peek() {
        return at < filled || fill(1) ? buffer[at] & 0xFF : END;
    }

    /** Reads until so many bytes follow; false when the object ends before. Keeps the row. */
    private boolean fill(int wanted) {
        while (filled - at < wanted) {
            if (ended) return false;
            makeRoom();
            try {
                int n = in.read(buffer, filled, Math.min(READ, buffer.length - filled));
                if (n < 0) ended = true;
                else filled += n;
            } catch (IOException | UncheckedIOException e) {
                throw new UnavailableException(object + ": reading stopped at line " + line, e);
            }
        }
        return true;
    }

    private void makeRoom() {
        if (buffer.length - filled >= READ) return;
        int kept = filled - row;
        boolean enough = buffer.length - kept >= READ;
        if (!enough && buffer.length >= LONGEST_ROW) {
            throw broken(firstLine, "a row", "be less than " + LONGEST_ROW + " bytes", "more");
        }
        byte[] target = enough ? buffer : new byte[2 * buffer.length];
        System.arraycopy(buffer, row, target, 0, kept);
        buffer = target;
        at -= row;
        filled = kept;
        row = 0;
    }

    private IncompleteSourceException broken(long where, String what, String rule, String value) {
        return new IncompleteSourceException(SettingChecks.sentence(object + ":" + where, what, rule, value));
    }
}
