package io.caravan.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.error.BadRecordException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON text as values of records: objects as maps, arrays as lists, whole numbers that fit as Long, all others as
 * BigDecimal, so no digit is lost. Of a name that stands twice in an object the last value counts, as in jsonb.
 */
final class JsonText {

    /** What PostgreSQL's numeric has at most before the point; a hostile 1e999999999 would fill the memory as digits. */
    private static final int LARGEST_EXPONENT = 131_072;

    private static final JsonFactory JSON = new JsonFactory();

    private JsonText() {}

    /** The value; {@link BadRecordException} when it is no JSON, or nested deeper or longer than Jackson's limits. */
    static Object value(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            return value(parser);
        } catch (JsonProcessingException e) {
            throw new BadRecordException("be JSON within the parser's limits, got '" + e.getOriginalMessage() + "'", e);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory", e);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) throw new BadRecordException("be JSON, got nothing");
        return switch (token) {
            case START_OBJECT -> map(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> decimal(parser.getDecimalValue());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new BadRecordException("be JSON, got '" + token + "'");
        };
    }

    private static Map<String, Object> map(JsonParser parser) throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            map.put(name, value(parser));
        }
        return map;
    }

    private static List<Object> list(JsonParser parser) throws IOException {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) list.add(value(parser));
        return list;
    }

    private static Object whole(JsonParser parser) throws IOException {
        if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) return parser.getLongValue();
        BigInteger number = parser.getBigIntegerValue();
        return new BigDecimal(number);
    }

    private static BigDecimal decimal(BigDecimal number) {
        if (Math.abs((long) number.scale()) > LARGEST_EXPONENT) {
            throw new BadRecordException(
                    "have numbers with up to " + LARGEST_EXPONENT + " digits, got '" + number + "'");
        }
        return number;
    }
}
