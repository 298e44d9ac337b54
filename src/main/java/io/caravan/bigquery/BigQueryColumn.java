package io.caravan.bigquery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Field.Mode;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.StandardSQLTypeName;
import io.caravan.table.ColumnType;
import java.util.List;

/** One column: its name, the record field it holds, its type, whether it is a list, may be empty, is part of the key. */
record BigQueryColumn(String name, String from, ColumnType type, boolean list, boolean nullable, boolean key) {

    /** The name as SQL wants it: it matched {@code [A-Za-z_][A-Za-z0-9_]*}, so it cannot end the quotes. */
    String quoted() {
        return '`' + name + '`';
    }

    StandardSQLTypeName sql() {
        return ColumnJson.sql(type);
    }

    /** What a value must be to fit, as the end of "must hold ...". */
    String rule() {
        return (list ? "a list without null, each " : "") + ColumnJson.rule(type);
    }

    Mode mode() {
        if (list) return Mode.REPEATED;
        return nullable ? Mode.NULLABLE : Mode.REQUIRED;
    }

    /** Without what is required: of a deleted row only the key is known. */
    Field staged() {
        Mode mode = list ? Mode.REPEATED : key ? Mode.REQUIRED : Mode.NULLABLE;
        return made(name, sql(), mode);
    }

    Field field() {
        return made(name, sql(), mode());
    }

    /** A column to be made; a text's is no dataset's default collation, by which {@code a} might be {@code A}. */
    static Field made(String name, StandardSQLTypeName type, Mode mode) {
        Field.Builder field = Field.newBuilder(name, type).setMode(mode);
        return type == StandardSQLTypeName.STRING && mode != Mode.REPEATED
                ? field.setCollation("").build()
                : field.build();
    }

    String typeName() {
        return list ? "array<" + sql() + ">" : sql().toString();
    }

    /** As {@link ColumnJson#loaded}. */
    Object loaded(Object value) {
        if (!list) return ColumnJson.loaded(type, value);
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Object element : (List<?>) value) {
            if (element == null) throw new IllegalArgumentException("an array holds no null");
            array.add(ColumnJson.node(ColumnJson.loaded(type, element)));
        }
        return array;
    }

    /** What BigQuery answers, in the same form; it knows no difference between no list and an empty one. */
    JsonNode json(FieldValue held) {
        if (held.isNull()) return list ? JsonNodeFactory.instance.arrayNode() : JsonNodeFactory.instance.nullNode();
        if (!list) return ColumnJson.json(type, held);
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        held.getRepeatedValue().forEach(element -> array.add(ColumnJson.json(type, element)));
        return array;
    }

    /** What stands for null. */
    JsonNode nothing() {
        return list ? JsonNodeFactory.instance.arrayNode() : JsonNodeFactory.instance.nullNode();
    }
}
