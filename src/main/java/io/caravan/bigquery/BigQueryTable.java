package io.caravan.bigquery;

import io.caravan.error.Settings;
import io.caravan.table.TableDescription;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table of BigQuery, made of a {@link TableDescription}; a type may be a list: {@code array<string>}. */
record BigQueryTable(String name, List<BigQueryColumn> columns) {

    private static final int LONGEST_NAME = 300;
    private static final Pattern ARRAY = Pattern.compile("array<(\\w+)>", Pattern.CASE_INSENSITIVE);
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
        Settings settings = new Settings(unit);
        // BigQuery's names differ in more than case
        described.check(settings, LONGEST_NAME, name -> name.toLowerCase(Locale.ROOT));
        described.columns().forEach(c -> check(settings, c));
        settings.check();
        return new BigQueryTable(
                described.table(),
                described.columns().stream().map(BigQueryTable::column).toList());
    }

    List<BigQueryColumn> key() {
        return columns.stream().filter(BigQueryColumn::key).toList();
    }

    private static void check(Settings settings, TableDescription.Column c) {
        settings.must(
                c.name() == null || !RESERVED.matcher(c.name()).matches(),
                "column",
                "not begin as BigQuery's own",
                c.name());
        boolean list = list(c.type());
        Optional<BigQueryType> known = elements(c.type());
        settings.must(
                known.isPresent() && !(list && known.get() == BigQueryType.JSON),
                c.typeField(),
                "be one of string, int64, numeric, bignumeric, float64, bool, timestamp, datetime, date, json, bytes,"
                        + " or array<...> of one but json",
                c.type());
        settings.must(
                !c.key() || (!list && known.map(BigQueryType::mayBeKey).orElse(true)),
                c.typeField(),
                "be string, int64 or date because it is a key",
                c.type());
    }

    private static BigQueryColumn column(TableDescription.Column c) {
        return new BigQueryColumn(
                c.name(), c.from(), elements(c.type()).orElseThrow(), list(c.type()), c.nullable(), c.key());
    }

    private static boolean list(String type) {
        return type != null && ARRAY.matcher(type).matches();
    }

    private static Optional<BigQueryType> elements(String type) {
        Matcher array = ARRAY.matcher(type == null ? "" : type);
        return BigQueryType.named(array.matches() ? array.group(1) : type);
    }
}
