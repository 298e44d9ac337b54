package io.caravan.observation;

import io.caravan.error.SettingChecks;
import io.caravan.source.RecordReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds series that stand in rows of a workbook's sheets, with their dates in another row ({@code indec_ipc}). Dates and values are paired by
 * their position, each counted from its own first column. Each sheet is read once, for all series in it.
 *
 * <ul>
 *   <li>{@code series_map}, one entry a series: {@code internal_series_code, unit, frequency, sheet, fecha_row, fecha_start_col, valor_row,
 *       valor_start_col}, {@code drop_na} (false), {@code optional} (false: the sheet must be there), and what {@link TimeRule} and {@link
 *       NumberRule} ask for
 *   <li>what entries have in common may stand beside {@code series_map}
 * </ul>
 */
final class HorizontalParser implements Parser {

    /** Where a series is: rows from 1, columns from 0. */
    record Place(
            Series series,
            String sheet,
            int dateRow,
            int dateColumn,
            int valueRow,
            int valueColumn,
            boolean optional) {}

    private final List<Place> places = new ArrayList<>();

    HorizontalParser(Map<String, Object> parseConfig, Normalisation normalisation) {
        SettingChecks checks = new SettingChecks(SeriesMap.UNIT);
        SeriesMap map = new SeriesMap(parseConfig, checks);
        for (SettingMap entry : map.entries()) {
            places.add(new Place(
                    Series.of(entry, map.defaults(), normalisation.timezone()),
                    entry.required("sheet"),
                    entry.whole("fecha_row", 0, 1, 1_048_576),
                    entry.column("fecha_start_col"),
                    entry.whole("valor_row", 0, 1, 1_048_576),
                    entry.column("valor_start_col"),
                    entry.truth("optional", false)));
        }
        map.nothingElse();
        checks.check();
    }

    @Override
    public RecordReader open(Path file, String object) {
        return new UnequalOnly(new HorizontalReader(file, object, places));
    }
}
