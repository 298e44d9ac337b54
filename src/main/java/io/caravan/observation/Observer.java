package io.caravan.observation;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.format.RecordMaker;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes an observation of a date and a value, or a bad row, or nothing: both are blank, or one is and the series says that this is to be left
 * out. Not thread-safe.
 */
final class Observer {

    private final RecordMaker maker = new RecordMaker(Observations.FIELDS, Observations.KEY_FIELDS);
    private final boolean workbook;

    Observer(boolean workbook) {
        this.workbook = workbook;
    }

    Optional<Record> observe(Series series, TimeCell time, Cell value, Consumer<BadRow> bad) {
        return observe(series, time, value, series.unit(), series.frequency(), bad);
    }

    Optional<Record> observe(
            Series series, TimeCell time, Cell value, String unit, String frequency, Consumer<BadRow> bad) {
        boolean nothing = value.fault() == null && series.numbers().blank(value.content());
        if ((nothing || time.blank()) && (series.dropNa() || (nothing && time.blank()))) return Optional.empty();
        if (!time.good()) {
            time.refuse(series, bad);
            return Optional.empty();
        }
        if (nothing) return refused(series, time, value, "not be blank (see drop_na)", bad);
        Object number = value.fault() != null ? null : series.numbers().number(value.content(), workbook);
        if (number == null) return refused(series, time, value, series.numbers().rule(), bad);
        Object[] values = {time.text(), series.code(), number, unit, frequency};
        try {
            return Optional.of(maker.make(values, value.origin()));
        } catch (BadRecordException e) {
            bad.accept(new BadRow(value.origin(), raw(series, time, value), e.getMessage()));
            return Optional.empty();
        }
    }

    private static Optional<Record> refused(
            Series series, TimeCell time, Cell value, String rule, Consumer<BadRow> bad) {
        String reason = value.fault() != null
                ? value.fault().getMessage()
                : SettingChecks.sentence(value.origin().toString(), Observations.VALUE, rule, value.shown());
        bad.accept(new BadRow(value.origin(), raw(series, time, value), reason));
        return Optional.empty();
    }

    /** The series too, so that two letters of one row differ. */
    private static String raw(Series series, TimeCell time, Cell value) {
        return series.code() + "\t" + time.shown() + "\t" + value.shown();
    }
}
