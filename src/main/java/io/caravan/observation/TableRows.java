package io.caravan.observation;

import io.caravan.format.SheetRows;
import io.caravan.source.BadRow;
import java.util.List;
import java.util.function.Consumer;

/** The rows of a table below its names. */
interface TableRows extends AutoCloseable {

    /** To the next row; false after the last, when the table was read to its end. Rows that are none go to {@code bad}. */
    boolean next(Consumer<BadRow> bad);

    /** The names, in the row that it is at; the same list as long as they are the same. */
    List<String> names();

    /** The cell of the column of that number in {@link #names}, from 0; -1 is a column that is not there. */
    Cell cell(int column, String name);

    /** Whether every row has the names, so that one that is missing is missing in all. */
    boolean fixed();

    /** Those of a workbook's sheet; null when it is none. */
    SheetRows sheet();

    @Override
    void close();
}
