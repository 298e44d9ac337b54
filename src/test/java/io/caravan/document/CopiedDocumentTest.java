package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.StoredForm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDbPointer;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonJavaScript;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonNull;
import org.bson.BsonObjectId;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

/** A document of any types comes out as it went in, but for what a step did to it. */
class CopiedDocumentTest {

    private static final int TRIES = 3_000;

    private final Documents copies = new Documents("documents", Set.of("left out"), true, false, true);

    @Test
    void everyDocumentIsTheSameByteForByte() {
        for (int seed = 0; seed < TRIES; seed++) {
            RawBsonDocument document = raw(document(new Random(seed)));
            RawBsonDocument copy = copies.of(record(document), Instant.now());
            assertThat(bytes(copy)).as("seed " + seed).isEqualTo(bytes(document));
            assertThat(copies.same(document, copy, record(document))).isTrue();
        }
    }

    @Test
    void whatAStepDidNotTouchIsTheSameBesideWhatItDid() {
        for (int seed = 0; seed < TRIES; seed++) {
            BsonDocument document = document(new Random(seed));
            document.put("left out", new BsonString("x"));
            Record changed = record(raw(document)).with("f0", "changed").with("added", 5L);
            BsonDocument expected = document.clone();
            expected.remove("left out");
            expected.put("f0", new BsonString("changed"));
            expected.put("added", new BsonInt64(5));
            RawBsonDocument copy = copies.of(changed, Instant.now());
            assertThat(SameValue.exactly(copy, expected)).as("seed " + seed).isTrue();
        }
    }

    @Test
    void anotherTypeOfTheSameValueIsADifference() {
        RawBsonDocument small = raw(new BsonDocument("_id", new BsonInt32(1)).append("n", new BsonInt32(5)));
        RawBsonDocument large = raw(new BsonDocument("_id", new BsonInt32(1)).append("n", new BsonInt64(5)));
        assertThat(record(small).hash()).isNotEqualTo(record(large).hash());
        assertThat(copies.same(small, large, record(large))).isFalse();
    }

    private static Record record(RawBsonDocument document) {
        BsonRow row = new BsonRow(document, List.of());
        return Record.read(IdText.of(document.get("_id")), new Fields(row.names()), row.values(), new Origin("c", 1))
                .storedAs(new StoredForm(CopiedDocument.KIND, bytes(document)));
    }

    private static RawBsonDocument raw(BsonDocument document) {
        return new RawBsonDocument(document, new BsonDocumentCodec());
    }

    private static byte[] bytes(RawBsonDocument document) {
        byte[] bytes = new byte[document.getByteBuffer().remaining()];
        document.getByteBuffer().get(bytes);
        return bytes;
    }

    private static BsonDocument document(Random random) {
        BsonDocument document = new BsonDocument("_id", value(random, 3)).append("f0", value(random, 0));
        for (int i = random.nextInt(8); i > 0; i--) document.put("f" + i, value(random, 0));
        return document;
    }

    private static BsonValue value(Random random, int depth) {
        return switch (random.nextInt(depth < 3 ? 22 : 19)) {
            case 0 -> new BsonString("größe " + random.nextInt(100));
            case 1 -> new BsonObjectId(new ObjectId());
            case 2 -> new BsonInt32(random.nextInt());
            case 3 -> new BsonInt64(random.nextInt(10));
            case 4 -> new BsonDouble(random.nextInt(10));
            case 5 -> new BsonDouble(Double.longBitsToDouble(random.nextLong()));
            case 6 -> new BsonDecimal128(Decimal128.fromIEEE754BIDEncoding(0x3040000000000000L, random.nextInt(999)));
            case 7 ->
                new BsonDecimal128(Decimal128.parse(
                        List.of("-0", "NaN", "-Infinity", "7.10").get(random.nextInt(4))));
            case 8 -> BsonBoolean.valueOf(random.nextBoolean());
            case 9 -> new BsonDateTime(random.nextLong() >> 12);
            case 10 -> new BsonBinary(new UUID(random.nextLong(), random.nextLong()));
            case 11 -> new BsonBinary((byte) random.nextInt(), new byte[random.nextInt(20)]);
            case 12 -> new BsonTimestamp(random.nextLong());
            case 13 -> new BsonRegularExpression("a.*", "i");
            case 14 -> random.nextBoolean() ? new BsonMinKey() : new BsonMaxKey();
            case 15 -> new BsonSymbol("symbol");
            case 16 -> new BsonJavaScript("return 1");
            case 17 -> new BsonDbPointer("db.c", new ObjectId());
            case 18 -> depth == 3 ? new BsonString("id") : random.nextBoolean() ? BsonNull.VALUE : new BsonUndefined();
            case 19 -> new BsonJavaScriptWithScope("f()", new BsonDocument("x", value(random, depth + 1)));
            case 20 -> {
                List<BsonValue> values = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) values.add(value(random, depth + 1));
                yield new BsonArray(values);
            }
            default -> new BsonDocument("a.b", value(random, depth + 1)).append("$c", value(random, depth + 1));
        };
    }
}
