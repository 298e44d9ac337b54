package io.caravan.format;

import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads a stream a few blocks ahead in a thread of its own, so that unpacking costs no time of whoever parses. What fails
 * there is thrown here, after all bytes before it. The thread begins with the first read and ends with {@link #close}.
 */
final class AheadStream extends InputStream {

    private static final int BLOCK = 256 << 10;
    private static final int BLOCKS = 4;
    private static final long PATIENCE_SECONDS = 5;

    /** Bytes, or what ended them: -1 of length, or a failure. */
    private record Block(byte[] bytes, int length, Throwable failure) {}

    private final InputStream in;
    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BLOCKS);
    private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS + 1);
    private Thread reader;
    private Block block = new Block(new byte[0], 0, null);
    private int at;

    AheadStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) return 0;
        if (reader == null) begin();
        while (at == block.length()) next();
        if (block.failure() instanceof IOException e) throw e;
        if (block.failure() instanceof RuntimeException e) throw e;
        if (block.failure() instanceof Error e) throw e;
        if (block.length() < 0) return -1;
        int n = Math.min(length, block.length() - at);
        System.arraycopy(block.bytes(), at, target, offset, n);
        at += n;
        return n;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    private void begin() {
        for (int i = 0; i < BLOCKS; i++) free.add(new byte[BLOCK]);
        reader = new Thread(this::readAhead, "caravan-read-ahead");
        reader.setDaemon(true);
        reader.start();
    }

    private void next() {
        try {
            if (block.length() > 0) free.add(block.bytes());
            block = full.take();
            at = 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("objects: interrupted", e);
        }
    }

    private void readAhead() {
        try {
            while (true) {
                byte[] bytes = free.take();
                int n = in.read(bytes, 0, bytes.length);
                full.add(new Block(bytes, n, null));
                if (n < 0) return;
            }
        } catch (InterruptedException e) {
            // closed
        } catch (IOException | RuntimeException | Error e) {
            full.add(new Block(new byte[0], -1, e));
        }
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.interrupt();
            try {
                reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        in.close();
    }
}
