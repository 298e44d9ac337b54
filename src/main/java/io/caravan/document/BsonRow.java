package io.caravan.document;

import io.caravan.error.BadRecordException;
import io.caravan.error.Settings;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonBinary;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinarySubType;
import org.bson.BsonSerializationException;
import org.bson.BsonType;
import org.bson.ByteBufNIO;
import org.bson.RawBsonDocument;
import org.bson.io.ByteBufferBsonInput;
import org.bson.types.Decimal128;

/**
 * The fields of a stored document as values of a record, none of them changed: ObjectId as its 24 hexadecimal digits,
 * Decimal128 as BigDecimal (NaN and the infinities as Double), date as Instant, both integers as Long, binary as bytes
 * and a UUID of subtype 4 as its text, documents as maps, arrays as lists. A document with any other type, with a name
 * twice, or nested beyond {@value #DEEPEST} levels is refused by a {@link BadRecordException} that names the field.
 */
final class BsonRow {

    private static final int DEEPEST = 200;

    private final List<String> names = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();

    BsonRow(RawBsonDocument document) {
        ByteBuffer bytes = document.getByteBuffer().asNIO().order(ByteOrder.LITTLE_ENDIAN);
        try (BsonBinaryReader in = new BsonBinaryReader(new ByteBufferBsonInput(new ByteBufNIO(bytes)))) {
            in.readStartDocument();
            while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
                String name = in.readName();
                names.add(name);
                values.add(value(in, name, 1));
            }
            in.readEndDocument();
        } catch (BsonSerializationException e) {
            throw new BadRecordException("document must be BSON that can be read: " + e.getMessage(), e);
        }
    }

    List<String> names() {
        return names;
    }

    Object[] values() {
        return values.toArray();
    }

    private static Object value(BsonBinaryReader in, String path, int depth) {
        BsonType type = in.getCurrentBsonType();
        return switch (type) {
            case STRING -> in.readString();
            case INT32 -> (long) in.readInt32();
            case INT64 -> in.readInt64();
            case DOUBLE -> in.readDouble();
            case BOOLEAN -> in.readBoolean();
            case NULL -> {
                in.readNull();
                yield null;
            }
            case DATE_TIME -> Instant.ofEpochMilli(in.readDateTime());
            case OBJECT_ID -> in.readObjectId().toHexString();
            case DECIMAL128 -> decimal(in.readDecimal128());
            case BINARY -> binary(in.readBinaryData());
            case DOCUMENT -> map(in, path, deeper(path, depth));
            case ARRAY -> list(in, path, deeper(path, depth));
            default -> throw refused(path, "be of a type that records have: leave it out by the projection", type);
        };
    }

    private static Map<String, Object> map(BsonBinaryReader in, String path, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        in.readStartDocument();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
            String name = in.readName();
            if (map.containsKey(name)) throw refused(path, "have names that differ", name);
            map.put(name, value(in, path + "/" + name, depth));
        }
        in.readEndDocument();
        return map;
    }

    private static List<Object> list(BsonBinaryReader in, String path, int depth) {
        List<Object> list = new ArrayList<>();
        in.readStartArray();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) list.add(value(in, path, depth));
        in.readEndArray();
        return list;
    }

    private static Object decimal(Decimal128 number) {
        if (number.isNaN()) return Double.NaN;
        if (number.isInfinite()) return number.isNegative() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        // as a text, because Decimal128 has a negative zero that BigDecimal has not
        return new BigDecimal(number.toString());
    }

    private static Object binary(BsonBinary binary) {
        boolean uuid = binary.getType() == BsonBinarySubType.UUID_STANDARD.getValue() && binary.getData().length == 16;
        return uuid ? binary.asUuid().toString() : binary.getData();
    }

    private static int deeper(String path, int depth) {
        if (depth == DEEPEST) throw refused(path, "be nested up to " + DEEPEST + " levels", "more");
        return depth + 1;
    }

    private static BadRecordException refused(String path, String rule, Object value) {
        String shown = path.length() <= 60 ? path : path.substring(0, 60) + "...";
        return new BadRecordException(Settings.sentence("document", "field '" + shown + "'", rule, value));
    }
}
