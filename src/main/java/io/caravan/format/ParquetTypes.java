package io.caravan.format;

import java.util.List;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UnknownLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Kinds of column as Parquet's types and back. */
final class ParquetTypes {

    static final int DECIMAL_BYTES = 16; // of 38 digits

    private ParquetTypes() {}

    static MessageType schema(Columns columns) {
        List<Type> fields = columns.names().stream()
                .map(name -> type(name, columns.kind(name)))
                .toList();
        return new MessageType("record", fields);
    }

    private static Type type(String name, Kind kind) {
        return switch (kind.type()) {
            case NONE ->
                Types.optional(PrimitiveTypeName.INT32)
                        .as(LogicalTypeAnnotation.unknownType())
                        .named(name);
            case TEXT ->
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(name);
            case ANY ->
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.jsonType())
                        .named(name);
            case BYTES -> Types.optional(PrimitiveTypeName.BINARY).named(name);
            case WHOLE -> Types.optional(PrimitiveTypeName.INT64).named(name);
            case REAL -> Types.optional(PrimitiveTypeName.DOUBLE).named(name);
            case TRUTH -> Types.optional(PrimitiveTypeName.BOOLEAN).named(name);
            case DATE ->
                Types.optional(PrimitiveTypeName.INT32)
                        .as(LogicalTypeAnnotation.dateType())
                        .named(name);
            case LOCAL_TIME, INSTANT ->
                Types.optional(PrimitiveTypeName.INT64)
                        .as(LogicalTypeAnnotation.timestampType(
                                kind.type() == Kind.Type.INSTANT, kind.scale() == 9 ? TimeUnit.NANOS : TimeUnit.MICROS))
                        .named(name);
            case DECIMAL ->
                Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                        .length(DECIMAL_BYTES)
                        .as(LogicalTypeAnnotation.decimalType(kind.scale(), kind.whole() + kind.scale()))
                        .named(name);
            case FLOATS ->
                Types.optionalList().requiredElement(PrimitiveTypeName.FLOAT).named(name);
        };
    }

    /** What a column that is read can be written as; what we never write is written as JSON. */
    static Kind kind(Type type) {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        if (type.isRepetition(Type.Repetition.REPEATED)) return Kind.of(Kind.Type.ANY);
        if (!type.isPrimitive()) return Kind.of(floats(type.asGroupType()) ? Kind.Type.FLOATS : Kind.Type.ANY);
        PrimitiveTypeName primitive = type.asPrimitiveType().getPrimitiveTypeName();
        if (logical instanceof DecimalLogicalTypeAnnotation d) {
            return Kind.decimal(Math.max(1, d.getPrecision() - d.getScale()), d.getScale());
        }
        if (logical instanceof TimestampLogicalTypeAnnotation t) {
            return Kind.time(
                    t.isAdjustedToUTC() ? Kind.Type.INSTANT : Kind.Type.LOCAL_TIME, t.getUnit() == TimeUnit.NANOS);
        }
        if (logical instanceof DateLogicalTypeAnnotation) return Kind.of(Kind.Type.DATE);
        if (logical instanceof UnknownLogicalTypeAnnotation) return Kind.NONE;
        if (logical instanceof StringLogicalTypeAnnotation) return Kind.of(Kind.Type.TEXT);
        if (logical != null) return Kind.of(Kind.Type.ANY);
        return switch (primitive) {
            case BOOLEAN -> Kind.of(Kind.Type.TRUTH);
            case INT32, INT64 -> Kind.of(Kind.Type.WHOLE);
            case DOUBLE -> Kind.of(Kind.Type.REAL);
            case BINARY -> Kind.of(Kind.Type.BYTES);
            default -> Kind.of(Kind.Type.ANY);
        };
    }

    /** Whether it is a list of floats none of which can be null: a vector. */
    static boolean floats(GroupType type) {
        if (!(type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation)) return false;
        Type repeated = type.getType(0);
        if (repeated.isPrimitive() || repeated.asGroupType().getFieldCount() != 1) return false;
        Type element = repeated.asGroupType().getType(0);
        return element.isPrimitive()
                && element.isRepetition(Type.Repetition.REQUIRED)
                && element.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.FLOAT;
    }
}
