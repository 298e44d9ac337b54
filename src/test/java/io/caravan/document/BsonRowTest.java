package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.BadRecordException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.DocumentCodec;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

/** Reads what the driver writes, and nothing else. */
class BsonRowTest {

    private static final int TRIES = 3_000;

    @Test
    void readsWhatTheDriverWrites() {
        List<String> likely = List.of();
        for (int seed = 0; seed < TRIES; seed++) {
            Map<String, Object> expected = new LinkedHashMap<>();
            Document document = document(new Random(seed), expected, 0);
            BsonRow row = new BsonRow(raw(document), likely);
            assertThat(row.names()).as("seed " + seed).containsExactlyElementsOf(expected.keySet());
            assertThat(row.values())
                    .as("seed " + seed)
                    .usingRecursiveComparison()
                    .isEqualTo(expected.values().toArray());
            likely = row.names();
        }
    }

    @Test
    void whatIsDamagedIsABadRecordAndNothingWorse() {
        int refused = 0;
        for (int seed = 0; seed < TRIES; seed++) {
            Random random = new Random(seed);
            byte[] bytes = bytes(raw(document(random, new LinkedHashMap<>(), 0)));
            for (int i = random.nextInt(3); i >= 0; i--) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            int length = random.nextInt(4) == 0 ? Math.max(5, random.nextInt(bytes.length)) : bytes.length;
            try {
                assertThat(new BsonRow(new RawBsonDocument(bytes, 0, length), List.of("f0", "f1")).names())
                        .isNotNull();
            } catch (BadRecordException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(TRIES / 4);
    }

    private static RawBsonDocument raw(Document document) {
        return new RawBsonDocument(document, new DocumentCodec());
    }

    private static byte[] bytes(RawBsonDocument raw) {
        byte[] bytes = new byte[raw.getByteBuffer().remaining()];
        raw.getByteBuffer().get(bytes);
        return bytes;
    }

    private static Document document(Random random, Map<String, Object> expected, int depth) {
        Document document = new Document();
        int size = random.nextInt(7);
        for (int i = 0; i < size; i++) {
            String name = random.nextInt(4) == 0 ? "größe " + i + text(random) : "f" + i;
            document.append(name, value(random, v -> expected.put(name, v), depth));
        }
        return document;
    }

    private interface Expected {
        void is(Object value);
    }

    private static Object value(Random random, Expected expected, int depth) {
        return switch (random.nextInt(depth < 4 ? 12 : 10)) {
            case 0 -> same(text(random), expected);
            case 1 -> {
                int number = random.nextInt();
                expected.is((long) number);
                yield number;
            }
            case 2 -> same(random.nextLong(), expected);
            case 3 -> same(Double.longBitsToDouble(random.nextLong()), expected);
            case 4 -> same(random.nextBoolean(), expected);
            case 5 -> same(null, expected);
            case 6 -> {
                long millis = random.nextLong() >> 12;
                expected.is(Instant.ofEpochMilli(millis));
                yield new Date(millis);
            }
            case 7 -> {
                ObjectId id = new ObjectId();
                expected.is(id.toHexString());
                yield id;
            }
            case 8 -> {
                BigDecimal number = BigDecimal.valueOf(random.nextLong(), random.nextInt(60) - 30);
                expected.is(number);
                yield new Decimal128(number);
            }
            case 9 -> {
                byte[] bytes = text(random).getBytes(StandardCharsets.UTF_8);
                expected.is(bytes);
                yield new Binary(bytes);
            }
            case 10 -> {
                Map<String, Object> map = new LinkedHashMap<>();
                Document document = document(random, map, depth + 1);
                expected.is(map);
                yield document;
            }
            default -> {
                List<Object> list = new ArrayList<>();
                List<Object> values = new ArrayList<>();
                for (int i = random.nextInt(12); i > 0; i--) values.add(value(random, list::add, depth + 1));
                expected.is(list);
                yield values;
            }
        };
    }

    private static Object same(Object value, Expected expected) {
        expected.is(value);
        return value;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            int c = random.nextInt(3) == 0 ? 0x1F600 + random.nextInt(60) : ' ' + random.nextInt(300);
            text.appendCodePoint(c);
        }
        return text.toString();
    }
}
