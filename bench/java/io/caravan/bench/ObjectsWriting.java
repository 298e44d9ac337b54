package io.caravan.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import io.caravan.delivery.Sink;
import io.caravan.endpoint.TestContext;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectsSink;
import io.caravan.object.ObjectsSinks;
import io.caravan.record.Record;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * One object with all rows, the same on both sides. The bare client is the format's library writing a file, which is then
 * synced and moved into its place, or put to S3. It need not sort: the orders come in the order of their keys.
 */
final class ObjectsWriting implements Writing {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType("message m {"
            + " optional binary _key (STRING); optional binary order_id (STRING); optional binary customer_id (STRING);"
            + " optional binary product (STRING); optional int64 quantity;"
            + " optional fixed_len_byte_array(16) price (DECIMAL(38,2)); optional boolean paid;"
            + " optional int64 ordered_at (TIMESTAMP(MICROS,true)); optional binary note (STRING); }");

    /** Where the object ends up. */
    private interface Place extends AutoCloseable {

        void empty() throws IOException;

        /** Puts a file there under that name; the file may be moved. */
        void put(Path file, String name) throws Exception;

        String output();

        ObjectAccess access();

        @Override
        void close() throws IOException;
    }

    private final Place place;
    private final Path folder;
    private final String format;
    private final boolean gzip;
    private final String title;
    private final String object;

    private ObjectsWriting(Place place, Path folder, String format, String title) {
        this.place = place;
        this.folder = folder;
        this.format = format.replace(".gz", "");
        this.gzip = format.endsWith(".gz");
        this.title = title + ", " + format;
        this.object = "part-00000-of-00001." + format;
    }

    static ObjectsWriting folder(Path folder, String format) throws IOException {
        Files.createDirectories(folder);
        return new ObjectsWriting(new Folder(folder), folder.getParent(), format, "objects-sink, file");
    }

    static ObjectsWriting s3(Path folder, String format) {
        return new ObjectsWriting(new Bucket(), folder, format, "objects-sink, S3 (s3proxy)");
    }

    @Override
    public String name() {
        return title;
    }

    @Override
    public int rated() {
        return 1_000_000;
    }

    @Override
    public int keys() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void empty() throws IOException {
        place.empty();
    }

    private interface Writer {
        void write(Record row) throws IOException;

        void close() throws IOException;
    }

    @Override
    public Bare bare() throws IOException {
        Path file = Files.createTempFile(folder, "bare", "");
        Writer writer = format.equals("parquet") ? parquet(file) : format.equals("csv") ? csv(file) : jsonl(file);
        return new Bare() {
            @Override
            public void write(List<Record> batch) throws IOException {
                for (Record row : batch) writer.write(row);
            }

            @Override
            public void flush() throws Exception {
                writer.close();
                place.put(file, object);
            }

            @Override
            public void close() throws IOException {
                Files.deleteIfExists(file);
            }
        };
    }

    private OutputStream stream(Path file) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return gzip ? new GZIPOutputStream(out, 64 << 10) : new BufferedOutputStream(out, 64 << 10);
    }

    private Writer jsonl(Path file) throws IOException {
        SequenceWriter out = JSON.writer().withRootValueSeparator("\n").writeValues(stream(file));
        return new Writer() {
            @Override
            public void write(Record r) throws IOException {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("_key", r.key());
                for (int i = 0; i < r.fields().size(); i++)
                    row.put(r.fields().names().get(i), plain(r.at(i)));
                out.write(row);
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }

    private Writer csv(Path file) throws IOException {
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(stream(file), StandardCharsets.UTF_8), 64 << 10);
        out.write("_key,order_id,customer_id,product,quantity,price,paid,ordered_at,note\n");
        return new Writer() {
            @Override
            public void write(Record r) throws IOException {
                cell(r.key());
                for (int i = 0; i < r.fields().size(); i++) {
                    out.write(',');
                    cell(r.at(i).toString());
                }
                out.write('\n');
            }

            private void cell(String text) throws IOException {
                boolean quoted = text.indexOf(',') >= 0 || text.indexOf('"') >= 0 || text.indexOf('\n') >= 0;
                out.write(quoted ? '"' + text.replace("\"", "\"\"") + '"' : text);
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }

    private static Writer parquet(Path file) throws IOException {
        Files.delete(file);
        ParquetWriter<Group> out = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(SCHEMA)
                .withConf(new PlainParquetConfiguration())
                .withRowGroupSize(16L << 20)
                .build();
        return new Writer() {
            @Override
            public void write(Record r) throws IOException {
                Group row = new SimpleGroup(SCHEMA);
                row.append("_key", r.key());
                for (int i = 0; i < r.fields().size(); i++)
                    append(row, r.fields().names().get(i), r.at(i));
                out.write(row);
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }

    private static void append(Group row, String name, Object value) {
        if (value instanceof String text) row.append(name, text);
        else if (value instanceof Long number) row.append(name, number);
        else if (value instanceof Boolean truth) row.append(name, truth);
        else if (value instanceof Instant time) row.append(name, time.getEpochSecond() * 1_000_000);
        else if (value instanceof BigDecimal number) row.append(name, Binary.fromConstantByteArray(sixteen(number)));
    }

    private static byte[] sixteen(BigDecimal number) {
        BigInteger unscaled = number.setScale(2).unscaledValue();
        byte[] shortest = unscaled.toByteArray();
        byte[] bytes = new byte[16];
        System.arraycopy(shortest, 0, bytes, 16 - shortest.length, shortest.length);
        return bytes;
    }

    private static Object plain(Object value) {
        return value instanceof Instant ? value.toString() : value;
    }

    @Override
    public Sink sink() {
        return open();
    }

    private ObjectsSink open() {
        return TestContext.knownTo(ObjectsSinks.of(
                "objects",
                place.output(),
                "",
                format,
                gzip ? "gzip" : "none",
                1,
                "",
                "_key",
                "",
                ",",
                false,
                false,
                place.access()));
    }

    /** Read back, which also shows that the bare client wrote what Caravan would. */
    @Override
    public long held() {
        try (ObjectsSink sink = open();
                Stream<String> keys = sink.keys()) {
            return keys.count();
        }
    }

    @Override
    public void close() throws IOException {
        place.empty();
        place.close();
    }

    private record Folder(Path folder) implements Place {

        @Override
        public void empty() throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) Files.delete(file);
            }
        }

        @Override
        public void put(Path file, String name) throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(file, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public String output() {
            return folder.toString();
        }

        @Override
        public ObjectAccess access() {
            return ObjectAccess.DEFAULT;
        }

        @Override
        public void close() {}
    }

    private static final class Bucket implements Place {

        private static final String NAME = "bench-orders";

        private final S3Client client = PeerStores.s3();

        Bucket() {
            PeerStores.bucket(client, NAME);
        }

        @Override
        public void empty() {
            client.listObjectsV2(list -> list.bucket(NAME))
                    .contents()
                    .forEach(o ->
                            client.deleteObject(delete -> delete.bucket(NAME).key(o.key())));
        }

        @Override
        public void put(Path file, String name) throws Exception {
            try (InputStream content = Files.newInputStream(file)) {
                PeerStores.put(client, NAME, name, content);
            }
        }

        @Override
        public String output() {
            return "s3://" + NAME;
        }

        @Override
        public ObjectAccess access() {
            return PeerStores.s3Access();
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
