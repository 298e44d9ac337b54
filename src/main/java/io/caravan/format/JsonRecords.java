package io.caravan.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.caravan.error.BadRecordException;
import io.caravan.error.Settings;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes records of JSON objects, each name a field, in its order: a whole number is a Long, or a BigDecimal
 * beyond 64 bits, any other the exact BigDecimal; objects and lists are maps and lists. Records of one shape share their
 * {@link Fields}. Not thread-safe: one per reader.
 */
public final class JsonRecords {

    private static final int MOST_FIELDS = 10_000;
    private static final long MOST_BYTES = 64L << 20;
    private static final int SHAPES = 64;

    /** Beyond this an exponent would be a text of kilobytes once a store writes the number out. */
    private static final int MOST_DIGITS = 1000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(64 << 20)
                    .maxNumberLength(MOST_DIGITS)
                    .maxNestingDepth(500)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .build();

    private final List<String> keyFields;
    private final Map<List<String>, RecordMaker> shapes = new LinkedHashMap<>(SHAPES, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, RecordMaker> eldest) {
            return size() > SHAPES;
        }
    };

    public JsonRecords(List<String> keyFields) {
        this.keyFields = List.copyOf(keyFields);
    }

    /** A parser for {@link #read}: texts up to 64 Mi characters, numbers of 1,000 digits, 500 levels. */
    public static JsonParser parser(InputStream bytes) throws IOException {
        return JSON.createParser(bytes);
    }

    /**
     * The record whose first token is the current one; the parser then stands at its last token.
     *
     * <ul>
     *   <li>out: empty for what is no record, which goes to {@code bad}: no object, a name that is there twice, no key or
     *       one that is a list or map, more than 10,000 fields
     *   <li>errors: {@link IncompleteSourceException} for one of more than 64 MiB; IOException of the parser
     * </ul>
     */
    public Optional<Record> read(JsonParser json, Origin origin, Consumer<BadRow> bad) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        String problem = json.currentToken() == JsonToken.START_OBJECT
                ? object(json, origin, values)
                : skipped(json, "record must be a JSON object, got '" + kind(json.currentToken()) + "'");
        try {
            if (problem != null) throw new BadRecordException(origin + ": " + problem);
            return Optional.of(make(values, origin));
        } catch (BadRecordException e) {
            bad.accept(new BadRow(origin, raw(values), e.getMessage()));
            return Optional.empty();
        }
    }

    private static String raw(Map<String, Object> values) {
        try {
            return JsonText.text(values);
        } catch (BadRecordException e) {
            return ""; // half a surrogate pair
        }
    }

    /** Reads the whole object; what is wrong with it is told after its end, null when nothing is. */
    private static String object(JsonParser json, Origin origin, Map<String, Object> values) throws IOException {
        long begin = json.currentLocation().getByteOffset();
        int depth = json.getParsingContext().getNestingDepth();
        String problem = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            try {
                Object value = value(json);
                if (values.containsKey(name)) problem = "name '" + name + "' must be there once, got two";
                else if (values.size() == MOST_FIELDS) problem = "fields must be at most " + MOST_FIELDS + ", got more";
                else values.put(name, value);
            } catch (BadRecordException e) {
                problem = e.getMessage();
                leave(json, depth);
            }
            if (json.currentLocation().getByteOffset() - begin > MOST_BYTES) {
                throw new IncompleteSourceException(Settings.sentence(
                        origin.toString(), "a record", "be at most " + (MOST_BYTES >> 20) + " MiB", "more"));
            }
        }
        return problem;
    }

    /** Goes on to the end of a value that was left in the middle, up to the object at this depth. */
    private static void leave(JsonParser json, int depth) throws IOException {
        while (json.getParsingContext().getNestingDepth() > depth) {
            if (json.nextToken() == null) throw new IllegalStateException("json: a parser ends with an exception here");
        }
    }

    private static String skipped(JsonParser json, String problem) throws IOException {
        json.skipChildren();
        return problem;
    }

    private Record make(Map<String, Object> values, Origin origin) {
        for (String field : keyFields) {
            Object part = values.get(field);
            if (part == null || part instanceof Map || part instanceof List) {
                String rule = "be a text or number, as it is part of the key";
                throw new BadRecordException(
                        Settings.sentence(origin.toString(), field, rule, part == null ? "nothing" : kind(part)));
            }
        }
        List<String> names = new ArrayList<>(values.keySet());
        RecordMaker maker = shapes.get(names);
        if (maker == null) {
            maker = new RecordMaker(new Fields(names), keyFields);
            shapes.put(List.copyOf(names), maker);
        }
        return maker.make(values.values().toArray(), origin);
    }

    /**
     * The value that begins at the current token; the parser then stands at its last token.
     *
     * <ul>
     *   <li>errors: {@link BadRecordException} for a name that an object has twice, and a number with an exponent beyond
     *       1,000: the parser then stands inside the value
     * </ul>
     */
    private static Object value(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> whole(json);
            case VALUE_NUMBER_FLOAT -> decimal(json);
            case START_ARRAY -> list(json);
            case START_OBJECT -> map(json);
            default -> throw new IllegalStateException("json: a value must begin here, got '" + token + "'");
        };
    }

    private static Object whole(JsonParser json) throws IOException {
        return json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? new BigDecimal(json.getBigIntegerValue())
                : (Object) json.getLongValue();
    }

    private static BigDecimal decimal(JsonParser json) throws IOException {
        BigDecimal number = json.getDecimalValue();
        if (Math.abs((long) number.scale()) > MOST_DIGITS) {
            throw new BadRecordException("number must have an exponent of at most " + MOST_DIGITS + ", got '"
                    + json.getText().substring(0, Math.min(40, json.getTextLength())) + "'");
        }
        return number;
    }

    private static List<Object> list(JsonParser json) throws IOException {
        List<Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) list.add(value(json));
        return list;
    }

    private static Map<String, Object> map(JsonParser json) throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (map.containsKey(name)) throw new BadRecordException("name '" + name + "' must be there once, got two");
            map.put(name, value(json));
        }
        return map;
    }

    private static String kind(Object value) {
        return value instanceof Map ? "a map" : "a list";
    }

    private static String kind(JsonToken token) {
        return switch (token) {
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            default -> "a number";
        };
    }
}
