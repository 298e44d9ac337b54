package io.caravan.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.format.Columns;
import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.JsonArrayForm;
import io.caravan.format.JsonlForm;
import io.caravan.format.ParquetForm;
import io.caravan.format.RecordWriter;
import io.caravan.format.WritableFormat;
import io.caravan.record.Record;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Observations in each format that versions are written in, read again. */
class ObservationsRoundTripTest {

    private static final List<WritableFormat> FORMATS = List.of(
            new JsonArrayForm(Compression.NONE),
            new JsonArrayForm(Compression.ZSTD),
            new JsonlForm(Compression.GZIP),
            new CsvForm(",", false, Compression.NONE),
            new CsvForm(",", false, Compression.GZIP),
            new ParquetForm(Compression.SNAPPY));

    private static final List<String> UNITS =
            List.of("pct", "", "ARS, \"new\"", " kg ", "=1+1", "line\nline", "é😀", "null", "0012", "a\\b");

    private static final Map<String, Object> LONG = Map.of(
            "date_column", "obs_time",
            "series_column", "internal_series_code",
            "value_column", "value",
            "unit_column", "unit",
            "frequency_column", "frequency");

    @Property(tries = 60)
    void whatIsWrittenInAnyFormatIsReadAsTheSameObservations(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path folder = Files.createTempDirectory("round");
        List<Record> observations = observations(random, folder.resolve("first.csv"));
        for (WritableFormat format : FORMATS) {
            Path file = folder.resolve("data" + format.suffix());
            write(format, file, observations);
            List<String> parts = List.of(format.suffix().substring(1).split("\\."));
            String name = parts.contains("parquet") ? "parquet" : parts.get(0);
            Map<String, Object> config = new java.util.HashMap<>(LONG);
            config.put("format", name);
            Observed read = Observed.in(file, "table", config);
            assertThat(read.reasons()).as(format.suffix()).isEmpty();
            assertThat(texts(read.records())).as(format.suffix()).isEqualTo(texts(observations));
            Files.delete(file);
        }
        Files.delete(folder.resolve("first.csv"));
        Files.delete(folder);
    }

    /** Of years that have several offsets, of numbers that no double holds, of units that CSV has to quote. */
    private static List<Record> observations(Random random, Path csv) throws IOException {
        StringBuilder text = new StringBuilder("obs_time,internal_series_code,value,unit,frequency\n");
        int count = 1 + random.nextInt(30);
        for (int i = 0; i < count; i++) {
            Instant at = Instant.ofEpochSecond(
                    random.nextLong(-2_000_000_000L, 4_000_000_000L), random.nextInt(2) * 250_000L);
            BigDecimal value =
                    new BigDecimal(new java.math.BigInteger(random.nextInt(1, 55), random), random.nextInt(7));
            text.append(at)
                    .append(",S_")
                    .append(i)
                    .append(".x-")
                    .append(random.nextInt(9))
                    .append(',');
            text.append((random.nextBoolean() ? value : value.negate()).toPlainString());
            String unit = UNITS.get(random.nextInt(UNITS.size()));
            text.append(",\"").append(unit.replace("\"", "\"\"")).append("\",D\n");
        }
        Files.writeString(csv, text);
        Observed found = Observed.in(csv, "table", LONG);
        assertThat(found.reasons()).isEmpty();
        assertThat(found.records()).hasSize(count);
        return found.records();
    }

    private static void write(WritableFormat format, Path file, List<Record> observations) throws IOException {
        Columns columns = new Columns();
        observations.forEach(columns::add);
        try (OutputStream out = Files.newOutputStream(file);
                RecordWriter writer = format.write(out, columns)) {
            for (Record observation : observations) {
                format.check(observation);
                writer.write(observation);
            }
        }
    }

    private static List<String> texts(List<Record> records) {
        return records.stream()
                .map(record -> Arrays.asList(record.at(0), record.at(1), record.at(2), record.at(3), record.at(4))
                        .toString())
                .toList();
    }
}
