package io.caravan.observation;

import io.caravan.error.SettingChecks;
import io.caravan.format.Format;
import io.caravan.format.Formats;
import io.caravan.source.RecordReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds series in a table with a row of names ({@code table}): csv, json, jsonl, parquet, or a sheet of a workbook (xlsx, xls).
 *
 * <ul>
 *   <li>{@code format}, {@code date_column}; for csv {@code delimiter}, for json {@code path}, for workbooks {@code sheet} and {@code
 *       header_row}
 *   <li>long: {@code series_column} says of which series a row is, {@code value_column} its value; maybe {@code unit_column}, {@code
 *       frequency_column}. {@code series_map} says more of series, found by {@code series} (as {@code internal_series_code}, if it does not
 *       say); of one that is not listed the rows are kept, or refused or skipped ({@code unlisted}: by default kept if none is listed, else refused)
 *   <li>one series: no {@code series_column} and one entry of {@code series_map}, {@code value_column}
 *   <li>wide: each entry of {@code series_map} names its {@code column}; without entries every column but that of the dates is the series of
 *       its name
 *   <li>{@code unit, frequency, drop_na} and what {@link TimeRule} and {@link NumberRule} ask for, for all series or in entries; an entry
 *       that is {@code optional} needs no column
 * </ul>
 */
final class TableParser implements Parser {

    private static final List<String> FORMATS = List.of("csv", "json", "jsonl", "parquet", "xlsx", "xls");

    private final TableLayout layout;
    private final boolean workbook;
    private final boolean fixed;
    private final String sheet;
    private final int headerRow;
    private final Optional<Format> format;

    TableParser(Map<String, Object> parseConfig, Normalisation normalisation) {
        SettingChecks checks = new SettingChecks(SeriesMap.UNIT);
        SeriesMap map = new SeriesMap(parseConfig, checks);
        SettingMap settings = map.defaults();
        String name = settings.text("format", "csv");
        settings.must(FORMATS.contains(name), "format", "be one of " + FORMATS, name);
        this.workbook = name.startsWith("xls");
        this.fixed = !name.startsWith("json");
        this.sheet = settings.text("sheet", "1");
        this.headerRow = settings.whole("header_row", 1, 1, 1_048_576);
        Formats.Options options = new Formats.Options(
                List.of(), settings.text("delimiter", ","), settings.text("path", ""), sheet, headerRow, 200);
        this.layout = layout(map, normalisation);
        map.nothingElse();
        checks.check();
        this.format = workbook ? Optional.empty() : Optional.of(Formats.of(SeriesMap.UNIT, name, options));
    }

    @Override
    public RecordReader open(Path file, String object) {
        TableRows rows = workbook
                ? new SheetTable(file, object, sheet, headerRow)
                : new RecordTable(file, object, format.orElseThrow(), fixed);
        return new UnequalOnly(new TableReader(rows, layout));
    }

    private static TableLayout layout(SeriesMap map, Normalisation normalisation) {
        SettingMap settings = map.defaults();
        String date = settings.required("date_column");
        String value = settings.text("value_column", "");
        String series = settings.text("series_column", "");
        boolean wide = value.isEmpty();
        settings.must(
                !wide || series.isEmpty(), "value_column", "not be blank where series_column says the series", "");
        settings.must(
                wide || !series.isEmpty() || map.entries().size() == 1,
                "series_column",
                "not be blank, unless series_map has one entry",
                series);
        String unlisted = settings.text("unlisted", map.entries().isEmpty() ? "keep" : "refuse");
        settings.must(unlisted.matches("keep|refuse|skip"), "unlisted", "be keep, refuse or skip", unlisted);
        List<TableLayout.Column> columns = new ArrayList<>();
        Map<String, Series> byName = new LinkedHashMap<>();
        for (SettingMap entry : map.entries()) {
            Series one = Series.of(entry, settings, normalisation.timezone());
            boolean optional = entry.truth("optional", false);
            String column = wide ? entry.required("column") : value;
            columns.add(new TableLayout.Column(one, column, optional));
            String called = wide || series.isEmpty() ? one.code() : entry.text("series", one.code());
            boolean first = byName.put(called, one) == null;
            entry.must(wide || first, "series", "be listed once", called);
        }
        Series others = Series.named("", settings, settings, normalisation.timezone());
        return new TableLayout(
                date,
                value,
                series,
                settings.text("unit_column", ""),
                settings.text("frequency_column", ""),
                columns,
                byName,
                unlisted,
                others);
    }
}
