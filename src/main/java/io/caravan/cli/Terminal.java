package io.caravan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintStream;
import java.util.stream.Collectors;

/**
 * Where a command writes to.
 *
 * @param out what was asked for: tables or JSON
 * @param err errors, one sentence a line, and progress
 * @param colours whether {@code out} shows them
 * @param progress whether {@code err} is a person's screen, on which a line can be redrawn
 * @param live whether {@code out} is one, on which all lines of a command can be
 * @param columns the width of the screen
 * @param rows its height
 * @param debug whether errors come with their stack traces
 */
record Terminal(
        PrintStream out,
        PrintStream err,
        boolean colours,
        boolean progress,
        boolean live,
        int columns,
        int rows,
        boolean debug) {

    enum Colour {
        GREEN(32),
        YELLOW(33),
        RED(31);

        private final int code;

        Colour(int code) {
            this.code = code;
        }
    }

    void print(Table table) {
        table.lines().forEach(out::println);
    }

    /** One JSON document on one line. */
    void json(Object value) {
        try {
            out.println(new ObjectMapper().writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    void error(String sentence) {
        sentence.lines().map(Terminal::harmless).forEach(err::println);
    }

    String coloured(Colour colour, String text) {
        return colours ? "\u001b[" + colour.code + "m" + text + "\u001b[0m" : text;
    }

    /** JSON on many lines, for people. */
    static String indented(String json) {
        ObjectMapper indented = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        try {
            String text = indented.writeValueAsString(indented.readTree(json));
            return text.lines().map(Terminal::harmless).collect(Collectors.joining("\n"));
        } catch (JsonProcessingException e) {
            return harmless(json);
        }
    }

    /** Without control characters: what comes from data must not steer the terminal. */
    static String harmless(String text) {
        return text.replaceAll("[\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069]", "?");
    }
}
