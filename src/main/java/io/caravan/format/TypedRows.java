package io.caravan.format;

import io.caravan.error.Words;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of any format, with the type of each value. */
final class TypedRows implements RowForm {

    private static final Origin SPOOL = new Origin("", 0);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final ShapeNumbers shapes = new ShapeNumbers();
    private byte[] out = new byte[1024];
    private int size;

    @Override
    public byte[] of(Record row) {
        size = 0;
        int number = shapes.of(row.fields());
        putInt(number);
        if (number < 0) put(row.fields().names());
        for (int i = 0; i < row.fields().size(); i++) put(row.at(i));
        return Arrays.copyOf(out, size);
    }

    @Override
    public void write(RecordWriter writer, String key, byte[] row) throws IOException {
        writer.write(row(key, row));
    }

    Record row(String key, byte[] row) {
        ByteBuffer in = ByteBuffer.wrap(row);
        int number = in.getInt();
        Fields fields = number >= 0 ? shapes.shape(number) : new Fields(names(take(in)));
        Object[] values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) values[i] = take(in);
        return Record.read(key, fields, values, SPOOL);
    }

    private static List<String> names(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).toList();
    }

    private void put(Object value) {
        if (value == null) tag('n');
        else if (value instanceof String text) text(text);
        else if (value instanceof Long number) {
            tag('L');
            putLong(number);
        } else if (value instanceof Double number) {
            tag('D');
            putLong(Double.doubleToRawLongBits(number));
        } else if (value instanceof BigDecimal number) {
            tag('B');
            putInt(number.scale());
            blob(number.unscaledValue().toByteArray());
        } else if (value instanceof Boolean truth) tag(truth ? 't' : 'f');
        else if (value instanceof LocalDate date) {
            tag('d');
            putLong(date.toEpochDay());
        } else if (value instanceof LocalDateTime time) instant('l', time.toInstant(ZoneOffset.UTC));
        else if (value instanceof Instant time) instant('i', time);
        else putMany(value);
    }

    private void putMany(Object value) {
        if (value instanceof byte[] content) {
            tag('b');
            blob(content);
        } else if (value instanceof float[] numbers) {
            tag('v');
            putInt(numbers.length);
            for (float number : numbers) putInt(Float.floatToRawIntBits(number));
        } else if (value instanceof List<?> list) {
            tag('a');
            putInt(list.size());
            for (Object element : list) put(element);
        } else if (value instanceof Map<?, ?> map) {
            tag('m');
            putInt(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                text((String) entry.getKey());
                put(entry.getValue());
            }
        } else {
            throw new IllegalArgumentException(
                    "record: value must be of a type that records allow, got '" + Words.kind(value) + "'");
        }
    }

    private void text(String text) {
        tag('s');
        blob(text.getBytes(StandardCharsets.UTF_8));
    }

    private void instant(char tag, Instant time) {
        tag(tag);
        putLong(time.getEpochSecond());
        putInt(time.getNano());
    }

    private void tag(char tag) {
        reserve(1);
        out[size++] = (byte) tag;
    }

    private void putInt(int value) {
        reserve(Integer.BYTES);
        INTS.set(out, size, value);
        size += Integer.BYTES;
    }

    private void putLong(long value) {
        reserve(Long.BYTES);
        LONGS.set(out, size, value);
        size += Long.BYTES;
    }

    private void blob(byte[] content) {
        putInt(content.length);
        reserve(content.length);
        System.arraycopy(content, 0, out, size, content.length);
        size += content.length;
    }

    private void reserve(int more) {
        if (out.length - size >= more) return;
        out = Arrays.copyOf(out, Math.toIntExact(Math.max((long) size + more, Math.min(2L * out.length, 1 << 30))));
    }

    private static Object take(ByteBuffer in) {
        char tag = (char) in.get();
        return switch (tag) {
            case 'n' -> null;
            case 's' -> text(in);
            case 'L' -> in.getLong();
            case 'D' -> in.getDouble();
            case 'B' -> {
                int scale = in.getInt();
                yield decimal(blob(in), scale);
            }
            case 't' -> true;
            case 'f' -> false;
            case 'd' -> LocalDate.ofEpochDay(in.getLong());
            case 'l' -> LocalDateTime.ofInstant(instant(in), ZoneOffset.UTC);
            case 'i' -> instant(in);
            case 'b' -> blob(in);
            case 'v' -> floats(in);
            case 'a' -> list(in);
            case 'm' -> map(in);
            default -> throw new IllegalStateException("a value cannot begin with " + tag);
        };
    }

    private static String text(ByteBuffer in) {
        int length = in.getInt();
        int from = in.position();
        in.position(from + length);
        return new String(in.array(), from, length, StandardCharsets.UTF_8);
    }

    private static byte[] blob(ByteBuffer in) {
        byte[] content = new byte[in.getInt()];
        in.get(content);
        return content;
    }

    private static BigDecimal decimal(byte[] unscaled, int scale) {
        if (unscaled.length > Long.BYTES) return new BigDecimal(new BigInteger(unscaled), scale);
        long value = unscaled[0];
        for (int i = 1; i < unscaled.length; i++) value = value << 8 | unscaled[i] & 0xff;
        return BigDecimal.valueOf(value, scale);
    }

    private static Instant instant(ByteBuffer in) {
        long second = in.getLong();
        return Instant.ofEpochSecond(second, in.getInt());
    }

    private static float[] floats(ByteBuffer in) {
        float[] numbers = new float[in.getInt()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = in.getFloat();
        return numbers;
    }

    private static List<Object> list(ByteBuffer in) {
        int size = in.getInt();
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) list.add(take(in));
        return list;
    }

    private static Map<String, Object> map(ByteBuffer in) {
        int size = in.getInt();
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) map.put((String) take(in), take(in));
        return map;
    }
}
