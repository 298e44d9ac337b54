package io.caravan.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.error.UnavailableException;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.RecordJson;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Batches that wait for somebody to say that they may go on, in their order: the first ones in memory, all others in a file. */
final class HeldBatches implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final long mostBytes;
    private final List<List<Record>> memory = new ArrayList<>();
    private long bytes;
    private Path file;
    private BufferedWriter writer;

    /** @param mostBytes of records that are kept in memory */
    HeldBatches(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    boolean isEmpty() {
        return memory.isEmpty();
    }

    void add(List<Record> batch) {
        bytes += batch.stream().mapToLong(Record::weight).sum();
        if (memory.isEmpty() || (writer == null && bytes <= mostBytes)) {
            memory.add(batch);
            return;
        }
        try {
            if (writer == null) {
                file = Files.createTempFile("caravan-held-", ".jsonl");
                writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
            }
            for (Record record : batch) writer.append(line(record)).append('\n');
            writer.append('\n');
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Hands all on and holds none any more. */
    void release(Consumer<List<Record>> out) {
        memory.forEach(out);
        memory.clear();
        bytes = 0;
        if (writer == null) return;
        try {
            writer.close();
            List<Record> batch = new ArrayList<>();
            try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.isEmpty()) {
                        batch.add(record(line));
                        continue;
                    }
                    out.accept(batch);
                    batch = new ArrayList<>();
                }
            }
        } catch (IOException e) {
            throw failed(e);
        } finally {
            close();
        }
    }

    /** Forgets all. */
    @Override
    public void close() {
        memory.clear();
        bytes = 0;
        if (writer == null) return;
        try (BufferedWriter closed = writer) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(e);
        } finally {
            writer = null;
        }
    }

    private static String line(Record record) {
        ObjectNode line = JSON.createObjectNode();
        line.put("object", record.origin().object());
        line.put("part", record.origin().part());
        line.put("line", record.origin().line());
        line.put("changed", record.changedRun());
        line.put("record", RecordJson.write(record));
        return line.toString();
    }

    private static Record record(String text) throws IOException {
        JsonNode line = JSON.readTree(text);
        Origin origin = new Origin(
                line.get("object").textValue(),
                line.get("part").textValue(),
                line.get("line").longValue());
        return RecordJson.read(line.get("record").textValue(), origin)
                .changedIn(line.get("changed").longValue());
    }

    private static UnavailableException failed(IOException e) {
        return new UnavailableException(
                "the temporary folder: records that wait could not be kept or read: " + e.getMessage(), e);
    }
}
