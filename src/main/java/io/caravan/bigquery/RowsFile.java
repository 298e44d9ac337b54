package io.caravan.bigquery;

import io.caravan.error.UnavailableException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Rows on their way, in a temporary file that only its owner can read; gone when closed, or with the process. */
final class RowsFile implements AutoCloseable {

    private final String unit;
    private final FileChannel file;

    RowsFile(String unit) {
        this.unit = unit;
        try {
            Path path = Files.createTempFile("caravan-", ".jsonl");
            this.file = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** All of it, or nothing. */
    void append(ByteBuffer buffer) {
        try {
            long before = file.size();
            try {
                while (buffer.hasRemaining()) file.write(buffer, before + buffer.position());
            } catch (IOException e) {
                file.truncate(before);
                throw e;
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    long size() {
        try {
            return file.size();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Copies a part of it; an error of the target is thrown as it is. */
    void copyTo(WritableByteChannel target, long begin, long end) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        for (long at = begin; at < end; buffer.clear()) {
            buffer.limit((int) Math.min(buffer.capacity(), end - at));
            if (file.read(buffer, at) < 0) throw new EOFException("the file for rows is shorter than it was");
            at += buffer.flip().remaining();
            while (buffer.hasRemaining()) target.write(buffer);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private UnavailableException failed(IOException e) {
        return new UnavailableException(
                unit + ": the folder for temporary files cannot be written: " + e.getMessage()
                        + "; free space there, or choose another with -Djava.io.tmpdir",
                e);
    }
}
