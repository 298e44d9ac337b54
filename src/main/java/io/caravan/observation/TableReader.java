package io.caravan.observation;

import io.caravan.error.SettingChecks;
import io.caravan.observation.TableLayout.Column;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes the observations out of the rows of a table. */
final class TableReader implements RecordReader {

    /** Of series in columns of their own, with where these are now. */
    private record At(Series series, String name, int column) {}

    private final TableRows rows;
    private final TableLayout layout;
    private final Observer observer;
    private final Deque<Record> found = new ArrayDeque<>();
    private final Map<String, Series> others = new HashMap<>(); // that are not listed, some of them
    private List<String> names; // null before the first row
    private List<At> columns = List.of();
    private int date = -1;
    private int value = -1;
    private int series = -1;
    private int unit = -1;
    private int frequency = -1;

    TableReader(TableRows rows, TableLayout layout) {
        this.rows = rows;
        this.layout = layout;
        this.observer = new Observer(rows instanceof SheetTable);
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        while (found.isEmpty()) {
            if (!rows.next(bad)) return Optional.empty();
            if (rows.names() != names) find(rows.names());
            if (layout.series().isEmpty()) wide(bad);
            else narrow(bad);
        }
        return Optional.of(found.remove());
    }

    /** Looks for the columns among these names. */
    private void find(List<String> in) {
        names = in;
        date = column(layout.date(), false);
        value = column(layout.value(), false);
        series = column(layout.series(), false);
        unit = column(layout.unit(), false);
        frequency = column(layout.frequency(), false);
        columns = new ArrayList<>();
        if (!layout.series().isEmpty()) return;
        for (Column c : layout.columns()) columns.add(new At(c.series(), c.column(), column(c.column(), c.optional())));
        if (!layout.columns().isEmpty()) return;
        for (int i = 0; i < in.size(); i++) {
            String name = in.get(i);
            if (name.isEmpty() || i == date || i == unit || i == frequency) continue;
            if (!Series.valid(name))
                throw missing("column " + name, Series.CODE_RULE + ", or be named in series_map", name);
            columns.add(new At(other(name), name, i));
        }
    }

    private int column(String name, boolean optional) {
        if (name.isEmpty()) return -1;
        int found = names.indexOf(name);
        if (found < 0 && rows.fixed() && !optional) throw missing("the names", "have " + name, String.join(",", names));
        return found;
    }

    private IncompleteSourceException missing(String what, String rule, String got) {
        String object = rows.cell(-1, "").origin().object();
        String shown = got.length() > 100 ? got.substring(0, 100) + "…" : got;
        return new IncompleteSourceException(SettingChecks.sentence(object, what, rule, shown));
    }

    private void wide(Consumer<BadRow> bad) {
        Cell when = rows.cell(date, layout.date());
        TimeCell time = null;
        TimeRule rule = null;
        for (At at : columns) {
            if (at.column() < 0) continue;
            if (time == null || !rule.same(at.series().times())) {
                rule = at.series().times();
                time = new TimeCell(when, rule, rows.sheet());
            }
            observe(at.series(), time, rows.cell(at.column(), at.name()), bad);
        }
    }

    private void narrow(Consumer<BadRow> bad) {
        Cell which = rows.cell(series, layout.series());
        Cell cell = rows.cell(value, layout.value());
        String name = which.content() == null ? "" : which.content().toString().strip();
        if (name.isEmpty() && cell.blank()) return;
        Series its = layout.byName().get(name);
        if (its == null) {
            if (layout.unlisted().equals("skip")) return;
            boolean keep = layout.unlisted().equals("keep") && Series.valid(name);
            if (!keep) {
                String rule =
                        layout.unlisted().equals("keep") ? Series.CODE_RULE : "be listed in series_map (see unlisted)";
                String reason = which.fault() != null
                        ? which.fault().getMessage()
                        : SettingChecks.sentence(which.origin().toString(), "series", rule, which.shown());
                bad.accept(new BadRow(which.origin(), which.shown() + "\t" + cell.shown(), reason));
                return;
            }
            its = other(name);
        }
        TimeCell time = new TimeCell(rows.cell(date, layout.date()), its.times(), rows.sheet());
        observe(its, time, cell, bad);
    }

    private void observe(Series its, TimeCell time, Cell cell, Consumer<BadRow> bad) {
        String unitText = unit < 0 ? its.unit() : text(rows.cell(unit, layout.unit()), its.unit());
        String frequencyText =
                frequency < 0 ? its.frequency() : text(rows.cell(frequency, layout.frequency()), its.frequency());
        observer.observe(its, time, cell, unitText, frequencyText, bad).ifPresent(found::add);
    }

    private static String text(Cell cell, String otherwise) {
        return cell.blank() || cell.content() == null
                ? otherwise
                : cell.content().toString();
    }

    private Series other(String code) {
        if (others.size() > 10_000) others.clear();
        Series o = layout.others();
        return others.computeIfAbsent(
                code, c -> new Series(c, o.unit(), o.frequency(), o.dropNa(), o.times(), o.numbers()));
    }

    @Override
    public void close() {
        rows.close();
    }
}
