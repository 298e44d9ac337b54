package io.caravan.document;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.bson.BsonBinary;
import org.bson.BsonBinarySubType;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.json.JsonMode;
import org.bson.json.JsonParseException;
import org.bson.json.JsonWriterSettings;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/**
 * The text that an {@code _id} is as a key, and the values that have a text: a text is itself, an ObjectId its 24 digits, a number of
 * any type its shortest plain digits, a UUID, a time and a boolean as they are usually written, anything else its canonical Extended JSON.
 */
final class IdText {

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?(E[-+]\\d+)?|-?Infinity|NaN");
    private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{24}");
    private static final Pattern UUIDS = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern TIME = Pattern.compile("[-+]?\\d{4,}-\\d\\d-\\d\\dT[0-9:.]+Z");
    private static final int MOST_DIGITS = 7_000;
    private static final String NAME = "v";
    private static final JsonWriterSettings CANONICAL =
            JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();

    private IdText() {}

    static String of(BsonValue id) {
        return switch (id.getBsonType()) {
            case STRING -> id.asString().getValue();
            case OBJECT_ID -> id.asObjectId().getValue().toHexString();
            case INT32, INT64 -> Long.toString(id.asNumber().longValue());
            case DOUBLE -> number(id.asDouble().getValue());
            case DECIMAL128 -> number(id.asDecimal128().getValue());
            case BOOLEAN -> Boolean.toString(id.asBoolean().getValue());
            case DATE_TIME -> Instant.ofEpochMilli(id.asDateTime().getValue()).toString();
            case BINARY -> isUuid(id.asBinary()) ? id.asBinary().asUuid().toString() : json(id);
            default -> json(id);
        };
    }

    private static boolean needsJson(BsonValue id) {
        return switch (id.getBsonType()) {
            case STRING, OBJECT_ID, INT32, INT64, DOUBLE, DECIMAL128, BOOLEAN, DATE_TIME, NULL -> false;
            case BINARY -> !isUuid(id.asBinary());
            default -> true;
        };
    }

    /** Every value whose text this is; numbers that MongoDB takes for equal may be there once. */
    static List<BsonValue> forms(String text) {
        List<BsonValue> forms = new ArrayList<>(4);
        forms.add(new BsonString(text));
        if (OBJECT_ID.matcher(text).matches()) forms.add(new BsonObjectId(new ObjectId(text)));
        if (UUIDS.matcher(text).matches()) forms.add(new BsonBinary(UUID.fromString(text)));
        if (text.equals("true") || text.equals("false")) forms.add(BsonBoolean.valueOf(text.equals("true")));
        if (text.length() < MOST_DIGITS && NUMBER.matcher(text).matches()) numbers(text, forms);
        if (TIME.matcher(text).matches()) time(text, forms);
        if (text.startsWith("{")) json(text, forms);
        return forms;
    }

    private static void numbers(String text, List<BsonValue> forms) {
        BsonDouble real = new BsonDouble(Double.parseDouble(text));
        if (of(real).equals(text)) forms.add(real);
        if (!Character.isDigit(text.charAt(text.length() - 1))) {
            forms.add(new BsonDecimal128(Decimal128.parse(text)));
            return;
        }
        BigDecimal number = new BigDecimal(text);
        if (!plain(number).equals(text)) return;
        try {
            forms.add(new BsonInt64(number.longValueExact()));
        } catch (ArithmeticException e) {
            // a fraction, or beyond 64 bits
        }
        try {
            forms.add(new BsonDecimal128(new Decimal128(number.stripTrailingZeros())));
        } catch (NumberFormatException e) {
            // beyond 34 digits
        }
    }

    private static void time(String text, List<BsonValue> forms) {
        try {
            BsonDateTime time = new BsonDateTime(Instant.parse(text).toEpochMilli());
            if (of(time).equals(text)) forms.add(time);
        } catch (DateTimeException | ArithmeticException e) {
            // looks like a time and is none
        }
    }

    private static void json(String text, List<BsonValue> forms) {
        try {
            BsonValue value =
                    BsonDocument.parse("{\"" + NAME + "\": " + text + "}").get(NAME);
            if (needsJson(value) && of(value).equals(text)) forms.add(value);
        } catch (JsonParseException | BsonInvalidOperationException | IllegalArgumentException e) {
            // a text that begins like JSON
        }
    }

    private static String json(BsonValue value) {
        String document = new BsonDocument(NAME, value).toJson(CANONICAL);
        return document.substring(document.indexOf(':') + 2, document.length() - 1);
    }

    private static boolean isUuid(BsonBinary binary) {
        return binary.getType() == BsonBinarySubType.UUID_STANDARD.getValue() && binary.getData().length == 16;
    }

    /** As a record's key writes a number, so that one number has one text. */
    private static String number(double number) {
        return Double.isFinite(number) ? plain(BigDecimal.valueOf(number)) : Double.toString(number);
    }

    private static String number(Decimal128 number) {
        // as a text, because Decimal128 has a negative zero that BigDecimal has not
        if (number.isFinite()) return plain(new BigDecimal(number.toString()));
        return number.isNaN() ? "NaN" : number.isNegative() ? "-Infinity" : "Infinity";
    }

    private static String plain(BigDecimal number) {
        BigDecimal shortest = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        return Math.abs((long) shortest.scale()) > 2_000 ? shortest.toString() : shortest.toPlainString();
    }
}
