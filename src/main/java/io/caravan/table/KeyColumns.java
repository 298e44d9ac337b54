package io.caravan.table;

import io.caravan.error.SettingChecks;
import io.caravan.record.Keys;
import io.caravan.record.Record;
import java.util.List;
import java.util.Optional;

/**
 * Whether a row's key is its record's: the texts of its key columns, in order, are the parts of the record's key. So two records are
 * two rows, and the keys of the rows are those of the records.
 */
public final class KeyColumns {

    /** A key column: its name and its type. */
    public record Column(String name, ColumnType type) {}

    private final String unit;
    private final List<Column> columns;

    /** {@code unit}: what errors begin with. */
    public KeyColumns(String unit, List<Column> columns) {
        this.unit = unit;
        this.columns = List.copyOf(columns);
    }

    /** Why a row with these texts in its key columns cannot be the record's, with the remedy; empty when it is. */
    public Optional<String> problem(Record record, List<String> texts) {
        if (Keys.join(texts).equals(record.key())) return Optional.empty();
        List<String> parts;
        try {
            parts = Keys.split(record.key(), columns.size());
        } catch (IllegalArgumentException e) {
            String names = String.join(",", columns.stream().map(Column::name).toList());
            return Optional.of(SettingChecks.sentence(
                            unit, "key columns " + names, "be the key fields of the pipeline", record.key())
                    + "; correct 'table'");
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).equals(texts.get(i))) {
                return Optional.of(sentence(columns.get(i), parts.get(i), texts.get(i)));
            }
        }
        return Optional.empty();
    }

    private String sentence(Column column, String key, String text) {
        String field = "key column '" + column.name() + "'";
        return switch (column.type()) {
            case BIGINT ->
                SettingChecks.sentence(unit, field, "hold the number as it is written, " + text, key)
                        + "; write it so in the source, or make the column text";
            case DATE ->
                SettingChecks.sentence(unit, field, "hold the date as it is written, " + text, key)
                        + "; write it so in the source, or make the column text";
            default ->
                SettingChecks.sentence(unit, field, "hold what is in the record's key, " + key, text)
                        + "; let no step change a key field";
        };
    }
}
