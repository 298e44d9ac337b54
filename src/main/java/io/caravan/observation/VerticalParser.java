package io.caravan.observation;

import io.caravan.error.SettingChecks;
import io.caravan.source.RecordReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds series that stand in columns of a workbook's sheets, with their dates in another column ({@code bcra_infomondia}). Each sheet is read
 * once, for all series in it.
 *
 * <ul>
 *   <li>{@code series_map}, one entry a series: {@code internal_series_code, unit, frequency, sheet, header_row, date_col, value_col},
 *       {@code skip_rows_after_header} (1: the data begin in the row after the header), {@code drop_na} (false), {@code optional} (false: the
 *       sheet must be there), and what {@link TimeRule} and {@link NumberRule} ask for
 *   <li>what entries have in common may stand beside {@code series_map}
 * </ul>
 */
final class VerticalParser implements Parser {

    /** Where a series is: its rows begin with {@code firstRow}, from 1; columns are counted from 0. */
    record Place(Series series, String sheet, int firstRow, int dateColumn, int valueColumn, boolean optional) {}

    private final List<Place> places = new ArrayList<>();

    VerticalParser(Map<String, Object> parseConfig, Normalisation normalisation) {
        SettingChecks checks = new SettingChecks(SeriesMap.UNIT);
        SeriesMap map = new SeriesMap(parseConfig, checks);
        for (SettingMap entry : map.entries()) {
            int header = entry.whole("header_row", 0, 1, 1_048_576);
            places.add(new Place(
                    Series.of(entry, map.defaults(), normalisation.timezone()),
                    entry.required("sheet"),
                    header + entry.whole("skip_rows_after_header", 1, 0, 1_000_000),
                    entry.column("date_col"),
                    entry.column("value_col"),
                    entry.truth("optional", false)));
        }
        map.nothingElse();
        checks.check();
    }

    @Override
    public RecordReader open(Path file, String object) {
        return new UnequalOnly(new VerticalReader(file, object, places));
    }
}
