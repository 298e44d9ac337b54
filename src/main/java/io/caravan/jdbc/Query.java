package io.caravan.jdbc;

import io.caravan.source.CursorTime;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of the database, as it was configured.
 *
 * @param cursorField the column that tells what is new; empty to read in full only
 * @param cursorTime which moments its values are
 */
record Query(
        String unit,
        String sql,
        List<String> keyFields,
        String cursorField,
        long lookbackSeconds,
        long lookbackNumber,
        CursorTime cursorTime,
        int fetchSize) {

    boolean incremental() {
        return !cursorField.isEmpty();
    }

    /** The query alone, in the order of its cursor when it has one. */
    String all(String quote) {
        return incremental() ? wrapped() + " order by " + cursor(quote) : sql;
    }

    /**
     * The query's rows from a position on (the only parameter), and those that have none: they would be dead letters of a
     * full run, and are not to go unseen later.
     *
     * @param lowest a value, as SQL, that is no position either and comes before all others
     */
    String since(String quote, Optional<String> lowest) {
        String cursor = cursor(quote);
        String or = lowest.map(value -> " or " + cursor + " = " + value).orElse("");
        return wrapped() + " where " + cursor + " >= ? or " + cursor + " is null" + or + " order by " + cursor;
    }

    /** The rows whose cursor lies in one of so many ranges, or, unless {@code within}, in none of them: two parameters a range. */
    String on(String quote, int ranges, boolean within) {
        String cursor = cursor(quote);
        String in = ranges == 0
                ? "1 = 0"
                : String.join(" or ", Collections.nCopies(ranges, cursor + " >= ? and " + cursor + " < ?"));
        String where = within ? in : cursor + " is null or not (" + in + ")";
        return wrapped() + " where " + where + " order by " + cursor;
    }

    // on lines of its own, so that a comment at its end ends there
    private String wrapped() {
        return "select * from (\n" + sql + "\n) q";
    }

    private String cursor(String quote) {
        return "q." + quote + cursorField + quote;
    }
}
