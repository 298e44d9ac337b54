package io.caravan.bench;

import io.caravan.observation.Normalisation;
import io.caravan.observation.Parser;
import io.caravan.observation.Parsers;
import io.caravan.observation.SeriesBooks;
import io.caravan.observation.SeriesBooks.Daily;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;

/**
 * Part (h): observations a second. A workbook of six sheets with 17 daily series of 20 years, beside a bare streaming reader that makes the values of the
 * same cells; then a table of so many observations, and the heap that it needs. Arguments: a folder, the number of observations.
 */
public final class SeriesBench {

    private static final int DAYS = 5220; // working days of 20 years
    private static final int ROUNDS = 20;
    private static final Normalisation NORMALISATION = Normalisation.of("America/Argentina/Buenos_Aires", List.of());

    private SeriesBench() {}

    public static void main(String[] args) throws Exception {
        HeapPeak heap = new HeapPeak();
        Path folder = Files.createDirectories(Path.of(args[0]));
        workbook(folder.resolve("infomondia.xlsm"));
        heap.take();
        table(folder.resolve("observations.csv"), Integer.parseInt(args[1]), heap);
    }

    private static void workbook(Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            SeriesBooks.daily(out, LocalDate.of(2011, 1, 3), DAYS, 1);
        }
        Parser parser = Parsers.named("bcra_infomondia", SeriesBooks.dailyConfig(), NORMALISATION);
        double ours = 0;
        double bare = 0;
        long observations = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long begin = System.nanoTime();
            long cells = bare(file);
            bare = Math.max(bare, cells / seconds(begin));
            begin = System.nanoTime();
            observations = read(parser, file);
            ours = Math.max(ours, observations / seconds(begin));
        }
        System.out.printf(
                "h  workbook of %,d observations: %,.0f/s, bare reader %,.0f/s, ratio %.2f%n",
                observations, ours, bare, ours / bare);
        Files.delete(file);
    }

    private static void table(Path file, int observations, HeapPeak heap) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            out.write("day,series,value\n");
            for (int i = 0; i < observations; i++) {
                out.write(LocalDate.of(2000, 1, 1).plusDays(i / 100) + ",S" + i % 100 + "," + i / 8.0 + "\n");
            }
        }
        Parser parser = Parsers.named(
                "table",
                Map.of("date_column", "day", "series_column", "series", "value_column", "value"),
                NORMALISATION);
        long begin = System.nanoTime();
        long read = read(parser, file);
        System.out.printf(
                "h  table of %,d observations: %,.0f/s, heap %,d MB of %,d MB%n",
                read, read / seconds(begin), heap.take(), Runtime.getRuntime().maxMemory() >> 20);
        Files.delete(file);
    }

    private static long read(Parser parser, Path file) {
        long read = 0;
        try (RecordReader reader = parser.open(file, file.getFileName().toString())) {
            for (Optional<Record> r = reader.read(SeriesBench::bad); r.isPresent(); r = reader.read(SeriesBench::bad)) {
                read++;
            }
        }
        return read;
    }

    private static void bad(BadRow row) {
        throw new IllegalStateException(row.reason());
    }

    /** Values of the same cells: of a date for each row, and of each series. */
    private static long bare(Path file) throws IOException {
        long observations = 0;
        try (ReadableWorkbook book = new ReadableWorkbook(file.toFile())) {
            for (Sheet sheet : (Iterable<Sheet>) book.getSheets()::iterator) {
                List<Daily> series = SeriesBooks.DAILY.stream()
                        .filter(d -> d.sheet().equals(sheet.getName()))
                        .toList();
                try (Stream<Row> rows = sheet.openStream()) {
                    for (Row row : (Iterable<Row>) rows::iterator) {
                        if (row.getRowNum() <= SeriesBooks.HEADER_ROW) continue;
                        Object date = value(row, 0);
                        for (Daily one : series)
                            if (date != null && value(row, SeriesBooks.index(one)) != null) observations++;
                    }
                }
            }
        }
        return observations;
    }

    private static Object value(Row row, int column) {
        if (column >= row.getCellCount()) return null;
        Cell cell = row.getCell(column);
        return cell == null ? null : cell.getValue();
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
