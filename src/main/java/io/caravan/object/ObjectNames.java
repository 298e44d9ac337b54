package io.caravan.object;

import io.caravan.error.SettingChecks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Which names objects can have in every store. */
final class ObjectNames {

    private static final int MOST_BYTES = 1024;
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");

    private ObjectNames() {}

    /**
     * Whether every store can keep this name, and none takes it for another one; Azure takes a backslash for a slash and
     * forgets dots at the end of a part, Camel takes one of spaces for none.
     */
    static boolean plain(String name) {
        return !name.isBlank()
                && StandardCharsets.UTF_8.newEncoder().canEncode(name)
                && name.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES
                && !CONTROL.matcher(name).find()
                && Arrays.stream(name.split("/", -1)).noneMatch(part -> part.isEmpty() || part.endsWith("."))
                && name.indexOf('\\') < 0;
    }

    /** Refuses a name to write to that is not {@link #plain}. */
    static void mustBePlain(String name) {
        if (plain(name)) return;
        String rule =
                "not be blank, and have parts between / that are not empty and do not end with a dot, no backslash or control"
                        + " character, and at most " + MOST_BYTES + " bytes";
        throw new IllegalArgumentException(SettingChecks.sentence("objects", "an object's name", rule, shown(name)));
    }

    /** Whether Camel takes a name for itself wherever it is put: it holds nothing that begins or ends an expression. */
    static boolean literal(String name) {
        return name.chars().noneMatch(c -> "${}#()".indexOf(c) >= 0);
    }

    /** Whether a server reads a path with this name as another one: nothing is asked for by such a name. */
    static boolean astray(String name) {
        return Arrays.stream(name.split("/", -1)).anyMatch(part -> part.equals(".") || part.equals(".."));
    }

    /** A name for a message: on one line, not longer than it helps. */
    static String shown(String name) {
        String line = CONTROL.matcher(name).replaceAll("␀");
        return line.length() > 200 ? line.substring(0, 200) + "..." : line;
    }
}
