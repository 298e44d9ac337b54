package io.caravan.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Texts that are JSON, such as {@code {"color": "red"}} in a cell of CSV. */
public final class JsonTexts {

    private static final int DEEPEST = 1000;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonTexts() {}

    /**
     * What it says: map, list, text, Long, BigDecimal (no digit is lost), Boolean or null.
     *
     * <ul>
     *   <li>errors: {@link IllegalArgumentException} when it is no JSON, says more than one thing, or a name twice
     * </ul>
     */
    public static Object value(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) throw new IllegalArgumentException("no JSON");
            Object value = value(parser, 0);
            if (parser.nextToken() != null) throw new IllegalArgumentException("more than one JSON value");
            return value;
        } catch (IOException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
    }

    private static Object value(JsonParser parser, int depth) throws IOException {
        if (depth > DEEPEST) throw new IllegalArgumentException("too deep");
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> TextForms.number(parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) list.add(value(parser, depth + 1));
                yield list;
            }
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    parser.nextToken();
                    map.put(name, value(parser, depth + 1));
                }
                yield map;
            }
            default -> throw new IllegalArgumentException("no JSON");
        };
    }

    private static Object whole(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            default -> new BigDecimal(parser.getBigIntegerValue());
        };
    }
}
