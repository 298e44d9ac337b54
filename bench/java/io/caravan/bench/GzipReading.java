package io.caravan.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.format.JsonlFormat;
import io.caravan.format.PackedFormat;
import io.caravan.object.FileObjectStore;
import io.caravan.object.ObjectsSource;
import io.caravan.source.Source;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A packed file of JSON lines; the bare client is Jackson on the JDK's stream. */
final class GzipReading implements Reading {

    private static final TypeReference<Map<String, Object>> ROW = new TypeReference<>() {};
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_LONG_FOR_INTS);

    private final Path file;

    GzipReading(Path folder) {
        this.file = folder.resolve("orders.jsonl.gz");
    }

    @Override
    public String name() {
        return "objects-source, JSONL, gzip";
    }

    @Override
    public void prepare(int records) throws IOException {
        try (BufferedWriter out = new BufferedWriter(new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file), 64 << 10), StandardCharsets.UTF_8))) {
            for (int i = 0; i < records; i++) out.write(JsonlReading.line(i));
        }
    }

    @Override
    public Source source() {
        return new ObjectsSource(
                new FileObjectStore(file), new PackedFormat(new JsonlFormat(), 200), "", "*", List.of(Orders.KEY));
    }

    @Override
    public long bare() throws IOException {
        long records = 0;
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file), 64 << 10);
                MappingIterator<Map<String, Object>> rows = JSON.readerFor(ROW).readValues(in)) {
            while (rows.hasNextValue()) if (rows.nextValue().size() == 8) records++;
        }
        return records;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
