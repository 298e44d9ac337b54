package io.caravan.record;

import java.util.Locale;

/**
 * A column as the history of a source's columns has it.
 *
 * @param run in which it came, or became what it is
 */
public record KnownColumn(String name, ColumnKind kind, Change change, long run) {

    /** What became of a column in a run. */
    public enum Change {
        /** It was there when the columns were looked at for the first time. */
        FIRST,
        /** It is new, and is read. */
        ADDED,
        /** It is new, and is left out. */
        IGNORED,
        /** Its values are of another kind. */
        TYPE,
        /** Nothing that was read has it. */
        MISSING,
        /** It is there again. */
        BACK;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Change named(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /** Whether it is known, and not read. */
    public boolean leftOut() {
        return change == Change.IGNORED;
    }

    /** Whether nothing has it any more. */
    public boolean missing() {
        return change == Change.MISSING;
    }
}
