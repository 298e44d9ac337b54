package io.caravan.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The short text in which a server says what it minds, fit for a message. */
final class ServerMessage {

    private static final int LONGEST = 200;
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> NAMES =
            List.of("message", "detail", "error_description", "error", "title", "reason");

    private ServerMessage() {}

    /** What a JSON answer calls its message, or the answer itself. */
    static String of(byte[] body) {
        try {
            JsonNode found = message(JSON.readTree(body));
            if (found != null) return clean(found.asText());
        } catch (IOException e) {
            // no JSON: the text as it is
        }
        return clean(new String(body, 0, Math.min(body.length, 4 * LONGEST), StandardCharsets.UTF_8));
    }

    private static JsonNode message(JsonNode node) {
        for (String name : NAMES) {
            JsonNode found = node.path(name);
            if (found.isTextual()) return found;
            if (found.isObject()) return message(found);
        }
        return null;
    }

    /** A text of one line, without what would mislead a terminal or a log, and cut. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().limit(LONGEST + 1L).forEach(c -> {
            int type = Character.getType(c);
            boolean shown = type != Character.CONTROL
                    && type != Character.FORMAT
                    && type != Character.SURROGATE
                    && type != Character.LINE_SEPARATOR
                    && type != Character.PARAGRAPH_SEPARATOR;
            clean.appendCodePoint(shown ? c : ' ');
        });
        String line = clean.toString().strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
