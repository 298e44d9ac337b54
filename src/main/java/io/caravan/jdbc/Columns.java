package io.caravan.jdbc;

import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.record.FieldNames;
import io.caravan.record.Fields;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The columns that a query gives, as fields of a record. */
final class Columns {

    private final Fields fields;
    private final List<ColumnReading> types;

    private Columns(Fields fields, List<ColumnReading> types) {
        this.fields = fields;
        this.types = types;
    }

    /**
     * {@link ConfigurationException} when names repeat, a key field is missing or of many values, or a record cannot hold
     * a column's values: all problems at once.
     */
    static Columns of(String unit, ResultSetMetaData columns, boolean postgres, List<String> keyFields)
            throws SQLException {
        SettingChecks settings = new SettingChecks(unit);
        List<String> names = new ArrayList<>();
        List<ColumnReading> types = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String name = FieldNames.of(columns.getColumnLabel(i));
            settings.must(!names.contains(name), "column names", "differ: name one of them with as", name);
            Optional<ColumnReading> type = ColumnReading.of(columns, i, postgres);
            String rule = "have a type that records can hold: cast it in the query, as " + name + "::text does";
            settings.must(type.isPresent(), "column " + name, rule, columns.getColumnTypeName(i));
            names.add(name);
            types.add(type.orElse(ColumnReading.TEXT));
        }
        for (String key : keyFields) {
            int i = names.indexOf(key);
            settings.must(i >= 0, "keyFields", "name columns of the query, which are " + names, key);
            settings.must(i < 0 || types.get(i).single(), "keyFields", "not name bytes, lists or json", key);
        }
        settings.check();
        return new Columns(new Fields(names), types);
    }

    Fields fields() {
        return fields;
    }

    /** The type of a column, which is a problem of the setting {@code cursorField} when it does not exist. */
    ColumnReading cursor(String unit, String name) {
        int i = fields.indexOf(name);
        if (i >= 0) return types.get(i);
        throw new ConfigurationException(
                SettingChecks.sentence(unit, "cursorField", "name a column of the query, which are " + fields, name));
    }

    /** The row's values; {@link BadRecordException} names the column that no record can hold. */
    Object[] values(ResultSet row) throws SQLException {
        Object[] values = new Object[types.size()];
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = types.get(i).get(row, i + 1);
            } catch (BadRecordException e) {
                throw new BadRecordException("column " + fields.names().get(i) + " must " + e.getMessage(), e);
            }
        }
        return values;
    }

    /** The value of one column; {@link BadRecordException} when no record can hold it. */
    Object value(ResultSet row, int column) throws SQLException {
        return types.get(column).get(row, column + 1);
    }

    /** The row's values of these columns only, nulls for the others. */
    Object[] only(ResultSet row, List<String> columns) throws SQLException {
        Object[] values = new Object[types.size()];
        for (String column : columns) values[fields.indexOf(column)] = value(row, fields.indexOf(column));
        return values;
    }

    /** The row as text, for people. */
    String raw(ResultSet row, int longest) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < types.size() && text.length() < longest; i++) {
            String value = row.getString(i + 1);
            text.append(i == 0 ? "" : ", ").append(fields.names().get(i)).append('=');
            text.append(value, 0, value == null ? 4 : Math.min(value.length(), longest));
        }
        return text.toString();
    }
}
