package io.caravan.version;

import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.format.Columns;
import io.caravan.format.JsonText;
import io.caravan.format.RecordWriter;
import io.caravan.format.WritableFormat;
import io.caravan.record.Record;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** The rows of one object before it is written: how many, and which columns, is known before the first goes out. */
final class LocalRows implements AutoCloseable {

    private final Rows rows;
    private final LocalBytes bytes = new LocalBytes();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final Columns columns = new Columns();
    private int count;

    LocalRows(Rows rows) {
        this.rows = rows;
    }

    void add(Record row) {
        try {
            byte[] json = JsonText.bytes(row);
            out.writeInt(json.length);
            out.write(json);
            columns.add(row);
            count++;
        } catch (IOException e) {
            throw LocalBytes.failed(e);
        }
    }

    /** Also has the columns of those: an object without rows says by them what it is. */
    void columnsOf(LocalRows others) {
        columns.add(others.columns);
    }

    int count() {
        return count;
    }

    /** As an object of that format, with its own columns. */
    LocalBytes as(WritableFormat format) {
        return as(format, columns);
    }

    /** As an object of that format, with these columns. */
    LocalBytes as(WritableFormat format, Columns columns) {
        LocalBytes object = new LocalBytes();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(bytes.read()));
                RecordWriter writer = format.write(object, columns)) {
            for (int i = 0; i < count; i++) writer.write(rows.of(in.readNBytes(in.readInt())));
        } catch (IOException e) {
            object.close();
            throw new UnavailableException("versions-sink: rows cannot be written: " + Words.other(e), e);
        }
        return object;
    }

    @Override
    public void close() {
        bytes.close();
    }
}
