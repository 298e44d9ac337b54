package io.caravan.format;

import io.caravan.record.ContentHash;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Records with values of every type, drawn so that the strange ones are common. */
final class AwkwardRecords {

    private static final String[] PIECES = {
        "a", "Z", " ", ",", "\"", "'", "\n", "\r\n", "\r", "\t", "é", "漢", "😀", "\uFEFF", "\0", "\\", "=", "-", "@",
        "\u2028", "_x0041_", "{", "null", "1e5", "\u007f", "\u0085"
    };

    private final Random random;

    AwkwardRecords(long seed) {
        this.random = new Random(seed);
    }

    /** So many, each with the column {@code _key} first; columns keep a type only sometimes. */
    List<Record> some(int most) {
        int columns = random.nextInt(6);
        int[] types = random.ints(columns, 0, 14).toArray();
        List<Record> records = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            List<String> names = new ArrayList<>(List.of("_key"));
            List<Object> values = new ArrayList<>();
            String key = i + text();
            key = key.replace("\0", "");
            values.add(key);
            for (int c = 0; c < columns; c++) {
                if (random.nextInt(8) == 0) continue;
                names.add(c == 0 ? "=a.\"\nb" : "c" + c);
                values.add(value(random.nextInt(6) == 0 ? random.nextInt(14) : types[c], 2));
            }
            Fields fields = new Fields(names);
            Object[] array = values.toArray();
            records.add(Record.read(key, fields, array, new Origin("o", i), new ContentHash().of(fields, array)));
        }
        return records;
    }

    private Object value(int type, int depth) {
        return switch (type) {
            case 0 -> null;
            case 1 -> text();
            case 2 -> random.nextBoolean() ? random.nextLong() : (Long) (long) random.nextInt(10);
            case 3 -> new BigDecimal(new BigInteger(random.nextInt(130), random), random.nextInt(40) - 5);
            case 4 -> number();
            case 5 -> random.nextBoolean();
            case 6 -> LocalDate.ofEpochDay(random.nextInt(2_000_000) - 700_000);
            case 7 -> LocalDateTime.ofInstant(time(), ZoneOffset.UTC);
            case 8 -> time();
            case 9 -> bytes();
            case 10 -> new float[] {random.nextFloat(), -random.nextInt(5), Float.MIN_VALUE};
            case 11 -> depth == 0 ? List.of() : List.of(value(1, 0), value(random.nextInt(11) | 1, depth - 1));
            case 12 -> map(depth);
            default -> "";
        };
    }

    private Map<String, Object> map(int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(3); i > 0; i--)
            map.put(text(), depth == 0 ? null : value(random.nextInt(13), depth - 1));
        return map;
    }

    private Double number() {
        double number = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(number) ? number : 0.1;
    }

    private Instant time() {
        long second = random.nextInt(5) == 0 ? 253_402_300_799L : random.nextInt();
        return Instant.ofEpochSecond(
                second, random.nextInt(3) == 0 ? 0 : random.nextInt(1_000_000) * 1000L + random.nextInt(2));
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) text.append(PIECES[random.nextInt(PIECES.length)]);
        return text.toString();
    }
}
