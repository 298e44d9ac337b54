package io.caravan.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.ContentHash;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cut at every byte, an object is never read as a shorter one: all rows, or {@link IncompleteSourceException}. But for
 * CSV and JSON lines that are not packed and cut just where a row ends, or inside the last value of CSV, which nobody
 * could tell.
 */
class TruncationTest {

    private static final int ROWS = 12;

    static Stream<Arguments> samples() throws IOException {
        List<Arguments> samples = new ArrayList<>();
        StringBuilder csv = new StringBuilder("id,text\n");
        StringBuilder jsonl = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            csv.append(i).append(",\"é \"\"😀\n").append(i * 7919).append("\"\n");
            jsonl.append("{\"id\":")
                    .append(i)
                    .append(",\"text\":\"é😀")
                    .append(i * 7919)
                    .append("\",\"n\":[1.5,true]}\n");
        }
        String json = "{\"meta\":{},\"data\":[" + jsonl.toString().strip().replace("\n", ",") + "],\"end\":\"x\"}";
        byte[] xlsx = XlsxFormatTest.book(sheet -> {
            sheet.value(0, 0, "id");
            for (int i = 0; i < ROWS; i++) sheet.value(i + 1, 0, "text " + i);
        });
        for (Compression c : Compression.values()) {
            samples.add(Arguments.of(
                    "o.csv" + c.suffix(),
                    new CsvFormat(",", List.of()),
                    csv.toString().getBytes(UTF_8)));
            samples.add(Arguments.of(
                    "o.jsonl" + c.suffix(), new JsonlFormat(), jsonl.toString().getBytes(UTF_8)));
            samples.add(Arguments.of("o.json" + c.suffix(), new JsonFormat("data"), json.getBytes(UTF_8)));
        }
        samples.add(Arguments.of("o.xlsx", new XlsxFormat("1", 1, 200), xlsx));
        samples.add(Arguments.of("o.parquet", new ParquetFormat(), parquet()));
        return samples.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void cutAnywhereIsNeverAShorterSuccess(String object, Format format, byte[] whole) {
        Format reading = new PackedFormat(format, 200);
        Compression compression = Compression.of(object);
        boolean lines = compression == Compression.NONE && (object.endsWith("csv") || object.endsWith("jsonl"));
        byte[] stored = Reading.pack(compression, whole);
        List<Hash> all = hashes(Reading.of(reading, object, stored, "id"));
        assertThat(all).hasSize(ROWS);
        for (int length = 0; length < stored.length; length++) {
            try {
                Reading cut = Reading.of(reading, object, Arrays.copyOf(stored, length), "id");
                List<Hash> rows = hashes(cut);
                assertThat(cut.bad()).as("byte " + length).isEmpty();
                int sound = lines ? rows.size() - (object.endsWith("csv") && !rows.isEmpty() ? 1 : 0) : 0;
                boolean atRowsEnd = lines && rows.subList(0, sound).equals(all.subList(0, sound));
                if (!atRowsEnd) assertThat(rows).as("byte " + length).isEqualTo(all);
            } catch (IncompleteSourceException e) {
                assertThat(e.getMessage()).startsWith(object);
            }
        }
    }

    private static List<Hash> hashes(Reading reading) {
        return reading.records().stream().map(Record::hash).toList();
    }

    private static byte[] parquet() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Fields fields = Fields.of("id", "text");
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            Object[] values = {(long) i, "text " + i};
            records.add(Record.read(i + "", fields, values, new Origin("o", i), new ContentHash().of(fields, values)));
        }
        Columns columns = new Columns();
        records.forEach(columns::add);
        try (RecordWriter writer = new ParquetForm(Compression.ZSTD).write((OutputStream) out, columns)) {
            for (Record record : records) writer.write(record);
        }
        return out.toByteArray();
    }
}
