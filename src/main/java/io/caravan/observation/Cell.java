package io.caravan.observation;

import io.caravan.error.BadRecordException;
import io.caravan.format.SheetRows;
import io.caravan.record.Origin;

/**
 * What stands at a place.
 *
 * @param content null when nothing does
 * @param fault why it cannot be said what; null when it can
 */
record Cell(Origin origin, Object content, BadRecordException fault) {

    /** The cell of a column in the row that a sheet is at. */
    static Cell of(SheetRows rows, String object, String part, int column, String field) {
        Origin origin = new Origin(object, part, rows.row());
        try {
            return new Cell(origin, rows.value(column, origin, field), null);
        } catch (BadRecordException e) {
            return new Cell(origin, null, e);
        }
    }

    boolean blank() {
        return fault == null && (content == null || content instanceof String text && text.isBlank());
    }

    /** For messages. */
    String shown() {
        String text = content == null ? "" : content.toString();
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
