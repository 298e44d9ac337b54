package io.caravan.format;

import io.caravan.record.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The bytes of records that are in memory already and were checked, all in UTF-8. */
public final class RecordText {

    private static final int FIRST = 1 << 10;
    private static final int LIKELY = 256;

    private interface Text {
        void to(OutputStream bytes) throws IOException;
    }

    private RecordText() {}

    /** One JSON object. */
    public static byte[] json(Record record) {
        return bytes(1, out -> JsonlWriter.one(out, record));
    }

    /** One JSON list. */
    public static byte[] json(List<Record> records) {
        return bytes(records.size(), out -> JsonlWriter.list(out, records));
    }

    /** A JSON object a line. */
    public static byte[] jsonl(List<Record> records) {
        return bytes(records.size(), out -> write(JsonlWriter.lines(out), records));
    }

    /**
     * A header with every field that one of them has, and a row each. {@code neutralise}: whether what a spreadsheet would take for a
     * formula is made harmless.
     */
    public static byte[] csv(List<Record> records, boolean neutralise) {
        Columns columns = new Columns();
        records.forEach(columns::add);
        return bytes(
                records.size(),
                out -> write(new CsvWriter(out, ',', neutralise, List.copyOf(columns.names())), records));
    }

    private static byte[] bytes(int records, Text text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST + records * LIKELY);
        try {
            text.to(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(RecordWriter writer, List<Record> records) throws IOException {
        try (writer) {
            for (Record record : records) writer.write(record);
        }
    }
}
