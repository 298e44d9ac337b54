package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.format.RecordMaker;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonMaxKey;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

/** The text of an _id finds the _id again. */
class IdTextTest {

    private static final int TRIES = 20_000;

    @Test
    void everyIdIsOneOfTheFormsOfItsText() {
        for (int seed = 0; seed < TRIES; seed++) {
            BsonValue id = id(new Random(seed));
            assertThat(IdText.forms(IdText.of(id)))
                    .as("seed %s: %s", seed, id)
                    .anyMatch(form -> SameValue.of(form, id));
        }
    }

    @Test
    void aFormOfATextHasThatText() {
        for (int seed = 0; seed < TRIES; seed++) {
            String text = IdText.of(id(new Random(seed)));
            assertThat(IdText.forms(text)).as("seed " + seed).allMatch(form -> IdText.of(form)
                    .equals(text));
        }
    }

    @Test
    void theTextIsTheKeyThatTheSourceMakes() {
        RecordMaker maker = new RecordMaker(Fields.of("_id"), List.of("_id"));
        for (int seed = 0; seed < TRIES; seed++) {
            BsonValue id = id(new Random(seed));
            String text = IdText.of(id);
            if (text.isBlank()) continue;
            BsonRow row =
                    new BsonRow(new RawBsonDocument(new BsonDocument("_id", id), new BsonDocumentCodec()), List.of());
            assertThat(maker.make(row.values(), new Origin("c", 1)).key())
                    .as("seed %s: %s", seed, id)
                    .isEqualTo(text);
        }
    }

    private static BsonValue id(Random random) {
        return switch (random.nextInt(14)) {
            case 0 -> new BsonString(text(random));
            case 1 -> new BsonObjectId(new ObjectId());
            case 2 -> new BsonInt32(random.nextInt() >> random.nextInt(32));
            case 3 -> new BsonInt64(random.nextLong() >> random.nextInt(64));
            case 4 -> new BsonDouble(random.nextInt(1000) / 8.0 * (random.nextBoolean() ? 1 : -1));
            case 5 -> new BsonDouble(Double.longBitsToDouble(random.nextLong()));
            case 6 ->
                new BsonDecimal128(new Decimal128(BigDecimal.valueOf(random.nextLong(), random.nextInt(60) - 30)));
            case 7 ->
                new BsonDecimal128(Decimal128.parse(List.of("-0", "NaN", "Infinity", "-Infinity", "7.10", "1E+6111")
                        .get(random.nextInt(6))));
            case 8 -> BsonBoolean.valueOf(random.nextBoolean());
            case 9 -> new BsonDateTime(random.nextLong() >> random.nextInt(10, 40));
            case 10 -> new BsonBinary(new UUID(random.nextLong(), random.nextLong()));
            case 11 -> new BsonBinary((byte) random.nextInt(2), text(random).getBytes());
            case 12 -> random.nextBoolean() ? new BsonTimestamp(random.nextLong()) : new BsonMaxKey();
            default ->
                new BsonDocument("a", id(random))
                        .append(text(random), new BsonArray(List.of(id(random), new BsonInt32(1))));
        };
    }

    private static String text(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new ObjectId().toHexString();
            case 1 -> Integer.toString(random.nextInt(100));
            case 2 -> "{\"a\": 1}";
            case 3 -> "{\"$oid\": \"64a81216fc3208ccee8ec5f3\"}";
            case 4 -> "2024-05-06T07:08:09Z";
            default -> "größe \"" + random.nextInt(10);
        };
    }
}
