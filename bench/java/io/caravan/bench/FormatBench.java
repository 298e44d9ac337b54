package io.caravan.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.format.Columns;
import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.Format;
import io.caravan.format.Formats;
import io.caravan.format.JsonlForm;
import io.caravan.format.ParquetForm;
import io.caravan.format.RecordWriter;
import io.caravan.format.WritableFormat;
import io.caravan.record.ContentHash;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.LocalInputFile;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;

/**
 * Records a second of each format, read and written, beside the bare library making the same: maps or rows of values,
 * each with the content hash that every record has. Arguments: the number of records, then formats.
 */
public final class FormatBench {

    private static final Fields FIELDS = Fields.of("id", "user", "campaign", "text", "score", "count", "open");
    private static final ContentHash HASH = new ContentHash();

    private FormatBench() {}

    /** What is measured; says how many records it moved. */
    private interface Work {
        long run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        int records = Integer.parseInt(args[0]);
        List<String> formats = args.length > 1
                ? List.of(args).subList(1, args.length)
                : List.of("jsonl.gz", "jsonl", "csv", "parquet", "xlsx");
        Path folder = Files.createTempDirectory("caravan-bench-");
        for (String format : formats) {
            Path file = folder.resolve("x." + format);
            generate(format, file, records);
            Format ours = Formats.of(
                    "bench", format.replace(".gz", ""), new Formats.Options(List.of(), ",", "", "1", 1, 200));
            compare("read " + format, () -> read(ours, file), () -> bareRead(format, file));
            if (!format.equals("xlsx")) {
                compare(
                        "write " + format,
                        () -> write(form(format), file, records),
                        () -> bareWrite(format, file, records));
            }
            Files.delete(file);
        }
        Files.delete(folder);
    }

    private static void compare(String name, Work ours, Work bare) throws Exception {
        double best = 0;
        double bestBare = 0;
        for (int i = 0; i < 3; i++) {
            best = Math.max(best, rate(ours));
            bestBare = Math.max(bestBare, rate(bare));
        }
        System.out.printf("%-16s %,10.0f records/s  bare %,10.0f  ratio %.2f%n", name, best, bestBare, best / bestBare);
    }

    private static double rate(Work work) throws Exception {
        long start = System.nanoTime();
        long records = work.run();
        return records / ((System.nanoTime() - start) / 1e9);
    }

    private static Object[] values(int i) {
        return new Object[] {
            "id" + i,
            "user_" + i % 1000,
            "Spring Sale " + i % 7,
            "Wählen Sie " + i + " \"today\", é and more text to read",
            new BigDecimal(i).movePointLeft(3),
            (long) i * 7919,
            i % 2 == 0
        };
    }

    private static Record record(int i) {
        return Record.read("id" + i, FIELDS, values(i), new Origin("x", i), io.caravan.record.Hash.NONE);
    }

    private static WritableFormat form(String format) {
        return switch (format) {
            case "csv" -> new CsvForm(",", false, Compression.NONE);
            case "parquet" -> new ParquetForm(Compression.ZSTD);
            default -> new JsonlForm(format.endsWith("gz") ? Compression.GZIP : Compression.NONE);
        };
    }

    private static void generate(String format, Path file, int records) throws Exception {
        if (!format.equals("xlsx")) {
            write(form(format), file, records);
            return;
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                Workbook book = new Workbook(out, "bench", "1.0")) {
            Worksheet sheet = book.newWorksheet("s");
            for (int c = 0; c < FIELDS.size(); c++)
                sheet.value(0, c, FIELDS.names().get(c));
            for (int i = 0; i < records; i++) {
                Object[] v = values(i);
                for (int c = 0; c < 4; c++) sheet.value(i + 1, c, (String) v[c]);
                sheet.value(i + 1, 4, (BigDecimal) v[4]);
                sheet.value(i + 1, 5, (Long) v[5]);
                sheet.value(i + 1, 6, (Boolean) v[6]);
                if (i % 1000 == 0) sheet.flush();
            }
        }
    }

    private static long read(Format format, Path file) throws IOException {
        long records = 0;
        try (RecordReader reader =
                format.open(Files.newInputStream(file), file.getFileName().toString(), List.of("id"))) {
            for (Optional<Record> r = reader.read(b -> {}); r.isPresent(); r = reader.read(b -> {})) records++;
        }
        return records;
    }

    private static long write(WritableFormat format, Path file, int records) throws IOException {
        Columns columns = new Columns();
        for (int i = 0; i < 1000; i++) columns.add(record(i * (records / 1000 + 1)));
        columns.add(record(records));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                RecordWriter writer = format.write(out, columns)) {
            for (int i = 0; i < records; i++) writer.write(record(i));
        }
        return records;
    }

    private static long bareRead(String format, Path file) throws Exception {
        return switch (format) {
            case "csv" -> bareCsv(file);
            case "parquet" -> bareParquet(file);
            case "xlsx" -> bareXlsx(file);
            default -> bareJson(format, file);
        };
    }

    private static long bareJson(String format, Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        mapper.enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
        mapper.enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_LONG_FOR_INTS);
        long records = 0;
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 64 << 10);
        if (format.endsWith("gz")) in = new GZIPInputStream(in, 64 << 10);
        try (var values = mapper.readerFor(LinkedHashMap.class).<Map<String, Object>>readValues(in)) {
            while (values.hasNextValue()) {
                hash(values.nextValue().values().toArray());
                records++;
            }
        }
        return records;
    }

    private static long bareCsv(Path file) throws IOException {
        long records = 0;
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8), 64 << 10)) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hash(line.split(",", FIELDS.size()));
                records++;
            }
        }
        return records;
    }

    private static long bareParquet(Path file) throws IOException {
        long records = 0;
        try (ParquetReader<Group> reader =
                new ParquetReader.Builder<Group>(new LocalInputFile(file), new PlainParquetConfiguration()) {
                    @Override
                    protected org.apache.parquet.hadoop.api.ReadSupport<Group> getReadSupport() {
                        return new GroupReadSupport();
                    }
                }.build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                Object[] values = new Object[FIELDS.size()];
                for (int i = 0; i < 4; i++) values[i] = row.getString(i, 0);
                values[4] = new BigDecimal(
                        new java.math.BigInteger(row.getBinary(4, 0).getBytes()), 3);
                values[5] = row.getLong(5, 0);
                values[6] = row.getBoolean(6, 0);
                hash(values);
                records++;
            }
        }
        return records;
    }

    private static long bareXlsx(Path file) throws IOException {
        long records = 0;
        try (ReadableWorkbook book = new ReadableWorkbook(file.toFile());
                var rows = book.getFirstSheet().openStream()) {
            for (Row row : (Iterable<Row>) rows::iterator) {
                if (row.getRowNum() == 1) continue;
                Object[] values = new Object[FIELDS.size()];
                for (int i = 0; i < values.length; i++)
                    values[i] = row.getCell(i).getValue();
                hash(values);
                records++;
            }
        }
        return records;
    }

    private static void hash(Object[] values) {
        if (HASH.of(FIELDS, values).high() == 42) System.out.println("a rare hash");
    }

    private static long bareWrite(String format, Path file, int records) throws Exception {
        if (format.equals("parquet")) return bareWriteParquet(file, records);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 64 << 10);
        if (format.endsWith("gz")) out = new GZIPOutputStream(out, 64 << 10);
        if (format.equals("csv")) {
            try (var writer =
                    new java.io.BufferedWriter(new java.io.OutputStreamWriter(out, StandardCharsets.UTF_8), 64 << 10)) {
                for (int i = 0; i < records; i++) {
                    Record record = record(i);
                    for (int c = 0; c < FIELDS.size(); c++) {
                        String text = record.at(c).toString();
                        if (c > 0) writer.write(',');
                        if (text.indexOf('"') >= 0 || text.indexOf(',') >= 0)
                            writer.write('"' + text.replace("\"", "\"\"") + '"');
                        else writer.write(text);
                    }
                    writer.write('\n');
                }
            }
            return records;
        }
        try (var json = new ObjectMapper(new JsonFactory())
                .writer()
                .withRootValueSeparator("\n")
                .writeValues(out)) {
            for (int i = 0; i < records; i++) {
                Record record = record(i);
                Map<String, Object> map = new LinkedHashMap<>();
                for (int c = 0; c < FIELDS.size(); c++) map.put(FIELDS.names().get(c), record.at(c));
                json.write(map);
            }
        }
        return records;
    }

    private static long bareWriteParquet(Path file, int records) throws IOException {
        Files.deleteIfExists(file);
        var schema = org.apache.parquet.schema.MessageTypeParser.parseMessageType(
                "message m { optional binary id (STRING); optional binary user (STRING); optional binary campaign (STRING);"
                        + " optional binary text (STRING); optional fixed_len_byte_array(16) score (DECIMAL(20,3));"
                        + " optional int64 count; optional boolean open; }");
        // floor has no codecs of its own, so both sides measure without packing being the difference
        try (var writer = org.apache.parquet.hadoop.example.ExampleParquetWriter.builder(
                        new org.apache.parquet.io.LocalOutputFile(file))
                .withType(schema)
                .withConf(new PlainParquetConfiguration())
                .withRowGroupSize(16L << 20)
                .build()) {
            List<String> names = FIELDS.names();
            for (int i = 0; i < records; i++) {
                Record record = record(i);
                Group row = new org.apache.parquet.example.data.simple.SimpleGroup(schema);
                for (int c = 0; c < 4; c++) row.append(names.get(c), (String) record.at(c));
                byte[] bytes = new byte[16];
                byte[] shortest = ((BigDecimal) record.at(4)).unscaledValue().toByteArray();
                System.arraycopy(shortest, 0, bytes, 16 - shortest.length, shortest.length);
                row.append(names.get(4), org.apache.parquet.io.api.Binary.fromConstantByteArray(bytes));
                row.append(names.get(5), (Long) record.at(5)).append(names.get(6), (Boolean) record.at(6));
                writer.write(row);
            }
        }
        return records;
    }
}
