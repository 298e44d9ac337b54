package io.caravan.matrix;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Rows as Parquet, written by the library's own writer. */
final class ParquetRows {

    private static final MessageType TYPE = MessageTypeParser.parseMessageType("""
            message thing {
              required binary id (STRING); optional binary topic (STRING); optional binary text (STRING);
              optional int64 big; optional int64 amount (DECIMAL(18,4)); optional int64 at (TIMESTAMP(MICROS,true));
              optional int32 day (DATE); optional binary size (STRING); optional binary note (STRING);
              optional binary nested (JSON);
            }
            """);

    private ParquetRows() {}

    static void write(List<Map<String, Object>> rows, OutputStream out) throws IOException {
        Path file = Files.createTempFile("matrix", ".parquet");
        Files.delete(file);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(TYPE)
                .withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                .build()) {
            for (Map<String, Object> row : rows) writer.write(group(row));
        }
        Files.copy(file, out);
        Files.delete(file);
    }

    private static Group group(Map<String, Object> row) throws IOException {
        Group group = new SimpleGroup(TYPE);
        for (Map.Entry<String, Object> field : row.entrySet()) {
            String name = field.getKey();
            Object value = field.getValue();
            if (value == null) continue;
            switch (name) {
                case "big" -> group.append(name, (Long) value);
                case "amount" ->
                    group.append(
                            name,
                            ((BigDecimal) value).setScale(4).unscaledValue().longValueExact());
                case "at" ->
                    group.append(
                            name,
                            ChronoUnit.MICROS.between(
                                    Instant.EPOCH,
                                    OffsetDateTime.parse((String) value).toInstant()));
                case "day" ->
                    group.append(name, (int) LocalDate.parse((String) value).toEpochDay());
                case "nested" -> group.append(name, Json.text(value));
                default -> group.append(name, (String) value);
            }
        }
        return group;
    }
}
