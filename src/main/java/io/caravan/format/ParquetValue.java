package io.caravan.format;

import io.caravan.error.BadRecordException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntervalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Makes one value of a primitive, as its logical type says. */
final class ParquetValue extends PrimitiveConverter {

    private static final long JULIAN_1970 = 2_440_588;

    /** Told of a value that is none. */
    interface Bad {
        void is(String field, String rule, String value);
    }

    private final String field;
    private final PrimitiveTypeName primitive;
    private final LogicalTypeAnnotation logical;
    private final Consumer<Object> target;
    private final Bad bad;
    private Dictionary dictionary; // of the pages that are read
    private Object[] shared; // what its values are, once somebody asked
    private boolean sound; // what was made last

    ParquetValue(PrimitiveType type, Consumer<Object> target, Bad bad) {
        this.field = type.getName();
        this.primitive = type.getPrimitiveTypeName();
        this.logical = type.getLogicalTypeAnnotation();
        this.target = target;
        this.bad = bad;
    }

    /** A value that many rows share is made once: texts, mostly. Each row is told of one that is none. */
    @Override
    public boolean hasDictionarySupport() {
        return primitive == PrimitiveTypeName.BINARY || primitive == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
    }

    @Override
    public void setDictionary(Dictionary values) {
        dictionary = values;
        shared = new Object[values.getMaxId() + 1];
    }

    @Override
    public void addValueFromDictionary(int id) {
        Object value = shared[id];
        if (value != null) {
            target.accept(value);
            return;
        }
        sound = true;
        Object made = binary(dictionary.decodeToBinary(id));
        if (sound && shareable(made)) shared[id] = made;
        target.accept(made);
    }

    private static boolean shareable(Object value) {
        return value instanceof String || value instanceof BigDecimal;
    }

    @Override
    public void addBoolean(boolean value) {
        target.accept(value);
    }

    @Override
    public void addDouble(double value) {
        target.accept(value);
    }

    /** The number that it prints. */
    @Override
    public void addFloat(float value) {
        target.accept(Double.valueOf(Float.toString(value)));
    }

    @Override
    public void addInt(int value) {
        boolean unsigned = logical instanceof IntLogicalTypeAnnotation type && !type.isSigned();
        addLong(unsigned ? Integer.toUnsignedLong(value) : value);
    }

    @Override
    public void addLong(long value) {
        if (logical == null) target.accept(value);
        else if (logical instanceof DecimalLogicalTypeAnnotation type)
            target.accept(BigDecimal.valueOf(value, type.getScale()));
        else if (logical instanceof DateLogicalTypeAnnotation) target.accept(LocalDate.ofEpochDay(value));
        else if (logical instanceof TimestampLogicalTypeAnnotation type) target.accept(time(value, type));
        else if (logical instanceof TimeLogicalTypeAnnotation type) target.accept(timeOfDay(value, type.getUnit()));
        else if (value < 0 && logical instanceof IntLogicalTypeAnnotation type && !type.isSigned())
            target.accept(new BigDecimal(Long.toUnsignedString(value)));
        else target.accept(value);
    }

    @Override
    public void addBinary(Binary value) {
        target.accept(binary(value));
    }

    private Object binary(Binary value) {
        if (primitive == PrimitiveTypeName.INT96) return int96(value);
        if (logical instanceof StringLogicalTypeAnnotation || logical instanceof EnumLogicalTypeAnnotation)
            return text(value);
        if (logical instanceof JsonLogicalTypeAnnotation) return json(value);
        if (logical instanceof DecimalLogicalTypeAnnotation type)
            return decimal(value.getBytesUnsafe(), type.getScale());
        if (logical instanceof UUIDLogicalTypeAnnotation) {
            ByteBuffer bytes = value.toByteBuffer();
            return new UUID(bytes.getLong(), bytes.getLong()).toString();
        }
        if (logical instanceof IntervalLogicalTypeAnnotation) return interval(value);
        return logical instanceof Float16LogicalTypeAnnotation ? float16(value) : value.getBytes();
    }

    /** Months, days and milliseconds, each without a sign, as a text of ISO 8601. */
    private static String interval(Binary value) {
        ByteBuffer parts = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long months = Integer.toUnsignedLong(parts.getInt());
        long days = Integer.toUnsignedLong(parts.getInt());
        long millis = Integer.toUnsignedLong(parts.getInt());
        StringBuilder text = new StringBuilder("P");
        if (months >= 12) text.append(months / 12).append('Y');
        if (months % 12 > 0) text.append(months % 12).append('M');
        if (days > 0) text.append(days).append('D');
        if (millis > 0 || text.length() == 1)
            text.append(Duration.ofMillis(millis).toString().substring(1));
        return text.toString();
    }

    /** Most decimals are many bytes for few digits. */
    private static BigDecimal decimal(byte[] unscaled, int scale) {
        int extra = unscaled.length - Long.BYTES;
        for (int i = 0; i < extra; i++) {
            if (unscaled[i] != unscaled[extra] >> 7) return new BigDecimal(new BigInteger(unscaled), scale);
        }
        long value = unscaled[Math.max(0, extra)];
        for (int i = Math.max(0, extra) + 1; i < unscaled.length; i++) value = value << 8 | unscaled[i] & 0xff;
        return BigDecimal.valueOf(value, scale);
    }

    private String text(Binary value) {
        byte[] bytes = value.getBytesUnsafe();
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            try {
                var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            } catch (CharacterCodingException e) {
                sound = false;
                bad.is(field, "be UTF-8", "other bytes");
            }
        }
        return text;
    }

    private Object json(Binary value) {
        String text = text(value);
        try {
            return JsonText.value(text);
        } catch (BadRecordException e) {
            bad.is(field, "be JSON", Texts.cut(text));
            return null;
        }
    }

    private static Object time(long value, TimestampLogicalTypeAnnotation type) {
        long unit = perSecond(type.getUnit());
        Instant time =
                Instant.ofEpochSecond(Math.floorDiv(value, unit), Math.floorMod(value, unit) * (1_000_000_000L / unit));
        return type.isAdjustedToUTC() ? time : LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    }

    private Object timeOfDay(long value, TimeUnit unit) {
        try {
            return LocalTime.ofNanoOfDay(Math.multiplyExact(value, 1_000_000_000L / perSecond(unit)))
                    .toString();
        } catch (ArithmeticException | DateTimeException e) {
            bad.is(field, "be a time of a day", value + "");
            return null;
        }
    }

    private static long perSecond(TimeUnit unit) {
        return switch (unit) {
            case MILLIS -> 1_000L;
            case MICROS -> 1_000_000L;
            case NANOS -> 1_000_000_000L;
        };
    }

    private static Instant int96(Binary value) {
        ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long nanos = bytes.getLong();
        return Instant.ofEpochSecond((bytes.getInt() - JULIAN_1970) * 86_400, nanos);
    }

    private static Double float16(Binary value) {
        int half = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getShort();
        int exponent = half >> 10 & 31;
        int fraction = half & 1023;
        double number = exponent == 0
                ? fraction * 0x1p-24
                : exponent < 31
                        ? (1024 + fraction) * Math.pow(2, exponent - 25)
                        : fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        return half < 0 ? -number : number;
    }
}
