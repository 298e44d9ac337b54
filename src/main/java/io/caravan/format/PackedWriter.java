package io.caravan.format;

import io.caravan.record.Fields;
import io.caravan.record.Record;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Packs what another writer writes; what it is given to write to stays open. */
final class PackedWriter implements RecordWriter {

    /** Makes the writer of a format. */
    @FunctionalInterface
    interface Making {
        RecordWriter on(OutputStream out) throws IOException;
    }

    private final OutputStream packing;
    private final RecordWriter writer;

    PackedWriter(Compression compression, OutputStream out, Making making) throws IOException {
        this.packing = compression.pack(new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        });
        this.writer = making.on(packing);
    }

    @Override
    public void write(Record record) throws IOException {
        writer.write(record);
    }

    @Override
    public void write(Fields fields, byte[] row, int begin) throws IOException {
        writer.write(fields, row, begin);
    }

    @Override
    public void close() throws IOException {
        writer.close();
        packing.close();
    }
}
