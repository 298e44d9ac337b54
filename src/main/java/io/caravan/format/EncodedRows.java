package io.caravan.format;

import io.caravan.record.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Rows in the bytes of their format, behind the number of their shape; typed when there are too many shapes. */
final class EncodedRows implements RowForm {

    /** Writes one row, without its end. */
    @FunctionalInterface
    interface Encoder {
        void write(Record row) throws IOException;
    }

    /** Makes the encoder of a format. */
    @FunctionalInterface
    interface Making {
        Encoder on(OutputStream bytes) throws IOException;
    }

    private static final int TYPED = -1;
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final ShapeNumbers shapes = new ShapeNumbers();
    private final TypedRows typed = new TypedRows();
    private final Bytes bytes = new Bytes();
    private final Encoder encoder;

    EncodedRows(Making making) {
        try {
            this.encoder = making.on(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory", e);
        }
    }

    @Override
    public byte[] of(Record row) {
        int number = shapes.of(row.fields());
        bytes.begin();
        try {
            if (number == TYPED) bytes.write(typed.of(row));
            else encoder.write(row);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory", e);
        }
        return bytes.behind(number);
    }

    @Override
    public void write(RecordWriter writer, String key, byte[] row) throws IOException {
        int number = (int) INTS.get(row, 0);
        if (number != TYPED) writer.write(shapes.shape(number), row, Integer.BYTES);
        else typed.write(writer, key, Arrays.copyOfRange(row, Integer.BYTES, row.length));
    }

    /** One row's, behind a number. */
    private static final class Bytes extends ByteArrayOutputStream {

        Bytes() {
            super(1 << 10);
        }

        void begin() {
            count = Integer.BYTES;
        }

        byte[] behind(int number) {
            INTS.set(buf, 0, number);
            return Arrays.copyOf(buf, count);
        }
    }
}
