package io.caravan.schema;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the rows of a dataset must be. {@link SchemaFile} reads one.
 *
 * @param columns in the order in which rows have them afterwards
 * @param uniqueKeys columns whose values together may stand in one row only; what one column says by itself is here too
 * @param unknown what becomes of columns that it does not name
 * @param nullTexts the texts that stand for no value, beside blank ones
 * @param zone where the clocks stand that show times without an offset
 */
public record DataSchema(
        String name,
        String description,
        List<SchemaColumn> columns,
        List<List<String>> uniqueKeys,
        Unknown unknown,
        Set<String> nullTexts,
        ZoneId zone) {

    /** What becomes of a column that the schema does not name. */
    public enum Unknown {
        /** It is left out. */
        IGNORE,
        /** It is kept as it is. */
        KEEP,
        /** Rows that have it are refused. */
        REFUSE
    }

    public DataSchema {
        columns = List.copyOf(columns);
        uniqueKeys = uniqueKeys.stream().map(List::copyOf).toList();
        nullTexts = Set.copyOf(nullTexts);
    }

    /** The column of this name. */
    public Optional<SchemaColumn> column(String called) {
        return columns.stream().filter(c -> c.name().equals(called)).findFirst();
    }

    /** Whether a value is none: the one rule for all checks. */
    public boolean isNull(Object value) {
        return value == null || value instanceof String text && (text.isBlank() || nullTexts.contains(text.strip()));
    }
}
