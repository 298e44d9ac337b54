package io.caravan.format;

import io.caravan.record.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The bytes of records that are in memory already, all in UTF-8. */
public final class RecordText {

    private RecordText() {}

    /** One JSON object. */
    public static byte[] json(Record record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonlWriter.one(bytes, record);
        return bytes.toByteArray();
    }

    /** One JSON list. */
    public static byte[] json(List<Record> records) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonlWriter.list(bytes, records);
        return bytes.toByteArray();
    }

    /** A JSON object a line. */
    public static byte[] jsonl(List<Record> records) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(JsonlWriter.lines(bytes), records);
        return bytes.toByteArray();
    }

    /** A header with every field that one of them has, and a row each; what a spreadsheet would take for a formula is neutralised. */
    public static byte[] csv(List<Record> records) throws IOException {
        Set<String> columns = new LinkedHashSet<>();
        records.forEach(r -> columns.addAll(r.fields().names()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(new CsvWriter(bytes, ',', true, List.copyOf(columns)), records);
        return bytes.toByteArray();
    }

    private static void write(RecordWriter writer, List<Record> records) throws IOException {
        try (writer) {
            for (Record record : records) writer.write(record);
        }
    }
}
