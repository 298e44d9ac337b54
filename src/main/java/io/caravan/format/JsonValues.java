package io.caravan.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.JsonFault;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes records of JSON objects: whole numbers are Long, or BigDecimal beyond 64 bits; all others BigDecimal, none of
 * them rounded; objects and arrays are Map and List. Not thread-safe: one per reader.
 */
final class JsonValues {

    static final int DEEPEST = 1000;
    static final int MOST_DIGITS = 1000;
    static final int LARGEST_EXPONENT = 10_000;

    /** Beyond these the parser gives up; what is between ours and these can be skipped. */
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(100_000)
            .maxNumberLength(1 << 20)
            .maxStringLength(Lines.LONGEST)
            .maxNameLength(1 << 20)
            .build();

    static final JsonFactory JSON = builder().build();

    /** One of which NaN and Infinity are null. */
    private static final JsonFactory WITH_NAN =
            builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private final Shapes shapes;

    private static JsonFactoryBuilder builder() {
        return new JsonFactoryBuilder()
                .disable(
                        JsonFactory.Feature
                                .CHARSET_DETECTION) // UTF-8 it is; a line of few characters could look like UTF-16
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
                .streamReadConstraints(LIMITS);
    }

    /** What parses texts that are written so. */
    static JsonFactory factory(TextOptions text) {
        return text.nanIsNull() ? WITH_NAN : JSON;
    }

    /** What an error ends with that {@link JsonFault} says, where a setting takes what is wrong. */
    static String remedy(String fault) {
        return fault.startsWith("NaN,") || fault.contains("Infinity,") ? "; nan: asNull takes it for null" : "";
    }

    JsonValues(List<String> keyFields) {
        this.shapes = new Shapes(keyFields);
    }

    /**
     * The record of the object that begins at the parser's token; afterwards the parser is at its end.
     *
     * <ul>
     *   <li>errors: {@link BadRecordException} when it is JSON but no record, with the parser anywhere inside it; {@link
     *       com.fasterxml.jackson.core.JacksonException} when it is no JSON
     * </ul>
     */
    Record record(JsonParser parser, Origin origin) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw bad(origin, "a record", "be a JSON object", JsonFault.kind(parser.currentToken()));
        }
        shapes.begin();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            shapes.put(name, value(parser, origin, name, 1), origin);
        }
        return shapes.record(origin);
    }

    /** The value that begins at the parser's token. */
    static Object value(JsonParser parser, Origin origin, String field, int depth) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> Texts.check(origin, field, parser.getText());
            case VALUE_NUMBER_INT -> whole(parser, origin, field);
            case VALUE_NUMBER_FLOAT -> decimal(parser, origin, field);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case START_ARRAY -> list(parser, origin, field, deeper(origin, field, depth));
            case START_OBJECT -> map(parser, origin, field, deeper(origin, field, depth));
            default -> throw new IllegalStateException("a value must not begin with " + parser.currentToken());
        };
    }

    private static int deeper(Origin origin, String field, int depth) {
        if (depth >= DEEPEST) throw bad(origin, field, "be nested up to " + DEEPEST + " levels", "more");
        return depth + 1;
    }

    private static List<Object> list(JsonParser parser, Origin origin, String field, int depth) throws IOException {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) list.add(value(parser, origin, field, depth));
        return list;
    }

    private static Map<String, Object> map(JsonParser parser, Origin origin, String field, int depth)
            throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            Texts.check(origin, field, name);
            if (map.containsKey(name)) throw bad(origin, field, "have no name twice", Texts.cut(name));
            map.put(name, value(parser, origin, field, depth));
        }
        return map;
    }

    private static Object whole(JsonParser parser, Origin origin, String field) throws IOException {
        checkDigits(parser, origin, field);
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            default -> new BigDecimal(parser.getBigIntegerValue());
        };
    }

    private static BigDecimal decimal(JsonParser parser, Origin origin, String field) throws IOException {
        if (parser.isNaN()) return null; // only where the factory allows it
        checkDigits(parser, origin, field);
        String text = parser.getText();
        try {
            BigDecimal number = new BigDecimal(text);
            if (Math.abs((long) number.scale()) <= LARGEST_EXPONENT) return number;
        } catch (NumberFormatException e) {
            // an exponent that no number has
        }
        throw bad(origin, field, "have an exponent of at most " + LARGEST_EXPONENT, Texts.cut(text));
    }

    private static void checkDigits(JsonParser parser, Origin origin, String field) throws IOException {
        int digits = parser.getTextLength();
        if (digits > MOST_DIGITS) throw bad(origin, field, "have at most " + MOST_DIGITS + " digits", digits);
    }

    static BadRecordException bad(Origin origin, String field, String rule, Object value) {
        return new BadRecordException(SettingChecks.sentence(origin.toString(), Texts.cut(field), rule, value));
    }
}
