package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.record.ObjectForm;
import io.caravan.source.RecordReader;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Reads CSV as RFC 4180 has it: the charset that a byte order mark or a setting says, or UTF-8, a header row, a line {@code sep=;}
 * before it that says the delimiter, LF or CRLF, quotes around
 * delimiters, line breaks and doubled quotes. {@code docs/sources.md} says what happens to everything else.
 *
 * <ul>
 *   <li>out: every value is a text; nothing between the delimiters is null, {@code ""} is an empty text
 *   <li>bad rows: another number of columns than the header, a blank key, bytes that are none of the charset
 *   <li>errors: {@link io.caravan.source.IncompleteSourceException} for a header that is not what it should be, a quote
 *       that never closes or closes too early, a last row that is cut off, a row of more than 64 MiB
 * </ul>
 */
public final class CsvFormat implements Format {

    private final char delimiter;
    private final List<String> columns;
    private final boolean headless;
    private final String indexColumn;
    private final TextOptions text;

    /** With a header row, each of whose columns has a name. */
    public CsvFormat(String delimiter, List<String> columns) {
        this(delimiter, columns, "first", "");
    }

    /** As we write texts ourselves. */
    public CsvFormat(String delimiter, List<String> columns, String header, String indexColumn) {
        this(delimiter, columns, header, indexColumn, TextOptions.DEFAULT);
    }

    /**
     * @param delimiter one ASCII character, or {@code tab}
     * @param columns the columns that the header must have, in any order; empty to take what comes;
     *     without a header: what the values of a row are called, in order
     * @param header {@code first}: the first row holds the names of the columns; {@code none}: it is data
     * @param indexColumn what a first column is called whose name is blank, as the index that pandas writes: {@code ignore}
     *     leaves it out, blank refuses it
     */
    public CsvFormat(String delimiter, List<String> columns, String header, String indexColumn, TextOptions text) {
        String d = delimiter.equals("tab") ? "\t" : delimiter;
        new SettingChecks("csv")
                .must(
                        d.length() == 1 && d.charAt(0) < 0x80 && "\"\r\n\0".indexOf(d.charAt(0)) < 0,
                        "delimiter",
                        "be one ASCII character other than a quote or a line break, or the word tab",
                        delimiter)
                .must(List.of("first", "none").contains(header), "header", "be first or none", header)
                .must(
                        !header.equals("none") || !columns.isEmpty(),
                        "columns",
                        "name the columns in order when header is none",
                        columns)
                .must(columns.stream().distinct().count() == columns.size(), "columns", "differ", columns)
                .check();
        this.delimiter = d.charAt(0);
        this.columns = List.copyOf(columns);
        this.headless = header.equals("none");
        this.indexColumn = indexColumn.strip();
        this.text = text;
    }

    char delimiter() {
        return delimiter;
    }

    List<String> columns() {
        return columns;
    }

    /** Whether the first row is data. */
    boolean headless() {
        return headless;
    }

    /** What a first column without a name is called, see the constructor. */
    String indexColumn() {
        return indexColumn;
    }

    TextOptions text() {
        return text;
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        return new CsvReader(bytes, object, this, keyFields);
    }

    @Override
    public Optional<ObjectForm> form(String object) {
        return headless || text.csv().skipRows() > 0 || !indexColumn.isEmpty() || !text.plain()
                ? Optional.empty()
                : Optional.of(ObjectForm.csv(delimiter));
    }
}
