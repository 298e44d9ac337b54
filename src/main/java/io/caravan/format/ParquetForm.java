package io.caravan.format;

import io.caravan.record.ContentHash;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Parquet as it is written: each column has the type that all its values have; lists, maps and columns of several types
 * are JSON. A field that is absent is held as null.
 */
public final class ParquetForm implements WritableFormat {

    private static final long LAST_SECOND = Long.MAX_VALUE / 1_000_000 - 1; // of microseconds

    private final ParquetFormat parquet = new ParquetFormat();
    private final Compression compression;
    private final String suffix;

    /** @param compression of the pages inside */
    public ParquetForm(Compression compression) {
        this(compression, ".parquet");
    }

    private ParquetForm(Compression compression, String suffix) {
        this.compression = compression;
        this.suffix = suffix;
    }

    /** One whose names say how the pages are packed: {@code .snappy.parquet}. */
    public static ParquetForm named(Compression compression) {
        String packed =
                compression == Compression.NONE ? "" : "." + compression.name().toLowerCase(Locale.ROOT);
        return new ParquetForm(compression, packed + ".parquet");
    }

    @Override
    public String suffix() {
        return suffix;
    }

    @Override
    public void check(Record record) {
        JsonForm.checkAsRead(record);
        for (int i = 0; i < record.fields().size(); i++) {
            Object value = record.at(i);
            boolean there = true;
            if (value instanceof Instant time) there = Math.abs(time.getEpochSecond()) < LAST_SECOND;
            else if (value instanceof LocalDateTime time)
                there = Math.abs(time.toEpochSecond(ZoneOffset.UTC)) < LAST_SECOND;
            else if (value instanceof LocalDate date) there = date.toEpochDay() == (int) date.toEpochDay();
            if (!there) {
                throw JsonForm.bad(
                        record, record.fields().names().get(i), "be a time that 64 bits of microseconds reach", value);
            }
        }
    }

    @Override
    public int mostColumns() {
        return Shapes.MOST_FIELDS;
    }

    @Override
    public Optional<Columns> said(Columns columns) {
        return Optional.of(columns);
    }

    @Override
    public Hash hash(Record record) {
        List<String> names = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < record.fields().size(); i++) {
            if (record.at(i) == null) continue;
            names.add(record.fields().names().get(i));
            values.add(JsonForm.read(record.at(i)));
        }
        return new ContentHash().of(new Fields(names), values.toArray());
    }

    @Override
    public RowForm rows() {
        return new TypedRows();
    }

    @Override
    public RecordWriter write(OutputStream out, Columns columns) throws IOException {
        return new ParquetOutput(out, columns, compression);
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        return parquet.open(bytes, object, keyFields);
    }
}
