package io.caravan.bigquery;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.BaseJsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.StandardSQLTypeName;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Record;
import io.caravan.table.ColumnType;
import io.caravan.table.ColumnValues;
import io.caravan.table.KeyColumns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records as rows of the table, as JSON, and back. */
final class BigQueryRows {

    private final String unit;
    private final BigQueryTable table;
    private final KeyColumns keyColumns;
    private final List<SerializedString> names; // of its columns
    private final SerializerProvider provider = new ObjectMapper().getSerializerProviderInstance();
    private Fields shape; // of the records that are staged
    private int[] at = {}; // where it has the columns' values

    BigQueryRows(String unit, BigQueryTable table) {
        this.unit = unit;
        this.table = table;
        this.keyColumns = new KeyColumns(
                unit,
                table.key().stream()
                        .map(c -> new KeyColumns.Column(c.name(), c.type()))
                        .toList());
        this.names = table.columns().stream()
                .map(column -> new SerializedString(column.name()))
                .toList();
    }

    /** The staging table's columns. */
    List<Field> stagedFields() {
        List<Field> fields = new ArrayList<>();
        fields.add(Field.of(BigQuerySql.NUMBER, StandardSQLTypeName.INT64));
        fields.add(Field.of(BigQuerySql.DELETED, StandardSQLTypeName.BOOL));
        table.columns().forEach(column -> fields.add(column.staged()));
        return fields;
    }

    /**
     * Writes a row of the staging table, one thread at a time, and returns what was loaded for its columns; BadRecordException, and
     * nothing was written, when the table cannot hold it.
     */
    Object[] stage(Record record, long number, JsonGenerator out) throws IOException {
        List<BigQueryColumn> columns = table.columns();
        if (record.fields() != shape) learn(record.fields());
        Object[] values = new Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
            if (!record.deleted() || columns.get(i).key()) values[i] = loaded(columns.get(i), record, at[i]);
        }
        mustHaveKeyOf(record, values);
        out.writeStartObject();
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) continue;
            out.writeFieldName(names.get(i));
            if (values[i] instanceof String text) out.writeString(text);
            else if (values[i] instanceof Boolean truth) out.writeBoolean(truth);
            else ((BaseJsonNode) values[i]).serialize(out, provider);
        }
        out.writeNumberField(BigQuerySql.NUMBER, number);
        out.writeBooleanField(BigQuerySql.DELETED, record.deleted());
        out.writeEndObject();
        return values;
    }

    /** Whether no row can have this key, which is that of a record that is gone: then there is none to delete. */
    boolean nowhere(Record record) {
        try {
            for (BigQueryColumn column : table.key()) {
                if (record.get(column.from()).isEmpty()) return false;
            }
            row(record);
            return false;
        } catch (BadRecordException e) {
            return true;
        }
    }

    /** Throws BadRecordException when a row with this in its columns is not the record's. */
    private void mustHaveKeyOf(Record record, Object[] loaded) {
        List<String> key = new ArrayList<>(1);
        for (int i = 0; i < loaded.length; i++) {
            if (table.columns().get(i).key()) key.add(String.valueOf(loaded[i]));
        }
        keyColumns.problem(record, key).ifPresent(sentence -> {
            throw new BadRecordException(sentence);
        });
    }

    List<BigQueryColumn> columns() {
        return table.columns();
    }

    /** Whether the row that is held has what the record says. */
    boolean same(ObjectNode held, Record record) {
        try {
            return held.equals(row(record));
        } catch (BadRecordException e) {
            return false;
        }
    }

    /** A row that BigQuery answered, of these columns. */
    ObjectNode held(FieldValueList row, List<BigQueryColumn> columns) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        columns.forEach(column -> json.set(column.name(), column.json(row.get(column.name()))));
        return json;
    }

    /** The record's key. */
    String key(FieldValueList row) {
        return Keys.join(table.key().stream()
                .map(column -> row.get(column.name()).getStringValue())
                .toList());
    }

    /** {@code key0}, {@code key1}, ...: the values of each key column; a record whose key does not fit is in no table. */
    Map<String, QueryParameterValue> parameters(List<Record> batch) {
        List<List<String>> values = new ArrayList<>();
        table.key().forEach(column -> values.add(new ArrayList<>()));
        for (Record record : batch) {
            try {
                ObjectNode row = row(record);
                for (int i = 0; i < values.size(); i++) {
                    values.get(i).add(row.get(table.key().get(i).name()).textValue());
                }
            } catch (BadRecordException e) {
                // told by same
            }
        }
        Map<String, QueryParameterValue> parameters = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            BigQueryColumn column = table.key().get(i);
            boolean whole = column.type() == ColumnType.BIGINT;
            Object[] distinct = values.get(i).stream()
                    .distinct()
                    .map(text -> whole ? (Object) Long.valueOf(text) : text)
                    .toArray(whole ? Long[]::new : String[]::new);
            parameters.put("key" + i, QueryParameterValue.array(distinct, column.sql()));
        }
        return parameters;
    }

    private ObjectNode row(Record record) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        Object[] loaded = new Object[table.columns().size()];
        for (int i = 0; i < loaded.length; i++) {
            BigQueryColumn column = table.columns().get(i);
            if (record.deleted() && !column.key()) continue;
            loaded[i] = loaded(column, record, record.fields().indexOf(column.from()));
            row.set(column.name(), ColumnJson.node(loaded[i]));
        }
        mustHaveKeyOf(record, loaded);
        return row;
    }

    private void learn(Fields fields) {
        at = table.columns().stream()
                .mapToInt(column -> fields.indexOf(column.from()))
                .toArray();
        shape = fields;
    }

    /** As {@link BigQueryColumn#loaded}; {@code at}: where the record has the column's value, -1 when it has none. */
    private Object loaded(BigQueryColumn column, Record record, int at) {
        Object value = at < 0 ? null : record.at(at);
        if (value == null) {
            if (column.nullable() || (column.list() && !column.key())) return column.nothing();
            throw bad(column, "not be null", at < 0 ? "no field '" + column.from() + "'" : "null");
        }
        try {
            boolean asInKey = column.key() && column.type() == ColumnType.TEXT;
            return column.loaded(asInKey ? Keys.text(value).orElseThrow() : value);
        } catch (RuntimeException e) {
            throw new BadRecordException(bad(column, "hold " + column.rule(), ColumnValues.shown(value))
                            .getMessage()
                    + ColumnValues.remedy(column.type(), value, column.from()));
        }
    }

    private BadRecordException bad(BigQueryColumn column, String rule, String value) {
        return new BadRecordException(SettingChecks.sentence(unit, "column '" + column.name() + "'", rule, value));
    }
}
