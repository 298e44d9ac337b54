package io.caravan.document;

import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import io.caravan.source.CursorTime;
import io.caravan.source.StoreClock;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.json.JsonMode;
import org.bson.json.JsonParseException;
import org.bson.json.JsonWriterSettings;
import org.bson.types.Decimal128;

/**
 * The field by which an incremental source tells what is new: numbers, dates, texts or ObjectIds, one kind in all
 * documents. A position is the greatest value as canonical Extended JSON, so it comes back exactly.
 */
final class BsonCursor {

    private static final JsonWriterSettings CANONICAL =
            JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();
    private static final String POSITION = "at";
    /** What NaN and -Infinity are not; some servers take no query that names those. */
    private static final BsonDocument FINITE = new BsonDocument("$gte", new BsonDouble(-Double.MAX_VALUE));

    private final String unit;
    private final String field;
    private final CursorTime moment;
    private final long lookbackSeconds;
    private final long lookbackNumber;

    BsonCursor(String unit, String field, CursorTime moment, long lookbackSeconds, long lookbackNumber) {
        this.unit = unit;
        this.field = field;
        this.moment = moment;
        this.lookbackSeconds = lookbackSeconds;
        this.lookbackNumber = lookbackNumber;
    }

    /** The document's cursor value; {@link BadRecordException} when it has none, or one of another kind than the others. */
    BsonValue of(BsonDocument document, Optional<BsonValue> greatest) {
        BsonValue value = document.get(field, BsonNull.VALUE);
        boolean usable =
                switch (value.getBsonType()) {
                    case INT32, INT64, DATE_TIME, STRING, OBJECT_ID -> true;
                    case DOUBLE -> Double.isFinite(value.asDouble().getValue());
                    case DECIMAL128 -> value.asDecimal128().getValue().isFinite();
                    default -> false;
                };
        if (!usable && (value.isDouble() || value.isDecimal128())) {
            Object number = value.isDouble()
                    ? value.asDouble().getValue()
                    : value.asDecimal128().getValue();
            throw bad("be a number that others can be compared with", number);
        }
        if (!usable)
            throw bad("be a number, date, text or ObjectId, as it tells what is new", Words.kind(value.getBsonType()));
        if (greatest.isPresent() && !BsonOrder.sameKind(value, greatest.get())) {
            throw bad("be of the same kind as in the other documents", Words.kind(value.getBsonType()));
        }
        return value;
    }

    /** The greater of two values of one kind. */
    BsonValue greater(BsonValue a, BsonValue b) {
        return compare(a, b) >= 0 ? a : b;
    }

    String text(BsonValue value) {
        return new BsonDocument(POSITION, value).toJson(CANONICAL);
    }

    /** The value that {@link #text} made the text from. */
    BsonValue value(String text) {
        try {
            BsonValue value = BsonDocument.parse(text).get(POSITION);
            if (value != null) {
                of(new BsonDocument(field, value), Optional.empty());
                return value;
            }
        } catch (JsonParseException | BsonInvalidOperationException | BadRecordException e) {
            // said below
        }
        throw new ConfigurationException(SettingChecks.sentence(
                unit, "position", "be {\"" + POSITION + "\": <a value of " + field + ">}", text));
    }

    /** Why a position is none to read on from, in words. */
    Optional<String> distrusts(String position, StoreClock clock) {
        String kept = "the position '" + position + "' of " + field;
        try {
            return clock.farAhead(time(value(position)))
                    ? Optional.of(kept + " lies ahead of the server's time, " + clock.began())
                    : Optional.empty();
        } catch (ConfigurationException e) {
            return Optional.of(kept + " is no value that others can be compared with");
        }
    }

    /** The value as a clock understands it: an ObjectId is of the second in which it was made; numbers are BigDecimal. */
    Object time(BsonValue value) {
        return switch (value.getBsonType()) {
            case DATE_TIME -> Instant.ofEpochMilli(value.asDateTime().getValue());
            case OBJECT_ID ->
                Instant.ofEpochSecond(
                        Integer.toUnsignedLong(value.asObjectId().getValue().getTimestamp()));
            case STRING -> value.asString().getValue();
            default -> number(value);
        };
    }

    /** Which moments the values are. */
    CursorTime moment() {
        return moment;
    }

    String field() {
        return field;
    }

    /** The value for people. */
    String shown(BsonValue value) {
        return value.isObjectId()
                ? value.asObjectId().getValue() + " of " + time(value)
                : time(value).toString();
    }

    /** The documents at or after the position less the lookback, and those no position could show. */
    BsonDocument since(BsonValue position) {
        BsonDocument from = new BsonDocument(field, new BsonDocument("$gte", start(position)));
        BsonArray any = new BsonArray(Arrays.asList(from, BsonOrder.otherKind(field, position)));
        // numbers that come before all others
        if (isNumber(position)) {
            any.add(new BsonDocument(
                    field, new BsonDocument("$type", new BsonString("number")).append("$not", FINITE)));
        }
        return new BsonDocument("$or", any);
    }

    private static boolean isNumber(BsonValue value) {
        return value.isNumber() || value.isDecimal128();
    }

    private BsonValue start(BsonValue position) {
        boolean number = isNumber(position);
        boolean date = position.isDateTime();
        new SettingChecks(unit)
                .must(
                        date || lookbackSeconds == 0,
                        "lookbackSeconds",
                        "be 0 as " + field + " is no date",
                        lookbackSeconds)
                .must(
                        number || lookbackNumber == 0,
                        "lookbackNumber",
                        "be 0 as " + field + " is no number",
                        lookbackNumber)
                .check();
        if (date) return new BsonDateTime(position.asDateTime().getValue() - lookbackSeconds * 1000);
        if (lookbackNumber == 0) return position;
        return switch (position.getBsonType()) {
            case DOUBLE -> new BsonDouble(position.asDouble().getValue() - lookbackNumber);
            case DECIMAL128 ->
                new BsonDecimal128(new Decimal128(number(position).subtract(BigDecimal.valueOf(lookbackNumber))));
            default ->
                new BsonInt64(
                        Math.max(position.asNumber().longValue(), Long.MIN_VALUE + lookbackNumber) - lookbackNumber);
        };
    }

    private static int compare(BsonValue a, BsonValue b) {
        return switch (a.getBsonType()) {
            case DATE_TIME -> a.asDateTime().compareTo(b.asDateTime());
            case OBJECT_ID -> a.asObjectId().compareTo(b.asObjectId());
            case STRING -> a.asString().compareTo(b.asString());
            default -> number(a).compareTo(number(b));
        };
    }

    private static BigDecimal number(BsonValue value) {
        if (value.getBsonType() == BsonType.DECIMAL128) {
            return new BigDecimal(value.asDecimal128().getValue().toString());
        }
        return value.isDouble()
                ? new BigDecimal(value.asDouble().getValue())
                : BigDecimal.valueOf(value.asNumber().longValue());
    }

    private BadRecordException bad(String rule, Object value) {
        return new BadRecordException(SettingChecks.sentence("document", "field '" + field + "'", rule, value)
                + "; correct it at the source, or leave such documents out by 'filter'");
    }
}
