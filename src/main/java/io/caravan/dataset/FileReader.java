package io.caravan.dataset;

import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a file that is ours, and takes it away at the end. */
final class FileReader implements RecordReader {

    private final RecordReader reader;
    private final Path file;

    FileReader(RecordReader reader, Path file) {
        this.reader = reader;
        this.file = file;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        return reader.read(bad);
    }

    @Override
    public Optional<String> position() {
        return reader.position();
    }

    @Override
    public void close() {
        try (reader) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
