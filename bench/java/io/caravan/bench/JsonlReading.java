package io.caravan.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.format.JsonlFormat;
import io.caravan.object.FileObjectStore;
import io.caravan.object.ObjectsSource;
import io.caravan.source.Source;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A file of one JSON object a line; the bare client is Jackson. */
final class JsonlReading implements Reading {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    JsonlReading(Path folder) {
        this.file = folder.resolve("orders.jsonl");
    }

    @Override
    public String name() {
        return "objects-source, JSONL";
    }

    @Override
    public void prepare(int records) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < records; i++) out.write(line(i));
        }
    }

    static String line(int i) {
        return ("{\"order_id\":\"order-%09d\",\"customer_id\":\"customer-%d\",\"product\":\"product %d\",\"quantity\":%d,"
                        + "\"price\":%d.25,\"paid\":%b,\"ordered_at\":\"2025-01-01T00:%02d:%02dZ\","
                        + "\"note\":\"gift wrapped call before größer %d\"}%n")
                .formatted(i, i % 10_000, i % 1_000, 1 + i % 20, i % 500, i % 2 == 0, i / 60 % 60, i % 60, i % 7);
    }

    @Override
    public Source source() {
        return new ObjectsSource(new FileObjectStore(file), new JsonlFormat(), "", "*", List.of(Orders.KEY));
    }

    @Override
    public long bare() throws IOException {
        long records = 0;
        try (BufferedReader in = Files.newBufferedReader(file)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (JSON.readValue(line, Map.class).size() == 8) records++;
            }
        }
        return records;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
