package io.caravan.observation;

import io.caravan.error.SettingChecks;
import io.caravan.format.SheetRows;
import io.caravan.format.Workbook;
import io.caravan.format.Workbooks;
import io.caravan.observation.VerticalParser.Place;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Goes through the sheets, and in each through the rows, once. */
final class VerticalReader implements RecordReader {

    static final int MAX_EXPANSION = 200;

    /** Series of a sheet that have the same dates. */
    private record Dates(int column, TimeRule rule, String part, List<Values> values) {}

    /** @param part what origins call the column */
    private record Values(Place place, String part) {}

    private final Path file;
    private final String object;
    private final List<Place> places;
    private final Observer observer = new Observer(true);
    private final Deque<Record> found = new ArrayDeque<>();
    private final Deque<Integer> sheets = new ArrayDeque<>(); // still to be read
    private final Map<Integer, List<Dates>> dates = new LinkedHashMap<>(); // by sheet
    private Workbook book;
    private List<Dates> columns = List.of(); // of the sheet
    private SheetRows rows;

    VerticalReader(Path file, String object, List<Place> places) {
        this.file = file;
        this.object = object;
        this.places = places;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        if (book == null) begin();
        while (found.isEmpty()) {
            if (rows == null && !nextSheet()) return Optional.empty();
            if (rows.next()) {
                for (Dates column : columns) row(column, bad);
            } else {
                sheetEnds();
            }
        }
        return Optional.of(found.remove());
    }

    private void begin() {
        book = Workbooks.open(file, object, MAX_EXPANSION);
        for (Place place : places) {
            int its = book.sheet(place.sheet());
            if (its >= 0) dates(its, place).values().add(new Values(place, part(its, place.valueColumn())));
            else if (!place.optional()) throw book.noSheet(object, place.sheet());
        }
        sheets.addAll(dates.keySet());
    }

    private Dates dates(int its, Place place) {
        List<Dates> columns = dates.computeIfAbsent(its, s -> new ArrayList<>());
        for (Dates column : columns) {
            if (column.column() == place.dateColumn()
                    && column.rule().same(place.series().times())) return column;
        }
        String part = part(its, place.dateColumn());
        Dates column = new Dates(place.dateColumn(), place.series().times(), part, new ArrayList<>());
        columns.add(column);
        return column;
    }

    private boolean nextSheet() {
        if (sheets.isEmpty()) return false;
        int sheet = sheets.remove();
        BitSet wanted = new BitSet();
        columns = dates.get(sheet);
        for (Dates column : columns) {
            wanted.set(column.column());
            column.values().forEach(v -> wanted.set(v.place().valueColumn()));
        }
        rows = book.rows(sheet, wanted);
        return true;
    }

    private void row(Dates column, Consumer<BadRow> bad) {
        TimeCell time = null;
        for (Values values : column.values()) {
            Place place = values.place();
            if (rows.row() < place.firstRow()) continue;
            if (time == null) {
                time = new TimeCell(
                        Cell.of(rows, object, column.part(), column.column(), Observations.TIME), column.rule(), rows);
            }
            Cell value = Cell.of(rows, object, values.part(), place.valueColumn(), Observations.VALUE);
            observer.observe(place.series(), time, value, bad).ifPresent(found::add);
        }
    }

    /** A sheet without the rows that a series should be in is not the one that was meant. */
    private void sheetEnds() {
        for (Dates column : columns) {
            for (Values values : column.values()) {
                Place place = values.place();
                if (rows.row() >= place.firstRow()) continue;
                throw new IncompleteSourceException(SettingChecks.sentence(
                        object + "!" + place.sheet(),
                        "the rows of " + place.series().code(),
                        "begin with row " + place.firstRow(),
                        "none after row " + rows.row()));
            }
        }
        rows = null;
    }

    private String part(int its, int column) {
        return book.sheets().get(its) + "!" + ColumnLetters.of(column);
    }

    @Override
    public void close() {
        if (book != null) book.close();
    }
}
