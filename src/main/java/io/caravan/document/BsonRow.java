package io.caravan.document;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import java.math.BigDecimal;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonBinary;
import org.bson.BsonBinarySubType;
import org.bson.BsonType;
import org.bson.RawBsonDocument;
import org.bson.types.Decimal128;

/**
 * The fields of a stored document as values of a record, none of them changed: ObjectId as its 24 hexadecimal digits,
 * Decimal128 as BigDecimal (NaN and the infinities as Double), date as Instant, both integers as Long, binary as bytes
 * and a UUID of subtype 4 as its text, documents as maps, arrays as lists; a type that only MongoDB has (Timestamp, regular expression,
 * MinKey, ...) as the map that its Extended JSON is, an {@code _id} that is no single value as the text of it. A document with a name
 * twice, or nested beyond {@value #DEEPEST} levels is refused by a {@link BadRecordException} that names the field.
 *
 * <p>Reads the bytes itself: the driver's readers took as long as the server.
 */
final class BsonRow {

    private static final int DEEPEST = 200;
    private static final int SMALLEST = 5;

    private final ByteBuffer in;
    private final List<String> names;
    private final List<Object> values;

    /** {@code likely}: the names of the document before, which need not be decoded when they come again. */
    BsonRow(RawBsonDocument document, List<String> likely) {
        this.in = document.getByteBuffer().asNIO().order(ByteOrder.LITTLE_ENDIAN);
        this.names = new ArrayList<>(likely.size());
        this.values = new ArrayList<>(likely.size());
        try {
            int end = end();
            for (int type = in.get(); type != 0; type = in.get()) {
                String name = name(names.size() < likely.size() ? likely.get(names.size()) : "");
                names.add(name);
                values.add(value(type, name, 1));
                if (name.equals(Documents.ID)) keyOf(document);
            }
            mustBeAt(end);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw broken("it ends early");
        }
    }

    List<String> names() {
        return names;
    }

    Object[] values() {
        return values.toArray();
    }

    /** An {@code _id} that is no single value is its text, so that it can be a key. */
    private void keyOf(RawBsonDocument document) {
        Object value = values.get(values.size() - 1);
        if (!(value instanceof Map || value instanceof List || value instanceof byte[])) return;
        try {
            values.set(values.size() - 1, IdText.of(document.get(Documents.ID)));
        } catch (RuntimeException e) {
            throw broken("its _id cannot be written as Extended JSON");
        }
    }

    private Object value(int code, String path, int depth) {
        BsonType type = BsonType.findByValue(code & 0xff);
        if (type == null) throw broken("it has a value of type " + (code & 0xff));
        return switch (type) {
            case STRING -> text();
            case INT32 -> (long) in.getInt();
            case INT64 -> in.getLong();
            case DOUBLE -> in.getDouble();
            case BOOLEAN -> truth();
            case NULL -> null;
            case DATE_TIME -> Instant.ofEpochMilli(in.getLong());
            case OBJECT_ID -> HexFormat.of().formatHex(bytes(12));
            case DECIMAL128 -> {
                long low = in.getLong();
                yield decimal(Decimal128.fromIEEE754BIDEncoding(in.getLong(), low));
            }
            case BINARY -> binary();
            case DOCUMENT -> map(path, deeper(path, depth));
            case ARRAY -> list(path, deeper(path, depth));
            case TIMESTAMP -> {
                long increment = in.getInt() & 0xffff_ffffL;
                yield only("$timestamp", ordered("t", in.getInt() & 0xffff_ffffL, "i", increment));
            }
            case REGULAR_EXPRESSION -> {
                String pattern = name("");
                yield only("$regularExpression", ordered("pattern", pattern, "options", name("")));
            }
            case JAVASCRIPT -> only("$code", text());
            case JAVASCRIPT_WITH_SCOPE -> {
                in.getInt(); // the size of both
                String program = text();
                yield ordered("$code", program, "$scope", map(path, deeper(path, depth)));
            }
            case SYMBOL -> only("$symbol", text());
            case DB_POINTER -> {
                String collection = text();
                String id = HexFormat.of().formatHex(bytes(12));
                yield only("$dbPointer", ordered("$ref", collection, "$id", only("$oid", id)));
            }
            case UNDEFINED -> only("$undefined", true);
            case MIN_KEY -> only("$minKey", 1L);
            case MAX_KEY -> only("$maxKey", 1L);
            default -> throw broken("it has a value of type " + type);
        };
    }

    private static Map<String, Object> only(String name, Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(name, value);
        return map;
    }

    private static Map<String, Object> ordered(String first, Object one, String second, Object two) {
        Map<String, Object> map = only(first, one);
        map.put(second, two);
        return map;
    }

    private Map<String, Object> map(String path, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        int end = end();
        for (int type = in.get(); type != 0; type = in.get()) {
            String name = name("");
            if (map.containsKey(name)) throw refused(path, "have names that differ", name);
            map.put(name, value(type, path + "/" + name, depth));
        }
        mustBeAt(end);
        return map;
    }

    private List<Object> list(String path, int depth) {
        List<Object> list = new ArrayList<>();
        int end = end();
        for (int type = in.get(); type != 0; type = in.get()) {
            while (in.get() != 0) {
                // its number
            }
            list.add(value(type, path, depth));
        }
        mustBeAt(end);
        return list;
    }

    /** Where the document ends whose size comes now. */
    private int end() {
        int begin = in.position();
        int size = in.getInt();
        if (size < SMALLEST || size > in.limit() - begin) throw broken("a document in it has " + size + " bytes");
        return begin + size;
    }

    private void mustBeAt(int end) {
        if (in.position() != end) throw broken("a document in it does not end where it says");
    }

    private String name(String likely) {
        int from = in.position();
        int length = likely.length();
        int i = 0;
        while (i < length && in.get(from + i) == likely.charAt(i)) i++;
        if (i == length && in.get(from + i) == 0) {
            in.position(from + i + 1);
            return likely;
        }
        int end = from;
        while (in.get(end) != 0) end++;
        in.position(end + 1);
        return decoded(from, end - from);
    }

    private String text() {
        int size = size(1);
        int from = in.position();
        if (in.get(from + size - 1) != 0) throw broken("a text in it does not end where it says");
        in.position(from + size);
        return decoded(from, size - 1);
    }

    private String decoded(int from, int length) {
        return new String(in.array(), in.arrayOffset() + from, length, StandardCharsets.UTF_8);
    }

    private boolean truth() {
        byte truth = in.get();
        if (truth != 0 && truth != 1) throw broken("a boolean in it is " + truth);
        return truth == 1;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** A size that what follows can have. */
    private int size(int least) {
        int size = in.getInt();
        if (size < least || size > in.remaining()) throw broken("a value in it has " + size + " bytes");
        return size;
    }

    private Object binary() {
        int size = size(0);
        byte kind = in.get();
        if (kind == BsonBinarySubType.OLD_BINARY.getValue()) size = size(0);
        byte[] data = bytes(size);
        boolean uuid = kind == BsonBinarySubType.UUID_STANDARD.getValue() && data.length == 16;
        return uuid ? new BsonBinary(kind, data).asUuid().toString() : data;
    }

    private static Object decimal(Decimal128 number) {
        if (number.isNaN()) return Double.NaN;
        if (number.isInfinite()) return number.isNegative() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        try {
            return number.bigDecimalValue();
        } catch (ArithmeticException e) {
            // Decimal128 has a negative zero that BigDecimal has not
            return new BigDecimal(number.toString());
        }
    }

    private static BadRecordException broken(String how) {
        return new BadRecordException("document must be BSON that can be read: " + how);
    }

    private static int deeper(String path, int depth) {
        if (depth == DEEPEST) throw refused(path, "be nested up to " + DEEPEST + " levels", "more");
        return depth + 1;
    }

    private static BadRecordException refused(String path, String rule, Object value) {
        String shown = path.length() <= 60 ? path : path.substring(0, 60) + "...";
        return new BadRecordException(SettingChecks.sentence("document", "field '" + shown + "'", rule, value));
    }
}
