package io.caravan.bench;

import io.caravan.format.Columns;
import io.caravan.format.Compression;
import io.caravan.format.ParquetForm;
import io.caravan.format.ParquetFormat;
import io.caravan.format.RecordWriter;
import io.caravan.object.FileObjectStore;
import io.caravan.object.ObjectsSource;
import io.caravan.source.Source;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;

/** A Parquet file without compression, which neither side's library brings itself; the bare client reads its groups. */
final class ParquetReading implements Reading {

    private final Path file;

    ParquetReading(Path folder) {
        this.file = folder.resolve("orders.parquet");
    }

    @Override
    public String name() {
        return "objects-source, Parquet";
    }

    @Override
    public void prepare(int records) throws IOException {
        Columns columns = new Columns();
        // the largest number of digits is that of a late one
        for (int i = 0; i < records; i += 100) columns.add(OrderRecords.record(i));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 64 << 10);
                RecordWriter writer = new ParquetForm(Compression.NONE).write(out, columns)) {
            for (int i = 0; i < records; i++) writer.write(OrderRecords.record(i));
        }
    }

    @Override
    public Source source() {
        return new ObjectsSource(new FileObjectStore(file), new ParquetFormat(), "", "*", List.of(Orders.KEY));
    }

    @Override
    public long bare() throws IOException {
        long records = 0;
        try (ParquetReader<Group> reader = new Groups(file).build()) {
            Object[] values = new Object[8];
            for (Group row = reader.read(); row != null; row = reader.read()) {
                for (int i = 0; i < values.length; i++) values[i] = value(row, i);
                records++;
            }
        }
        return records;
    }

    private static Object value(Group row, int i) {
        return switch (row.getType().getType(i).asPrimitiveType().getPrimitiveTypeName()) {
            case BINARY -> row.getString(i, 0);
            case BOOLEAN -> row.getBoolean(i, 0);
            case FIXED_LEN_BYTE_ARRAY -> {
                var decimal =
                        (DecimalLogicalTypeAnnotation) row.getType().getType(i).getLogicalTypeAnnotation();
                yield new BigDecimal(new BigInteger(row.getBinary(i, 0).getBytes()), decimal.getScale());
            }
            default ->
                row.getType().getFieldName(i).equals("ordered_at")
                        ? Instant.ofEpochSecond(0, row.getLong(i, 0) * 1_000)
                        : (Object) row.getLong(i, 0);
        };
    }

    private static final class Groups extends ParquetReader.Builder<Group> {

        Groups(Path file) {
            super(new LocalInputFile(file), new PlainParquetConfiguration());
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
