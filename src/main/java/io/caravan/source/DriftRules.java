package io.caravan.source;

import io.caravan.error.SettingChecks;

/**
 * What is to be done when the columns of a source are no longer those that are known.
 *
 * @param newColumns {@code add}, {@code ignore} or {@code fail}; blank as add
 * @param missingColumns {@code allow} or {@code fail}; blank as allow
 * @param typeChanges {@code allow} or {@code fail}; blank as allow
 */
public record DriftRules(String newColumns, String missingColumns, String typeChanges) {

    /** Nobody asks what columns there are. */
    public static final DriftRules NONE = new DriftRules("", "", "");

    private static final String FAIL = "fail";

    public DriftRules {
        new SettingChecks("source")
                .must(newColumns.matches("|add|ignore|fail"), "newColumns", "be empty, add, ignore or fail", newColumns)
                .must(
                        missingColumns.matches("|allow|fail"),
                        "missingColumns",
                        "be empty, allow or fail",
                        missingColumns)
                .must(typeChanges.matches("|allow|fail"), "typeChanges", "be empty, allow or fail", typeChanges)
                .check();
    }

    /** Of a source without such settings. */
    public static DriftRules of() {
        return NONE;
    }

    public static DriftRules of(String newColumns, String missingColumns, String typeChanges) {
        return new DriftRules(newColumns, missingColumns, typeChanges);
    }

    /** Whether columns are looked at, and kept in a history. */
    public boolean isOn() {
        return !equals(NONE);
    }

    boolean failsNew() {
        return newColumns.equals(FAIL);
    }

    boolean adds() {
        return newColumns.matches("|add");
    }

    boolean leavesOut() {
        return newColumns.equals("ignore");
    }

    boolean failsMissing() {
        return missingColumns.equals(FAIL);
    }

    boolean failsTypes() {
        return typeChanges.equals(FAIL);
    }
}
