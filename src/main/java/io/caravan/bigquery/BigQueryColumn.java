package io.caravan.bigquery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Field.Mode;
import com.google.cloud.bigquery.FieldValue;
import java.util.List;

/** One column: its name, the record field it holds, its type, whether it is a list, may be empty, is part of the key. */
record BigQueryColumn(String name, String from, BigQueryType type, boolean list, boolean nullable, boolean key) {

    /** The name as SQL wants it: it matched {@code [A-Za-z_][A-Za-z0-9_]*}, so it cannot end the quotes. */
    String quoted() {
        return '`' + name + '`';
    }

    Mode mode() {
        if (list) return Mode.REPEATED;
        return nullable ? Mode.NULLABLE : Mode.REQUIRED;
    }

    /** Without what is required: of a deleted row only the key is known. */
    Field staged() {
        Mode mode = list ? Mode.REPEATED : key ? Mode.REQUIRED : Mode.NULLABLE;
        return Field.newBuilder(name, type.sql()).setMode(mode).build();
    }

    Field field() {
        return Field.newBuilder(name, type.sql()).setMode(mode()).build();
    }

    String typeName() {
        return list ? "array<" + type + ">" : type.toString();
    }

    /** As {@link BigQueryType#loaded}. */
    Object loaded(Object value) {
        if (!list) return type.loaded(value);
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Object element : (List<?>) value) {
            if (element == null) throw new IllegalArgumentException("an array holds no null");
            array.add(BigQueryType.node(type.loaded(element)));
        }
        return array;
    }

    /** What BigQuery answers, in the same form; it knows no difference between no list and an empty one. */
    JsonNode json(FieldValue held) {
        if (held.isNull()) return list ? JsonNodeFactory.instance.arrayNode() : JsonNodeFactory.instance.nullNode();
        if (!list) return type.json(held);
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        held.getRepeatedValue().forEach(element -> array.add(type.json(element)));
        return array;
    }

    /** What stands for null. */
    JsonNode nothing() {
        return list ? JsonNodeFactory.instance.arrayNode() : JsonNodeFactory.instance.nullNode();
    }
}
