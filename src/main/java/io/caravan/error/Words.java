package io.caravan.error;

import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What others say, in words that a user of Caravan understands: no name of a class of Java, no option of a library that nobody can
 * set here, always some text. Sentences of our own are left as they are.
 */
public final class Words {

    private static final int LONGEST = 200;
    private static final int MOST_CAUSES = 50;

    /** In the order in which they are replaced; what a library tells its programmer to do is left out. */
    private static final List<Replacement> REPLACEMENTS = List.of(
            new Replacement(
                    "\\(?(?:start marker )?at \\[Source: [^\\]]*?line: (\\d+), column: \\d+\\]\\)?",
                    "that begins at line $1"),
            new Replacement("\\[Source: [^\\]]*?line: (\\d+), column: (\\d+)\\]", "line $1, column $2"),
            new Replacement("\\s*\\(token `?JsonToken\\.[A-Z_]+`?\\)", ""),
            new Replacement("\\s*\\(through reference chain: [^)]*\\)", ""),
            new Replacement(
                    "[:;,]? ?\\(?(?:enable|disable|use|set|consider \\w+) `[A-Z]\\w+\\.[A-Z_]+`[^)'\".;]*\\)?", ""),
            new Replacement(
                    "`(?:\\w+\\.)*[A-Z]\\w*\\.[A-Z_]{3,}`|\\b[A-Z]\\w+(?:Feature|Option)\\.[A-Z_]+\\b", "an option"),
            new Replacement("(?:\\b[a-z]\\w*\\.)+[A-Z]\\w*(?:\\$\\w+)*(?:Exception|Error)(?: ?: ?)?", ""),
            new Replacement("(?:\\b[a-z]\\w*\\.)+(?:ArrayList|List)\\b(?:<[^>]*>)?", "list"),
            new Replacement("(?:\\b[a-z]\\w*\\.)+(?:LinkedHashMap|HashMap|Map)\\b(?:<[^>]*>)?", "map"),
            new Replacement("\\bjava\\.lang\\.String\\b", "text"),
            new Replacement("\\bjava\\.lang\\.(?:Integer|Long)\\b", "whole number"),
            new Replacement("(?:\\bclass )?(?:\\b[a-z]\\w*\\.)+[A-Z]\\w*(?:\\$\\w+)*(?:<[^>]*>)?", "a value"),
            // at the beginning it is a class; behind a status it is a server's own code, as 400 AccessDeniedException
            new Replacement("^[A-Z]\\w+(?:Exception|Error)(?: ?: ?|$)", ""),
            new Replacement("(?<=: )[A-Z]\\w+(?:Exception|Error): ", ""),
            // of a pool of connections
            new Replacement(
                    "[\\w-]+ - Connection is not available, request timed out after (\\d+)ms(?: \\(total=[^)]*\\))?",
                    "no connection was free within $1 ms"),
            new Replacement("`", "'"));

    private record Replacement(Pattern pattern, String by) {

        Replacement(String pattern, String by) {
            this(Pattern.compile(pattern), by);
        }
    }

    private Words() {}

    /** A text of others for a message: on one line, without names of Java and control characters, not longer than it helps. */
    public static String line(String text) {
        if (text == null) return "";
        // before it is cut off: half a secret would not be known
        String line = Mask.ofProcess().sentence(text).replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029\\s]+", " ");
        for (Replacement one : REPLACEMENTS) line = one.pattern.matcher(line).replaceAll(one.by);
        line = line.replaceAll(" {2,}", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    /**
     * What an exception means: Caravan's own say so themselves, those of Java and of libraries are put in plain words; never
     * null, never blank.
     */
    public static String of(Throwable e) {
        Throwable t = e;
        for (int i = 0; i < MOST_CAUSES && t != null; i++, t = t.getCause()) {
            if (t instanceof CaravanException
                    && t.getMessage() != null
                    && !t.getMessage().isBlank()) {
                return t.getMessage();
            }
        }
        return other(e);
    }

    /** The same of one that is not ours, or has no sentence that a user could use. */
    public static String other(Throwable e) {
        Throwable innermost = innermost(e);
        return other(e, "a fault of Caravan itself (" + place(innermost) + "), please report it");
    }

    /** The same of what read something damaged, with what to say where the reader has no words for it. */
    public static String damage(Throwable e) {
        return other(e, "bytes that cannot be read");
    }

    private static Throwable innermost(Throwable e) {
        Throwable innermost = e;
        for (int i = 0; i < MOST_CAUSES && innermost.getCause() != null; i++) innermost = innermost.getCause();
        return innermost;
    }

    private static String other(Throwable e, String otherwise) {
        Optional<String> around = Surroundings.of(e);
        if (around.isPresent()) return around.get();
        if (fault(innermost(e))) return otherwise;
        for (Throwable t : new Throwable[] {innermost(e), e}) {
            Optional<String> known = known(t);
            if (known.isPresent()) return known.get();
            String words = line(t.getMessage());
            if (!words.isEmpty()) return words;
        }
        return otherwise;
    }

    /** What kind of value it is, as an error says it: {@code a list}, {@code a whole number}. */
    public static String kind(Object value) {
        if (value == null) return "null";
        if (value instanceof Optional<?> maybe) return maybe.isEmpty() ? "nothing" : kind(maybe.get());
        if (value instanceof String) return "a text";
        if (value instanceof Boolean) return "true or false";
        if (value instanceof Long || value instanceof Integer || value instanceof Short) return "a whole number";
        if (value instanceof java.math.BigDecimal) return "a decimal number";
        if (value instanceof Number) return "a floating point number";
        if (value instanceof Instant) return "a time with zone";
        if (value instanceof LocalDateTime) return "a time without zone";
        if (value instanceof LocalDate) return "a date";
        if (value instanceof byte[]) return "bytes";
        if (value instanceof float[]) return "a vector";
        if (value instanceof List) return "a list";
        return value instanceof Map ? "a map" : "a value of another kind";
    }

    /** Names of constants, {@code REGULAR_EXPRESSION}, as words: {@code a regular expression}. */
    public static String kind(Enum<?> type) {
        String words = type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        switch (words) {
            case "null":
                return words;
            case "string":
                return "a text";
            case "int32", "int64":
                return "a whole number";
            case "double":
                return "a floating point number";
            case "document":
                return "a map";
            case "array":
                return "a list";
            case "boolean":
                return "true or false";
            case "object id":
                return "an ObjectId";
            default: // its own name says it
        }
        return ("aeiou".indexOf(words.charAt(0)) >= 0 ? "an " : "a ") + words;
    }

    private static Optional<String> known(Throwable t) {
        String said = line(t.getMessage());
        if (t instanceof NumberFormatException) return Optional.of("not a number" + quoted(said));
        if (t instanceof java.time.format.DateTimeParseException bad) {
            return Optional.of("not a date or time" + quoted("\"" + line(bad.getParsedString()) + "\""));
        }
        if (t instanceof NoSuchFileException) return Optional.of("there is no file " + said);
        if (t instanceof AccessDeniedException) return Optional.of("no right to use " + said);
        if (t instanceof FileAlreadyExistsException) return Optional.of(said + " exists already");
        if (t instanceof DirectoryNotEmptyException) return Optional.of(said + " is a folder that is not empty");
        if (t instanceof NotDirectoryException) return Optional.of(said + " is no folder");
        if (t instanceof FileSystemException && !said.isEmpty()) return Optional.of(said);
        if (t instanceof java.net.UnknownHostException) return Optional.of("unknown host " + said);
        if (t instanceof java.io.EOFException) return Optional.of("it ended before its end");
        if (t instanceof java.nio.charset.CharacterCodingException)
            return Optional.of("bytes that are not text of that encoding");
        if (t instanceof java.util.concurrent.TimeoutException) return Optional.of("no answer in time");
        if (t instanceof InterruptedException) return Optional.of("interrupted");
        if (t instanceof StackOverflowError) return Optional.of("a value or a route is nested too deeply");
        return Optional.empty();
    }

    /** {@code For input string: "x"} as {@code  ("x")}. */
    private static String quoted(String said) {
        return Pattern.compile("\".*\"")
                .matcher(said)
                .results()
                .map(MatchResult::group)
                .findFirst()
                .map(text -> ", got " + text)
                .orElse("");
    }

    /** Whether its text is for the programmer: what the machine or a collection says of a wrong call. */
    private static boolean fault(Throwable t) {
        return t instanceof NullPointerException
                || t instanceof ClassCastException
                || t instanceof IndexOutOfBoundsException
                || t instanceof NegativeArraySizeException
                || t instanceof ArrayStoreException
                || t instanceof LinkageError;
    }

    /** Where it happened, for a report of a fault: the method and line of our own code, without a class's name. */
    private static String place(Throwable t) {
        for (StackTraceElement at : t.getStackTrace()) {
            if (!at.getClassName().startsWith("io.caravan.")) continue;
            String feature = at.getClassName().split("\\.")[2];
            return "in " + feature + ", " + at.getMethodName().replaceAll("lambda\\$|\\$\\d+|<|>", "") + " at line "
                    + at.getLineNumber();
        }
        return "no reason given";
    }
}
