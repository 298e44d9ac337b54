package io.caravan.observation;

import io.caravan.error.SettingChecks;
import io.caravan.format.SheetRows;
import io.caravan.source.BadRow;
import java.util.function.Consumer;

/** The date of the observations of a row or column, read once for all of them; what is wrong with it is said once. */
final class TimeCell {

    private final Cell cell;
    private final TimeRule rule;
    private final String text; // null when there is none
    private boolean told;

    /** @param rows of the workbook that it is in; null when it is in none */
    TimeCell(Cell cell, TimeRule rule, SheetRows rows) {
        this.cell = cell;
        this.rule = rule;
        this.text = cell.blank() || cell.fault() != null ? null : rule.text(cell.content(), rows);
    }

    boolean blank() {
        return cell.blank();
    }

    /** Whether it is a date. */
    boolean good() {
        return text != null;
    }

    String text() {
        return text;
    }

    String shown() {
        return text != null ? text : cell.shown();
    }

    /** Makes a bad row of it, unless it was made. */
    void refuse(Series series, Consumer<BadRow> bad) {
        if (told) return;
        told = true;
        String reason = cell.fault() != null
                ? cell.fault().getMessage()
                : SettingChecks.sentence(
                        cell.origin().toString(),
                        Observations.TIME,
                        cell.blank() ? "not be blank where there is a value (see drop_na)" : rule.rule(),
                        cell.shown());
        bad.accept(new BadRow(cell.origin(), series.code() + "\t" + cell.shown(), reason));
    }
}
