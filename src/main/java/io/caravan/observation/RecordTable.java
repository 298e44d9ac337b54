package io.caravan.observation;

import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.format.Format;
import io.caravan.format.SheetRows;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A table as records of a format. */
final class RecordTable implements TableRows {

    private final String object;
    private final boolean fixed;
    private final RecordReader reader;
    private final Map<String, String> parts = new HashMap<>();
    private Fields fields = Fields.of();
    private Record record;

    /** @param fixed whether all records have the same fields */
    RecordTable(Path file, String object, Format format, boolean fixed) {
        this.object = object;
        this.fixed = fixed;
        try {
            this.reader = format.open(Files.newInputStream(file), object, List.of());
        } catch (IOException e) {
            throw new UnavailableException(object + ": the file cannot be read: " + Words.other(e), e);
        }
    }

    @Override
    public boolean next(Consumer<BadRow> bad) {
        record = reader.read(bad).orElse(null);
        if (record != null && record.fields() != fields && !record.fields().equals(fields)) fields = record.fields();
        return record != null;
    }

    @Override
    public List<String> names() {
        return fields.names();
    }

    @Override
    public Cell cell(int column, String name) {
        String part = parts.computeIfAbsent(name, n -> "column " + n + ", row ");
        Origin origin = new Origin(object, part, record.origin().line());
        return new Cell(origin, column < 0 ? null : record.at(column), null);
    }

    @Override
    public boolean fixed() {
        return fixed;
    }

    @Override
    public SheetRows sheet() {
        return null;
    }

    @Override
    public void close() {
        reader.close();
    }
}
