package io.caravan.observation;

import java.util.List;
import java.util.Map;

/**
 * Where in a table series are.
 *
 * @param value the column of the values; empty when each series has a column of its own
 * @param series the column that says of which series a row is; empty when none does
 * @param columns those of series, when each has its own or there is one
 * @param byName what is listed of series, by what the column of series calls them
 * @param unlisted what becomes of others: keep, refuse or skip
 * @param others how others are read
 */
record TableLayout(
        String date,
        String value,
        String series,
        String unit,
        String frequency,
        List<Column> columns,
        Map<String, Series> byName,
        String unlisted,
        Series others) {

    /** A series in a column of its own. */
    record Column(Series series, String column, boolean optional) {}
}
