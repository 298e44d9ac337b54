package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.source.IncompleteSourceException;
import java.util.BitSet;
import java.util.List;

/** A workbook of Excel. Not thread-safe; its sheets are read one after the other. */
public interface Workbook extends AutoCloseable {

    /** The names of the sheets, in order. */
    List<String> sheets();

    /**
     * The rows of a sheet.
     *
     * @param sheet its number, from 0
     * @param wanted the columns that will be asked for; null for all
     */
    SheetRows rows(int sheet, BitSet wanted);

    /** The names of those that Excel does not show, in order. */
    List<String> hidden();

    /**
     * The cells of a sheet that are merged.
     *
     * @param sheet its number, from 0
     */
    List<MergedCells> merged(int sheet);

    @Override
    void close();

    /** The number, from 0, of the sheet of that name or of that number from 1; -1 when there is none. */
    default int sheet(String wanted) {
        int found = sheets().indexOf(wanted);
        if (found >= 0 || !wanted.matches("[1-9][0-9]{0,5}")) return found;
        int number = Integer.parseInt(wanted);
        return number <= sheets().size() ? number - 1 : -1;
    }

    /** What to say when there is no such sheet. */
    default IncompleteSourceException noSheet(String object, String wanted) {
        List<String> names = sheets().stream().limit(20).map(Texts::cut).toList();
        return new IncompleteSourceException(
                SettingChecks.sentence(object, "sheet", "be one of " + names + " or its number", wanted));
    }
}
