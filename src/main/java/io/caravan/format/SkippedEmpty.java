package io.caravan.format;

import io.caravan.error.UnavailableException;
import io.caravan.record.ObjectForm;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Objects of a format, of which one without a byte is one without rows. */
final class SkippedEmpty implements Format {

    private final Format format;

    SkippedEmpty(Format format) {
        this.format = format;
    }

    @Override
    public boolean mayHaveSheets(String object) {
        return format.mayHaveSheets(object);
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        return new RecordReader() {
            private RecordReader reader;
            private boolean empty;

            @Override
            public Optional<Record> read(Consumer<BadRow> bad) {
                if (reader == null && !empty) begin();
                return empty ? Optional.empty() : reader.read(bad);
            }

            private void begin() {
                try {
                    PushbackInputStream all = new PushbackInputStream(bytes, 1);
                    int first = all.read();
                    empty = first < 0;
                    if (empty) return;
                    all.unread(first);
                    reader = format.open(all, object, keyFields);
                } catch (IOException e) {
                    throw new UnavailableException(object + ": reading its first byte failed", e);
                }
            }

            @Override
            public boolean asStored() {
                return false;
            }

            @Override
            public void close() {
                if (reader != null) {
                    reader.close();
                    return;
                }
                try {
                    bytes.close();
                } catch (IOException e) {
                    throw new UnavailableException(object + ": closing failed", e);
                }
            }
        };
    }

    @Override
    public Optional<ObjectForm> form(String object) {
        return Optional.empty();
    }
}
