package io.caravan.bigquery;

import io.caravan.error.SettingChecks;
import io.caravan.table.TableDescription;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A table of BigQuery, made of a {@link TableDescription}. */
record BigQueryTable(String name, List<BigQueryColumn> columns) {

    private static final int LONGEST_NAME = 300;
    private static final Pattern RESERVED =
            Pattern.compile("(?i)(_TABLE_|_FILE_|_PARTITION|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER|_CARAVAN_).*");

    /** Reads {@code classpath:<resource>} or a file; all problems of the description are reported together. */
    static BigQueryTable load(String unit, String location) {
        return of(unit, TableDescription.load(unit, location));
    }

    static BigQueryTable parse(String unit, String yaml) {
        return of(unit, TableDescription.parse(unit, yaml));
    }

    private static BigQueryTable of(String unit, TableDescription described) {
        SettingChecks settings = new SettingChecks(unit);
        // BigQuery's names differ in more than case
        described.check(settings, LONGEST_NAME, name -> name.toLowerCase(Locale.ROOT));
        for (TableDescription.Column c : described.columns()) {
            settings.must(c.name() == null || !reserved(c.name()), "column", "not begin as BigQuery's own", c.name());
        }
        settings.check();
        return new BigQueryTable(
                described.table(),
                described.columns().stream()
                        .map(c -> new BigQueryColumn(
                                c.name(), c.from(), c.columnType().orElseThrow(), c.list(), c.nullable(), c.key()))
                        .toList());
    }

    /** Whether a name begins as BigQuery's own, or ours. */
    static boolean reserved(String name) {
        return RESERVED.matcher(name).matches();
    }

    List<BigQueryColumn> key() {
        return columns.stream().filter(BigQueryColumn::key).toList();
    }
}
