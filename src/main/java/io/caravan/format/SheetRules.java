package io.caravan.format;

import io.caravan.error.SettingChecks;
import java.util.List;

/**
 * What cells are where Excel shows something else than it keeps.
 *
 * @param elapsed whether elapsed time is a text, {@code 26:30:00}, else the number of days
 * @param zeroFilled whether a number shown with zeros before it is the text that is shown
 * @param fillMerged whether all cells that are merged hold what the first of them holds
 */
record SheetRules(boolean elapsed, boolean zeroFilled, boolean fillMerged) {

    /** What the numbers are. */
    static final SheetRules NUMBERS = new SheetRules(false, false, false);

    static SheetRules of(String unit, String mergedCells, String zeroFilled) {
        new SettingChecks(unit)
                .must(List.of("first", "fill").contains(mergedCells), "mergedCells", "be first or fill", mergedCells)
                .must(List.of("number", "text").contains(zeroFilled), "zeroFilled", "be number or text", zeroFilled)
                .check();
        return new SheetRules(true, zeroFilled.equals("text"), mergedCells.equals("fill"));
    }

    /** What is to be made of a number that is shown so. */
    CellForm form(String id, String code) {
        CellForm form = CellForm.of(id, code);
        return switch (form.shown()) {
            case ELAPSED -> elapsed ? form : CellForm.NUMBER;
            case ZERO_FILLED -> zeroFilled ? form : CellForm.NUMBER;
            default -> form;
        };
    }
}
