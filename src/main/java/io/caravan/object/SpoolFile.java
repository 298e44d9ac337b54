package io.caravan.object;

import io.caravan.object.Spool.Change;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Changes in a file, one behind the other: written once, then read. Not thread-safe. */
final class SpoolFile implements Closeable {

    private static final int BUFFER = 64 << 10;
    private static final int NOTHING = -1;

    private final FileChannel file;
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private String object = "";

    private SpoolFile(FileChannel file) {
        this.file = file;
    }

    static SpoolFile write(Path file) throws IOException {
        return new SpoolFile(FileChannel.open(file, StandardOpenOption.WRITE));
    }

    static SpoolFile read(Path file) throws IOException {
        SpoolFile read = new SpoolFile(FileChannel.open(file, StandardOpenOption.READ));
        read.buffer.limit(0);
        return read;
    }

    void add(Change change) throws IOException {
        boolean same = change.object().equals(object);
        object = change.object();
        putInt(same ? NOTHING : object.length());
        if (!same) put(object.getBytes(StandardCharsets.UTF_8));
        put(change.key().getBytes(StandardCharsets.UTF_8));
        if (change.row() == null) putInt(NOTHING);
        else put(change.row());
    }

    /** The next change; null at the end. */
    Change next() throws IOException {
        if (!buffer.hasRemaining() && !fill(1)) return null;
        if (takeInt() != NOTHING) object = text(take());
        String key = text(take());
        return new Change(object, key, take());
    }

    /** Ends writing. */
    void end() throws IOException {
        drain();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void putInt(int value) throws IOException {
        if (buffer.remaining() < Integer.BYTES) drain();
        buffer.putInt(value);
    }

    private void put(byte[] bytes) throws IOException {
        putInt(bytes.length);
        if (buffer.remaining() < bytes.length) drain();
        if (buffer.remaining() >= bytes.length) {
            buffer.put(bytes);
            return;
        }
        ByteBuffer large = ByteBuffer.wrap(bytes);
        while (large.hasRemaining()) file.write(large);
    }

    private void drain() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) file.write(buffer);
        buffer.clear();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private int takeInt() throws IOException {
        need(Integer.BYTES);
        return buffer.getInt();
    }

    private byte[] take() throws IOException {
        int length = takeInt();
        if (length == NOTHING) return null;
        byte[] bytes = new byte[length];
        int there = Math.min(length, buffer.remaining());
        buffer.get(bytes, 0, there);
        ByteBuffer rest = ByteBuffer.wrap(bytes, there, length - there);
        if (rest.remaining() < BUFFER) {
            need(rest.remaining());
            buffer.get(bytes, there, length - there);
        } else {
            while (rest.hasRemaining()) if (file.read(rest) < 0) throw new EOFException("a file of changes is cut off");
        }
        return bytes;
    }

    private void need(int bytes) throws IOException {
        if (buffer.remaining() < bytes && !fill(bytes)) throw new EOFException("a file of changes is cut off");
    }

    /** Reads until so many bytes are there, at most as many as the buffer holds; false when the file ends before. */
    private boolean fill(int bytes) throws IOException {
        buffer.compact();
        boolean more = true;
        while (buffer.position() < bytes && more) more = file.read(buffer) >= 0;
        buffer.flip();
        return buffer.remaining() >= bytes;
    }
}
