package io.caravan.observation;

import io.caravan.error.SettingChecks;
import io.caravan.format.SheetRows;
import io.caravan.format.Workbook;
import io.caravan.format.Workbooks;
import io.caravan.observation.HorizontalParser.Place;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Goes through the sheets once and keeps the rows that a series needs; a sheet gives its observations when it was read to its end. */
final class HorizontalReader implements RecordReader {

    private final Path file;
    private final String object;
    private final List<Place> places;
    private final Observer observer = new Observer(true);
    private final Deque<Record> found = new ArrayDeque<>();
    private final Deque<List<Place>> sheets = new ArrayDeque<>(); // still to be read
    private Workbook book;

    HorizontalReader(Path file, String object, List<Place> places) {
        this.file = file;
        this.object = object;
        this.places = places;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        if (book == null) begin();
        while (found.isEmpty()) {
            if (sheets.isEmpty()) return Optional.empty();
            sheet(sheets.remove(), bad);
        }
        return Optional.of(found.remove());
    }

    private void begin() {
        book = Workbooks.open(file, object, VerticalReader.MAX_EXPANSION);
        Map<Integer, List<Place>> bySheet = new LinkedHashMap<>();
        for (Place place : places) {
            int its = book.sheet(place.sheet());
            if (its >= 0) bySheet.computeIfAbsent(its, s -> new ArrayList<>()).add(place);
            else if (!place.optional()) throw book.noSheet(object, place.sheet());
        }
        sheets.addAll(bySheet.values());
    }

    private void sheet(List<Place> its, Consumer<BadRow> bad) {
        int number = book.sheet(its.get(0).sheet());
        String name = book.sheets().get(number);
        SheetRows rows = book.rows(number, null);
        Map<Integer, List<Cell>> kept = new HashMap<>();
        for (Place place : its) {
            kept.put(place.dateRow(), List.of());
            kept.put(place.valueRow(), List.of());
        }
        while (rows.next()) kept.computeIfPresent(rows.row(), (row, none) -> cells(rows, name));
        for (Place place : its) {
            if (kept.get(place.dateRow()).size() <= place.dateColumn()) {
                throw new IncompleteSourceException(SettingChecks.sentence(
                        object + "!" + place.sheet(),
                        "row " + place.dateRow(),
                        "hold the dates of " + place.series().code() + " from column "
                                + ColumnLetters.of(place.dateColumn()) + " on",
                        "nothing"));
            }
            series(place, kept.get(place.dateRow()), kept.get(place.valueRow()), name, rows, bad);
        }
    }

    private void series(
            Place place, List<Cell> dates, List<Cell> values, String sheet, SheetRows rows, Consumer<BadRow> bad) {
        int length = Math.max(dates.size() - place.dateColumn(), values.size() - place.valueColumn());
        for (int i = 0; i < length; i++) {
            Cell date = at(dates, place.dateColumn() + i, place.dateRow(), sheet);
            Cell value = at(values, place.valueColumn() + i, place.valueRow(), sheet);
            TimeCell time = new TimeCell(date, place.series().times(), rows);
            observer.observe(place.series(), time, value, bad).ifPresent(found::add);
        }
    }

    private List<Cell> cells(SheetRows rows, String sheet) {
        List<Cell> cells = new ArrayList<>(rows.width());
        for (int i = 0; i < Math.min(rows.width(), ColumnLetters.LAST + 1); i++) {
            cells.add(Cell.of(rows, object, part(sheet, i), i, "cell"));
        }
        return cells;
    }

    private Cell at(List<Cell> cells, int column, int row, String sheet) {
        if (column < cells.size()) return cells.get(column);
        return new Cell(new Origin(object, part(sheet, column), row), null, null);
    }

    private static String part(String sheet, int column) {
        return sheet + "!" + ColumnLetters.of(column);
    }

    @Override
    public void close() {
        if (book != null) book.close();
    }
}
