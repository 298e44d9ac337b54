package io.caravan.object;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern for the last part of an object's name (after the last {@code /}), or, if it has a {@code /} itself, for the whole name:
 * {@code *} is any text and {@code ?} any character of one part, {@code **} any text whatever its parts, all else is itself, upper and
 * lower case apart.
 */
public final class Glob {

    private static final Pattern PART = Pattern.compile("\\*\\*|\\*|\\?|[^*?]+");

    private final String pattern;
    private final Pattern regex;
    private final boolean whole;

    public Glob(String pattern) {
        this.pattern = pattern;
        this.whole = pattern.contains("/");
        StringBuilder r = new StringBuilder();
        Matcher next = PART.matcher(pattern);
        while (next.find()) {
            switch (next.group()) {
                case "**" -> r.append(".*");
                case "*" -> r.append("[^/]*");
                case "?" -> r.append("[^/]");
                default -> r.append(Pattern.quote(next.group()));
            }
        }
        this.regex = Pattern.compile(r.toString(), Pattern.DOTALL);
    }

    /** Whether the object's name fits, or ends in a part that does. */
    public boolean matches(String objectName) {
        return regex.matcher(whole ? objectName : objectName.substring(objectName.lastIndexOf('/') + 1))
                .matches();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
