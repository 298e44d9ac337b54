package io.caravan.object;

import java.util.regex.Pattern;

/**
 * A pattern for the last part of an object's name (after the last {@code /}): {@code *} is any text, {@code ?} any
 * character, all else is itself, upper and lower case apart.
 */
public final class Glob {

    private final String pattern;
    private final Pattern regex;

    public Glob(String pattern) {
        this.pattern = pattern;
        StringBuilder r = new StringBuilder();
        pattern.codePoints().forEach(c -> {
            switch (c) {
                case '*' -> r.append(".*");
                case '?' -> r.append('.');
                default -> r.append(Pattern.quote(Character.toString(c)));
            }
        });
        this.regex = Pattern.compile(r.toString(), Pattern.DOTALL);
    }

    /** Whether the object's name ends in a part that fits. */
    public boolean matches(String objectName) {
        return regex.matcher(objectName.substring(objectName.lastIndexOf('/') + 1))
                .matches();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
