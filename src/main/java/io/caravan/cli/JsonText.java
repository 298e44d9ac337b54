package io.caravan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/** JSON for people. */
final class JsonText {

    private static final ObjectMapper INDENTED = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonText() {}

    /** The same on many lines; what could steer a terminal is taken out. */
    static String indented(String json) {
        try {
            String text = INDENTED.writeValueAsString(INDENTED.readTree(json));
            return text.lines()
                    .map(Terminal::harmless)
                    .reduce((a, b) -> a + "\n" + b)
                    .orElse("");
        } catch (JsonProcessingException e) {
            return Terminal.harmless(json);
        }
    }
}
