package io.caravan.format;

import io.caravan.record.Fields;
import io.caravan.record.Record;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/** Writes rows as Parquet, in row groups of about 16 MiB. */
final class ParquetOutput implements RecordWriter {

    private static final long ROW_GROUP = 16L << 20;

    private final ParquetWriter<Record> writer;

    ParquetOutput(OutputStream out, Columns columns, Compression compression) throws IOException {
        this.writer = new Builder(new Positioned(out), new Support(columns))
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ParquetCodecs())
                .withCompressionCodec(
                        compression == Compression.NONE
                                ? CompressionCodecName.UNCOMPRESSED
                                : CompressionCodecName.valueOf(compression.name()))
                .withRowGroupSize(ROW_GROUP)
                .build();
    }

    @Override
    public void write(Record record) throws IOException {
        writer.write(record);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static final class Builder extends ParquetWriter.Builder<Record, Builder> {

        private final Support support;

        Builder(OutputFile file, Support support) {
            super(file);
            this.support = support;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<Record> getWriteSupport(Configuration configuration) {
            return support;
        }

        @Override
        protected WriteSupport<Record> getWriteSupport(ParquetConfiguration configuration) {
            return support;
        }
    }

    /** Says the values of a record, column by column. */
    private static final class Support extends WriteSupport<Record> {

        private final MessageType schema;
        private final List<String> names;
        private final Kind[] kinds;
        private RecordConsumer out;
        private Fields fields;
        private int[] positions = new int[0];

        Support(Columns columns) {
            this.schema = ParquetTypes.schema(columns);
            this.names = columns.names();
            this.kinds = names.stream().map(columns::kind).toArray(Kind[]::new);
        }

        @Override
        public WriteContext init(Configuration configuration) {
            return new WriteContext(schema, Map.of());
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(schema, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer consumer) {
            out = consumer;
        }

        @Override
        public void write(Record record) {
            if (!record.fields().equals(fields)) learn(record.fields());
            out.startMessage();
            for (int i = 0; i < positions.length; i++) {
                Object value = positions[i] < 0 ? null : record.at(positions[i]);
                if (value == null) continue;
                out.startField(names.get(i), i);
                value(kinds[i], value);
                out.endField(names.get(i), i);
            }
            out.endMessage();
        }

        private void learn(Fields record) {
            positions = names.stream().mapToInt(record::indexOf).toArray();
            if (Arrays.stream(positions).filter(p -> p >= 0).count() != record.size()) {
                throw new IllegalArgumentException(
                        "parquet: columns must have all of " + record + ", got '" + names + "'");
            }
            fields = record;
        }

        private void value(Kind kind, Object value) {
            switch (kind.type()) {
                case TEXT -> out.addBinary(text((String) value));
                case ANY -> out.addBinary(text(JsonlWriter.text(value)));
                case BYTES -> out.addBinary(Binary.fromConstantByteArray((byte[]) value));
                case WHOLE -> out.addLong((Long) value);
                case REAL -> out.addDouble(((Number) value).doubleValue());
                case TRUTH -> out.addBoolean((Boolean) value);
                case DATE -> out.addInteger((int) ((LocalDate) value).toEpochDay());
                case INSTANT -> out.addLong(time((Instant) value, kind));
                case LOCAL_TIME -> out.addLong(time(((LocalDateTime) value).toInstant(ZoneOffset.UTC), kind));
                case DECIMAL -> out.addBinary(decimal(value, kind.scale()));
                case FLOATS -> floats((float[]) value);
                case NONE -> throw new IllegalArgumentException("parquet: a column without values must have none");
            }
        }

        private static long time(Instant time, Kind kind) {
            long unit = kind.scale() == 9 ? 1_000_000_000L : 1_000_000L;
            // a second before 1970 may reach the limit only with its fraction
            long seconds = time.getEpochSecond();
            long fraction = time.getNano() / (1_000_000_000L / unit);
            return seconds < 0
                    ? Math.addExact(Math.multiplyExact(seconds + 1, unit), fraction - unit)
                    : Math.addExact(Math.multiplyExact(seconds, unit), fraction);
        }

        /** Bytes of its own, which the dictionary compares faster than those that the library makes of a text. */
        private static Binary text(String text) {
            return Binary.fromConstantByteArray(text.getBytes(StandardCharsets.UTF_8));
        }

        private static Binary decimal(Object value, int scale) {
            BigDecimal number = value instanceof Long whole ? BigDecimal.valueOf(whole) : (BigDecimal) value;
            BigInteger unscaled = number.setScale(scale).unscaledValue();
            byte[] bytes = new byte[ParquetTypes.DECIMAL_BYTES];
            byte[] shortest = unscaled.toByteArray();
            Arrays.fill(bytes, (byte) (unscaled.signum() < 0 ? -1 : 0));
            System.arraycopy(shortest, 0, bytes, bytes.length - shortest.length, shortest.length);
            return Binary.fromConstantByteArray(bytes);
        }

        private void floats(float[] numbers) {
            out.startGroup();
            if (numbers.length > 0) {
                out.startField("list", 0);
                for (float number : numbers) {
                    out.startGroup();
                    out.startField("element", 0);
                    out.addFloat(number);
                    out.endField("element", 0);
                    out.endGroup();
                }
                out.endField("list", 0);
            }
            out.endGroup();
        }
    }

    /** Where Parquet writes: a stream that knows its position and is left open. */
    private static final class Positioned extends PositionOutputStream implements OutputFile {

        private final OutputStream out;
        private long position;

        Positioned(OutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            position += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            flush();
        }

        @Override
        public PositionOutputStream create(long blockSize) {
            return this;
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) {
            return this;
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
