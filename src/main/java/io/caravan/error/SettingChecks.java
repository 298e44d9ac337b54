package io.caravan.error;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Collects what is wrong with the settings of one unit, so that all problems are reported together.
 *
 * <pre>{@code
 * Settings settings = new Settings("embed-text-action");
 * settings.between("batchSize", batchSize, 1, 1024).notBlank("field", field).check();
 * }</pre>
 */
public final class SettingChecks {

    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final String unit;
    private final List<String> problems = new ArrayList<>();

    public SettingChecks(String unit) {
        this.unit = unit;
    }

    /** Adds the problem {@code <unit>: <field> must <rule>, got '<value>'} unless {@code holds}. */
    public SettingChecks must(boolean holds, String field, String rule, Object value) {
        if (!holds) problems.add(sentence(unit, field, rule, value));
        return this;
    }

    public SettingChecks notBlank(String field, String value) {
        return must(value != null && !value.isBlank(), field, "not be blank", value);
    }

    public SettingChecks between(String field, long value, long lowest, long highest) {
        return must(value >= lowest && value <= highest, field, "be " + lowest + " to " + highest, value);
    }

    /** A label, property, table or column name: {@code [A-Za-z_][A-Za-z0-9_]*}. */
    public SettingChecks name(String field, String value) {
        return must(value != null && NAME.matcher(value).matches(), field, "match " + NAME.pattern(), value);
    }

    /** Throws all problems at once; does nothing when there is none. */
    public void check() {
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
    }

    /** The sentence every Caravan error has; on one line, whatever characters field and value hold. */
    public static String sentence(String unit, String field, String rule, Object value) {
        return line(unit + ": " + sentence(field, rule, value));
    }

    /** The same without the unit. */
    static String sentence(String field, String rule, Object value) {
        return line(field + " must " + rule + ", got '" + value + "'");
    }

    static String line(String text) {
        return CONTROL.matcher(text).replaceAll("␀");
    }
}
