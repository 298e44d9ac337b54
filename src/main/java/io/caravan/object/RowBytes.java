package io.caravan.object;

import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows as bytes and back without loss, for as long as this object lives: it knows the names of their fields. */
final class RowBytes {

    private static final int REMEMBERED = 1000;
    private static final Origin SPOOL = new Origin("", 0);

    private final Map<Fields, Integer> numbers = new HashMap<>();
    private final List<Fields> shapes = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final DataOutputStream out = new DataOutputStream(bytes);

    byte[] of(Record row) {
        try {
            bytes.reset();
            Integer number = numbers.get(row.fields());
            if (number == null && shapes.size() < REMEMBERED) {
                number = shapes.size();
                shapes.add(row.fields());
                numbers.put(row.fields(), number);
            }
            out.writeInt(number == null ? -1 : number);
            if (number == null) put(row.fields().names());
            for (int i = 0; i < row.fields().size(); i++) put(row.at(i));
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Record row(String key, byte[] row) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(row))) {
            int number = in.readInt();
            Fields fields = number >= 0 ? shapes.get(number) : new Fields(names(take(in)));
            Object[] values = new Object[fields.size()];
            for (int i = 0; i < values.length; i++) values[i] = take(in);
            return Record.read(key, fields, values, SPOOL, Hash.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).toList();
    }

    private void put(Object value) throws IOException {
        if (value == null) out.writeByte('n');
        else if (value instanceof String text) text('s', text);
        else if (value instanceof Long number) {
            out.writeByte('L');
            out.writeLong(number);
        } else if (value instanceof Double number) {
            out.writeByte('D');
            out.writeDouble(number);
        } else if (value instanceof BigDecimal number) {
            out.writeByte('B');
            out.writeInt(number.scale());
            blob(number.unscaledValue().toByteArray());
        } else if (value instanceof Boolean truth) out.writeByte(truth ? 't' : 'f');
        else if (value instanceof LocalDate date) {
            out.writeByte('d');
            out.writeLong(date.toEpochDay());
        } else if (value instanceof LocalDateTime time) instant('l', time.toInstant(ZoneOffset.UTC));
        else if (value instanceof Instant time) instant('i', time);
        else putMany(value);
    }

    private void putMany(Object value) throws IOException {
        if (value instanceof byte[] content) {
            out.writeByte('b');
            blob(content);
        } else if (value instanceof float[] numbers) {
            out.writeByte('v');
            out.writeInt(numbers.length);
            for (float number : numbers) out.writeFloat(number);
        } else if (value instanceof List<?> list) {
            out.writeByte('a');
            out.writeInt(list.size());
            for (Object element : list) put(element);
        } else if (value instanceof Map<?, ?> map) {
            out.writeByte('m');
            out.writeInt(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                text('s', (String) entry.getKey());
                put(entry.getValue());
            }
        } else {
            throw new IllegalArgumentException("record: value must be of a type that records allow, got '"
                    + value.getClass().getName() + "'");
        }
    }

    private void text(char tag, String text) throws IOException {
        out.writeByte(tag);
        blob(text.getBytes(StandardCharsets.UTF_8));
    }

    private void blob(byte[] content) throws IOException {
        out.writeInt(content.length);
        out.write(content);
    }

    private void instant(char tag, Instant time) throws IOException {
        out.writeByte(tag);
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
    }

    private static Object take(DataInputStream in) throws IOException {
        char tag = (char) in.readByte();
        return switch (tag) {
            case 'n' -> null;
            case 's' -> new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            case 'L' -> in.readLong();
            case 'D' -> in.readDouble();
            case 'B' -> {
                int scale = in.readInt();
                yield new BigDecimal(new BigInteger(in.readNBytes(in.readInt())), scale);
            }
            case 't' -> true;
            case 'f' -> false;
            case 'd' -> LocalDate.ofEpochDay(in.readLong());
            case 'l' -> LocalDateTime.ofInstant(instant(in), ZoneOffset.UTC);
            case 'i' -> instant(in);
            case 'b' -> in.readNBytes(in.readInt());
            case 'v' -> floats(in);
            case 'a' -> list(in);
            case 'm' -> map(in);
            default -> throw new IOException("a value cannot begin with " + tag);
        };
    }

    private static Instant instant(DataInputStream in) throws IOException {
        long second = in.readLong();
        return Instant.ofEpochSecond(second, in.readInt());
    }

    private static float[] floats(DataInputStream in) throws IOException {
        float[] numbers = new float[in.readInt()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = in.readFloat();
        return numbers;
    }

    private static List<Object> list(DataInputStream in) throws IOException {
        int size = in.readInt();
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) list.add(take(in));
        return list;
    }

    private static Map<String, Object> map(DataInputStream in) throws IOException {
        int size = in.readInt();
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) map.put((String) take(in), take(in));
        return map;
    }
}
