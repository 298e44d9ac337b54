package io.caravan.record;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.error.Words;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with a text that is no JSON or no YAML, in words that need no knowledge of the parser. */
public final class JsonFault {

    private static final Pattern INSIDE =
            Pattern.compile("Unexpected end-of-input.*close marker for (Array|Object).*?line: (\\d+)", Pattern.DOTALL);
    private static final Pattern NOT_A_NUMBER = Pattern.compile("Non-standard token '([^']*)'");
    private static final Pattern COMMENT = Pattern.compile("maybe a \\(non-standard\\) comment");
    private static final Pattern TOKEN = Pattern.compile("Unrecognized token '([^']*)'");
    private static final Pattern CHARACTER =
            Pattern.compile("Unexpected character \\('(.)' \\(code \\d+[^)]*\\)\\): (.*)", Pattern.DOTALL);
    private static final Pattern LIMIT =
            Pattern.compile("\\((\\d+)\\) exceeds the maximum allowed \\((\\d+), from `[^`]*`\\)");
    private static final Pattern TYPE = Pattern.compile(
            "Cannot (?:deserialize value of type|construct instance of) `([^`]+)`.* from (\\w+) value", Pattern.DOTALL);
    private static final Pattern TYPE_OF_TEXT = Pattern.compile(
            "Cannot (?:deserialize value of type|construct instance of) `([^`]+)`.*String(?: value)? \\(?[\"']?([^\"')]*)",
            Pattern.DOTALL);
    private static final Pattern UNKNOWN = Pattern.compile("Unrecognized (?:field|property) \"([^\"]*)\"");

    private JsonFault() {}

    /** What is wrong, without where. */
    public static String of(JacksonException e) {
        String said = e.getOriginalMessage() == null ? "" : e.getOriginalMessage();
        Matcher m = INSIDE.matcher(said);
        if (m.find()) return "an end inside the " + json(m.group(1)) + " that begins at line " + m.group(2);
        if (said.startsWith("Unexpected end-of-input")) return "an end inside a value";
        m = NOT_A_NUMBER.matcher(said);
        if (m.find()) return m.group(1) + ", which JSON does not have (use null or a text)";
        if (COMMENT.matcher(said).find()) return "a comment, which JSON does not have";
        m = TOKEN.matcher(said);
        if (m.find()) return "the word " + m.group(1) + ", which is no text in quotes, number, true, false or null";
        m = CHARACTER.matcher(said);
        if (m.find()) return m.group(1) + " where " + expected(m.group(2)) + " must be";
        m = UNKNOWN.matcher(said);
        if (m.find()) return "an unknown name '" + m.group(1) + "'";
        m = TYPE.matcher(said);
        if (m.find()) return json(m.group(2)) + " where " + wanted(m.group(1)) + " must be";
        m = TYPE_OF_TEXT.matcher(said);
        if (m.find()) return "the text " + m.group(2) + " where " + wanted(m.group(1)) + " must be";
        String words = Words.line(LIMIT.matcher(said)
                .replaceAll((MatchResult r) -> "of " + r.group(1) + " is more than the limit of " + r.group(2)));
        return words.isBlank() ? Words.other(e) : words;
    }

    /** The same with the line and column, where they are known. */
    public static String at(JacksonException e) {
        JsonLocation at = e.getLocation();
        return of(e)
                + (at == null || at.getLineNr() < 1
                        ? ""
                        : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")");
    }

    /** What begins with a token, {@code a list}. */
    public static String kind(JsonToken token) {
        if (token == null) return "nothing";
        return switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_STRING -> "a text";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_NULL -> "null";
            case START_ARRAY -> "a list";
            case START_OBJECT -> "an object";
            default -> "something else";
        };
    }

    private static String expected(String said) {
        if (said.contains("comma")) return "a comma or the end";
        if (said.contains("colon")) return "a colon";
        if (said.contains("double-quote")) return "a name in double quotes";
        return said.contains("valid value") ? "a value" : "something else";
    }

    private static String json(String word) {
        return switch (word) {
            case "Array" -> "list";
            case "Object" -> "object";
            case "String" -> "a text";
            case "Integer", "Floating" -> "a number";
            case "Boolean" -> "true or false";
            default -> word.toLowerCase(Locale.ROOT);
        };
    }

    private static String wanted(String type) {
        if (type.contains("List") || type.contains("Collection") || type.contains("[]")) return "a list";
        if (type.contains("Map")) return "an object";
        if (type.endsWith(".String")) return "a text";
        if (type.equalsIgnoreCase("boolean") || type.endsWith(".Boolean")) return "true or false";
        if (type.matches("(?i)(?:java\\.lang\\.)?(?:int|integer|long|double)|java\\.math\\.Big\\w+")) return "a number";
        return "an object of the names that are known";
    }
}
