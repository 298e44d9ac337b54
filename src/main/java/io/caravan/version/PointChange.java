package io.caravan.version;

import io.caravan.object.Spool;
import io.caravan.record.Record;
import java.util.HashSet;
import java.util.Set;

/**
 * What is wanted of one point.
 *
 * @param order its series and instant, as {@link Points.Place#order} has them
 * @param row what it is to be; null when it is to be gone
 * @param gone the keys by which it is to be gone
 */
record PointChange(String order, Record row, Set<String> gone) {

    private static final int INSTANT = 22;

    /** How a change of the point by this key is called in a {@link Spool}. */
    static String name(String order, String key) {
        return order + '\0' + key;
    }

    /** All that is wanted of the next point of that partition; null when there is none. */
    static PointChange take(String path, Spool.Newest changes, Rows rows, Contested contested) {
        if (changes == null || !changes.hasNext() || !changes.peek().object().equals(path)) return null;
        String order = order(changes.peek());
        Record row = null;
        Set<String> gone = new HashSet<>();
        while (changes.hasNext()
                && changes.peek().object().equals(path)
                && order(changes.peek()).equals(order)) {
            Spool.Change change = changes.next();
            if (change.row() == null) {
                gone.add(change.key().substring(order.length() + 1));
                continue;
            }
            Record next = rows.of(change.row());
            if (row == null) row = next;
            else contested.refuse(row.key(), next);
        }
        return new PointChange(order, row, gone);
    }

    private static String order(Spool.Change change) {
        return change.key().substring(0, change.key().indexOf('\0') + 1 + INSTANT);
    }
}
