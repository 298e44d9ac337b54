package io.caravan.format;

import io.caravan.record.Origin;
import java.time.LocalDateTime;

/** The rows of one sheet, from its first to its last; the cells of a row are asked for by the number of their column, from 0. */
public interface SheetRows {

    /**
     * To the next row that the sheet has; false after the last, when the sheet was read to its end. Throws {@link
     * io.caravan.source.IncompleteSourceException} when it ends early.
     */
    boolean next();

    /** The number of the row, from 1. */
    int row();

    /** One more than the column of the last cell that holds something; of those that are not wanted it may know nothing. */
    int width();

    /**
     * What the cell holds: a text, Long, decimal, truth, date or local time; null when nothing. Throws {@link
     * io.caravan.error.BadRecordException}, with this place and name, when that cannot be said: an error, a date that there is not.
     */
    Object value(int column, Origin origin, String field);

    /** The time a number stands for where dates are numbers; throws {@link java.time.DateTimeException} when it is none. */
    LocalDateTime time(double number);
}
