package io.caravan.bench;

import io.caravan.format.CsvFormat;
import io.caravan.object.FileObjectStore;
import io.caravan.object.ObjectsSource;
import io.caravan.source.Source;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A CSV file; the bare client splits its lines and knows of quotes no more than these files need. */
final class CsvReading implements Reading {

    private final Path folder;
    private Path file;

    CsvReading(Path folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return "objects-source, CSV";
    }

    @Override
    public void prepare(int records) throws IOException {
        file = Orders.write(folder, records);
    }

    @Override
    public Source source() {
        return new ObjectsSource(
                new FileObjectStore(file), new CsvFormat(",", List.of()), "", "*", List.of(Orders.KEY));
    }

    @Override
    public long bare() throws IOException {
        long records = 0;
        try (BufferedReader in = Files.newBufferedReader(file)) {
            in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (PlainLoader.split(line).size() == 8) records++;
            }
        }
        return records;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
