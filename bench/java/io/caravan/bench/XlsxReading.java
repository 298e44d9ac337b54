package io.caravan.bench;

import io.caravan.format.Formats;
import io.caravan.object.FileObjectStore;
import io.caravan.object.ObjectsSource;
import io.caravan.record.Record;
import io.caravan.source.Source;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;

/** A workbook; texts that repeat are shared, as Excel does it. The bare client is fastexcel-reader. */
final class XlsxReading implements Reading {

    private final Path file;

    XlsxReading(Path folder) {
        this.file = folder.resolve("orders.xlsx");
    }

    @Override
    public String name() {
        return "objects-source, XLSX";
    }

    @Override
    public void prepare(int records) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 64 << 10);
                Workbook book = new Workbook(out, "bench", "1.0")) {
            Worksheet sheet = book.newWorksheet("orders");
            List<String> names = OrderRecords.record(0).fields().names();
            for (int c = 0; c < names.size(); c++) sheet.value(0, c, names.get(c));
            for (int i = 0; i < records; i++) {
                row(sheet, i + 1, OrderRecords.record(i));
                if (i % 1_000 == 0) sheet.flush();
            }
        }
    }

    private static void row(Worksheet sheet, int at, Record r) {
        sheet.inlineString(at, 0, r.key());
        sheet.value(at, 1, (String) r.at(1));
        sheet.value(at, 2, (String) r.at(2));
        sheet.value(at, 3, (Long) r.at(3));
        sheet.value(at, 4, (BigDecimal) r.at(4));
        sheet.value(at, 5, (Boolean) r.at(5));
        sheet.inlineString(at, 6, r.at(6).toString());
        sheet.inlineString(at, 7, (String) r.at(7));
    }

    @Override
    public Source source() {
        return new ObjectsSource(
                new FileObjectStore(file),
                Formats.of("bench", "xlsx", new Formats.Options(List.of(), ",", "", "1", 1, 200)),
                "",
                "*",
                List.of(Orders.KEY));
    }

    @Override
    public long bare() throws IOException {
        long records = 0;
        Object[] values = new Object[8];
        try (ReadableWorkbook book = new ReadableWorkbook(file.toFile());
                Stream<Row> rows = book.getFirstSheet().openStream()) {
            for (Row row : (Iterable<Row>) rows::iterator) {
                for (int i = 0; i < values.length; i++)
                    values[i] = row.getCell(i).getValue();
                if (row.getRowNum() > 1) records++;
            }
        }
        return records;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
