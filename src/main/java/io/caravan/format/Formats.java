package io.caravan.format;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.util.List;

/** The one place that knows the formats by name. */
public final class Formats {

    /**
     * What formats ask for; each looks at its own.
     *
     * @param columns of CSV: what the header must have, empty to take what comes
     * @param delimiter of CSV: one ASCII character, or {@code tab}
     * @param path of JSON: where the array is
     * @param sheet of workbooks: its name or number
     * @param headerRow of workbooks and CSV: the row of the names
     * @param maxExpansion how many bytes a packed byte may become, beyond the first 64 MiB
     * @param header of CSV: {@code first} or {@code none}
     * @param indexColumn of CSV: what a first column without a name is called, {@code ignore} to leave it out
     * @param text how texts are written, of all formats that are
     */
    public record Options(
            List<String> columns,
            String delimiter,
            String path,
            String sheet,
            int headerRow,
            int maxExpansion,
            String header,
            String indexColumn,
            TextOptions text) {

        /** With texts as we write them ourselves. */
        public Options(
                List<String> columns,
                String delimiter,
                String path,
                String sheet,
                int headerRow,
                int maxExpansion,
                String header,
                String indexColumn) {
            this(columns, delimiter, path, sheet, headerRow, maxExpansion, header, indexColumn, TextOptions.DEFAULT);
        }

        /** With a header row of which every column has a name. */
        public Options(
                List<String> columns, String delimiter, String path, String sheet, int headerRow, int maxExpansion) {
            this(columns, delimiter, path, sheet, headerRow, maxExpansion, "first", "");
        }

        private Options withTabs() {
            return new Options(columns, "tab", path, sheet, headerRow, maxExpansion, header, indexColumn, text);
        }
    }

    private Formats() {}

    /** The format of that name, which unpacks by suffix; throws {@link ConfigurationException} for settings it refuses. */
    public static Format of(String unit, String name, Options o) {
        Format format = unpacked(unit, name, o);
        return new PackedFormat(o.text().skipEmpty() ? new SkippedEmpty(format) : format, o.maxExpansion());
    }

    private static Format unpacked(String unit, String name, Options o) {
        return switch (name) {
            case "csv" -> csv(unit, o);
            case "jsonl" -> new JsonlFormat(o.text());
            case "json" -> new JsonFormat(o.path(), o.text());
            case "xlsx", "xls" -> new XlsxFormat(o.sheet(), o.headerRow(), o.maxExpansion(), o.text());
            case "parquet" -> new ParquetFormat(o.text());
            case "auto" ->
                new AutoFormat(each -> ofEnding(unit, each, o), !o.path().isBlank(), o.text());
            default ->
                throw new ConfigurationException(SettingChecks.sentence(
                        unit, "format", "be csv, jsonl, json, xlsx, xls, parquet or auto", name));
        };
    }

    private static Format csv(String unit, Options o) {
        new SettingChecks(unit)
                .between("headerRow", o.headerRow(), 1, 1_048_576)
                .must(
                        o.headerRow() == 1 || !o.header().equals("none"),
                        "headerRow",
                        "be 1 when header is none; skipRows passes lines over",
                        o.headerRow())
                .check();
        return new CsvFormat(
                o.delimiter(),
                o.columns(),
                o.header(),
                o.indexColumn(),
                o.text().withHeaderAt(o.headerRow()));
    }

    /** Of a name that ends so. */
    private static Format ofEnding(String unit, String ending, Options o) {
        return switch (ending) {
            case "tsv" -> unpacked(unit, "csv", o.withTabs());
            case "txt" -> unpacked(unit, "csv", o);
            default -> unpacked(unit, ending, o);
        };
    }
}
