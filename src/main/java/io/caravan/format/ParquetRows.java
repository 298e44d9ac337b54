package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Makes the values of a row of what Parquet says of it, column by column. */
final class ParquetRows extends RecordMaterializer<Object[]> {

    private final Struct root;
    private Object[] values;
    private String problem; // of the row: the first that was met

    ParquetRows(MessageType schema) {
        this.root = new Struct(schema, row -> values = row);
    }

    @Override
    public Object[] getCurrentRecord() {
        return values;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }

    /** Throws what made the row that was just read a bad one. */
    void check(Origin origin) {
        String found = problem;
        problem = null;
        if (found != null) throw new BadRecordException(origin + ": " + found);
    }

    private void bad(String field, String rule, String value) {
        if (problem == null) problem = SettingChecks.sentence("column", Texts.cut(field), rule, value);
    }

    private Converter converter(Type type, Consumer<Object> target) {
        if (type.isPrimitive()) return new ParquetValue(type.asPrimitiveType(), target, this::bad);
        GroupType group = type.asGroupType();
        LogicalTypeAnnotation logical = group.getLogicalTypeAnnotation();
        if (logical instanceof ListLogicalTypeAnnotation && repeated(group)) return list(group, target);
        boolean map = logical instanceof MapLogicalTypeAnnotation || logical instanceof MapKeyValueTypeAnnotation;
        if (map && repeated(group) && entries(group.getType(0))) return new Entries(group, target);
        return new Struct(group, row -> target.accept(named(group, row)));
    }

    private static boolean repeated(GroupType group) {
        return group.getFieldCount() == 1 && group.getType(0).isRepetition(Type.Repetition.REPEATED);
    }

    /** Whether it is a key, with a value or without one, and nothing that a map would lose. */
    private static boolean entries(Type repeated) {
        return !repeated.isPrimitive() && repeated.asGroupType().getFieldCount() <= 2;
    }

    private static Map<String, Object> named(GroupType group, Object[] row) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < row.length; i++) map.put(group.getFieldName(i), row[i]);
        return map;
    }

    /** Fields by position; one that is repeated without being called a list is one all the same. */
    private final class Struct extends GroupConverter {

        private final GroupType type;
        private final Converter[] converters;
        private final Consumer<Object[]> target;
        private Object[] row;

        Struct(GroupType type, Consumer<Object[]> target) {
            this.type = type;
            this.target = target;
            this.converters = new Converter[type.getFieldCount()];
            if (type.getFields().stream().map(Type::getName).distinct().count() < converters.length) {
                throw new IllegalArgumentException(
                        "the fields of " + Texts.cut(type.getName()) + " must differ in name");
            }
            for (int i = 0; i < converters.length; i++) {
                int at = i;
                boolean many = type.getType(i).isRepetition(Type.Repetition.REPEATED);
                converters[i] =
                        converter(type.getType(i), many ? v -> elements(at).add(v) : v -> row[at] = v);
            }
        }

        @SuppressWarnings("unchecked") // what start put there
        private List<Object> elements(int field) {
            return (List<Object>) row[field];
        }

        @Override
        public Converter getConverter(int field) {
            return converters[field];
        }

        @Override
        public void start() {
            row = new Object[converters.length];
            for (int i = 0; i < row.length; i++) {
                if (type.getType(i).isRepetition(Type.Repetition.REPEATED)) row[i] = new ArrayList<>();
            }
        }

        @Override
        public void end() {
            target.accept(row);
        }
    }

    private Converter list(GroupType type, Consumer<Object> target) {
        Type repeated = type.getType(0);
        boolean wrapped = !repeated.isPrimitive()
                && repeated.asGroupType().getFieldCount() == 1
                && !repeated.getName().equals("array")
                && !repeated.getName().equals(type.getName() + "_tuple");
        return new Elements(repeated, wrapped, ParquetTypes.floats(type), target);
    }

    /** A list: of what is repeated, or of the one field of what is repeated. */
    private final class Elements extends GroupConverter {

        private final Converter element;
        private final boolean floats;
        private final Consumer<Object> target;
        private List<Object> list;

        Elements(Type repeated, boolean wrapped, boolean floats, Consumer<Object> target) {
            this.floats = floats;
            this.target = target;
            this.element = wrapped
                    ? new Struct(repeated.asGroupType(), row -> list.add(row[0]))
                    : converter(repeated, v -> list.add(v));
        }

        @Override
        public Converter getConverter(int field) {
            return element;
        }

        @Override
        public void start() {
            list = new ArrayList<>();
        }

        @Override
        public void end() {
            target.accept(floats ? vector(list) : list);
        }

        private static float[] vector(List<Object> list) {
            float[] vector = new float[list.size()];
            for (int i = 0; i < vector.length; i++) vector[i] = ((Double) list.get(i)).floatValue();
            return vector;
        }
    }

    /** A map: of texts, whatever its keys are. */
    private final class Entries extends GroupConverter {

        private final Struct entry;
        private final Consumer<Object> target;
        private Map<String, Object> map;

        Entries(GroupType type, Consumer<Object> target) {
            this.target = target;
            this.entry = new Struct(type.getType(0).asGroupType(), row -> {
                String key = String.valueOf(row[0]);
                if (map.containsKey(key)) bad(type.getName(), "have no key twice", Texts.cut(key));
                map.put(key, row.length > 1 ? row[1] : null);
            });
        }

        @Override
        public Converter getConverter(int field) {
            return entry;
        }

        @Override
        public void start() {
            map = new LinkedHashMap<>();
        }

        @Override
        public void end() {
            target.accept(map);
        }
    }
}
