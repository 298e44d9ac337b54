package io.caravan.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an object is, by how it begins; its name decides only what the bytes leave open, and how it is packed.
 *
 * @param format as {@link Formats} calls it
 * @param delimiter of CSV
 * @param path of JSON: where the array is
 */
public record FormatGuess(String format, String delimiter, String path) {

    private static final int HEAD = 64 << 10;
    private static final JsonFactory JSON = new JsonFactory();
    private static final List<String> DELIMITERS = List.of(",", ";", "\t", "|");

    /**
     * Looks at the first bytes; empty when they are of no format that we read.
     *
     * <ul>
     *   <li>errors: an {@link IOException} when they are not packed as the name says
     * </ul>
     */
    public static Optional<FormatGuess> of(String name, InputStream bytes) throws IOException {
        Compression packed = Compression.of(name);
        byte[] head = packed.expand(bytes).readNBytes(HEAD);
        if (begins(head, 'P', 'A', 'R', '1')) return Optional.of(plain("parquet"));
        if (begins(head, 'P', 'K', 3, 4)) return Optional.of(plain("xlsx"));
        if (begins(head, 0xd0, 0xcf, 0x11, 0xe0)) return Optional.of(plain("xls"));
        boolean wide = begins(head, 0xff, 0xfe) || begins(head, 0xfe, 0xff);
        for (byte b : head) if (b == 0 && !wide) return Optional.empty();
        String text = new String(head, wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
        String ending = suffix(name, packed);
        return Optional.of(json(text, head.length < HEAD).orElseGet(() -> csv(text, ending)));
    }

    private static FormatGuess plain(String format) {
        return new FormatGuess(format, ",", "");
    }

    private static boolean begins(byte[] head, int... with) {
        if (head.length < with.length) return false;
        for (int i = 0; i < with.length; i++) if ((head[i] & 0xff) != with[i]) return false;
        return true;
    }

    private static String suffix(String name, Compression packed) {
        String bare = name.substring(0, name.length() - packed.suffix().length());
        return bare.substring(bare.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static Optional<FormatGuess> json(String text, boolean whole) {
        String bare = text.replaceFirst("^\ufeff?\\s*", "");
        if (bare.startsWith("[")) return pathToList(bare).map(path -> new FormatGuess("json", ",", path));
        if (!bare.startsWith("{")) return Optional.empty();
        int end = bare.indexOf('\n');
        boolean line = end >= 0 || whole;
        if (line && isObject(end < 0 ? bare : bare.substring(0, end))) {
            // one object alone may be the document around a list
            boolean alone = whole && (end < 0 || bare.substring(end).isBlank());
            Optional<String> path = alone ? pathToList(bare) : Optional.empty();
            return Optional.of(path.map(p -> new FormatGuess("json", ",", p)).orElseGet(() -> plain("jsonl")));
        }
        Optional<FormatGuess> list = pathToList(bare).map(path -> new FormatGuess("json", ",", path));
        return list.or(() -> end < 0 ? Optional.of(plain("jsonl")) : Optional.empty());
    }

    private static boolean isObject(String line) {
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) return false;
            parser.skipChildren();
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** The names that lead to the first list of objects, with dots between them; empty when the beginning shows none. */
    private static Optional<String> pathToList(String text) {
        Deque<String> names = new ArrayDeque<>();
        try (JsonParser parser = JSON.createParser(text)) {
            JsonToken before = null;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (before == JsonToken.START_ARRAY) {
                    if (token == JsonToken.START_OBJECT || names.isEmpty()) return Optional.of(joined(names));
                    if (token != JsonToken.END_ARRAY) skip(parser);
                }
                if (token == JsonToken.FIELD_NAME) names.push(parser.currentName());
                boolean ends = token.isScalarValue() || token.isStructEnd();
                if (ends && !names.isEmpty() && parser.getParsingContext().inObject()) names.pop();
                before = token;
            }
        } catch (IOException e) {
            // it is cut off, or none
        }
        return Optional.empty();
    }

    /** To the end of a list that is of no objects. */
    private static void skip(JsonParser parser) throws IOException {
        int depth = 1;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == null) return;
            if (token.isStructStart()) depth++;
            if (token.isStructEnd()) depth--;
        }
    }

    private static String joined(Deque<String> names) {
        List<String> path = new ArrayList<>(names);
        Collections.reverse(path);
        return String.join(".", path);
    }

    /** The delimiter that stands most often in the first line, outside quotes. */
    private static FormatGuess csv(String text, String suffix) {
        int[] counts = new int[DELIMITERS.size()];
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') quoted = !quoted;
            if (c == '\n' && !quoted) break;
            int at = quoted ? -1 : DELIMITERS.indexOf(String.valueOf(c));
            if (at >= 0) counts[at]++;
        }
        int best = suffix.equals("tsv") ? DELIMITERS.indexOf("\t") : 0;
        for (int i = 0; i < counts.length; i++) if (counts[i] > counts[best]) best = i;
        String delimiter = DELIMITERS.get(best);
        return new FormatGuess("csv", delimiter.equals("\t") ? "tab" : delimiter, "");
    }
}
