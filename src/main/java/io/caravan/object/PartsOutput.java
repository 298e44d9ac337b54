package io.caravan.object;

import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Cuts what is written into parts of 16 MB and makes an object of them only when all is there. Holds the part that is being
 * written and those that are on their way, which are as many as the store takes at once.
 */
final class PartsOutput extends OutputStream {

    static final int PART = 16 << 20;

    private static final int FIRST = 64 << 10;

    /** How a store takes an object. Each call has ended with its bytes when it returns. */
    interface Upload {

        /** All bytes in one request; tells the etag. */
        String whole(byte[] bytes, int length);

        /** Before the first of several parts, in the thread that writes: what it begins, {@link #abort} can end. */
        default void begin() {}

        /** One of several parts, counted from 1; all but the last are full. */
        void part(int number, byte[] bytes, int length);

        /** How many parts may be on their way at once, each in a thread of its own; with 1 they come in their order. */
        default int atOnce() {
            return 1;
        }

        /** Makes the parts the object; tells the etag. */
        String complete();

        /** Leaves the object as it was, and nothing else behind. Never throws; also called when no part was sent. */
        void abort();
    }

    private final Upload upload;
    private final Queue<Future<byte[]>> underWay = new ArrayDeque<>();
    private final Queue<byte[]> free = new ArrayDeque<>();
    private ExecutorService threads;
    private byte[] buffer = new byte[FIRST];
    private int length;
    private int parts;

    private PartsOutput(Upload upload) {
        this.upload = upload;
    }

    /** Sends what {@code content} writes; tells the etag. */
    static String put(String name, ObjectStore.Content content, Upload upload) {
        boolean whole = false;
        PartsOutput out = new PartsOutput(upload);
        try {
            content.writeTo(out);
            String etag = out.finish();
            whole = true;
            return etag;
        } catch (IOException e) {
            throw new UnavailableException(name + ": the object cannot be written: " + Words.other(e), e);
        } finally {
            out.end();
            if (!whole) upload.abort();
        }
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, source.length);
        int from = offset;
        int left = count;
        while (left > 0) {
            if (length == buffer.length) makeRoom();
            int n = Math.min(left, buffer.length - length);
            System.arraycopy(source, from, buffer, length, n);
            length += n;
            from += n;
            left -= n;
        }
    }

    @Override
    public void write(int b) {
        if (length == buffer.length) makeRoom();
        buffer[length++] = (byte) b;
    }

    /** A full part is sent only when more follows, so that the last one is never empty. */
    private void makeRoom() {
        if (length < PART) buffer = Arrays.copyOf(buffer, Math.min(PART, buffer.length * 4));
        else sendPart();
    }

    private void sendPart() {
        if (parts == 0) upload.begin();
        int number = ++parts;
        if (upload.atOnce() == 1) {
            upload.part(number, buffer, length);
        } else {
            while (underWay.size() >= upload.atOnce()) await();
            if (threads == null) threads = Executors.newFixedThreadPool(upload.atOnce(), PartsOutput::thread);
            byte[] bytes = buffer;
            int size = length;
            underWay.add(threads.submit(() -> {
                upload.part(number, bytes, size);
                return bytes;
            }));
            buffer = free.isEmpty() ? new byte[PART] : free.remove();
        }
        length = 0;
    }

    private String finish() {
        if (parts == 0) return upload.whole(buffer, length);
        sendPart();
        while (!underWay.isEmpty()) await();
        return upload.complete();
    }

    /** Until the oldest part has arrived. */
    private void await() {
        try {
            free.add(underWay.remove().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("objects: interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failed) throw failed;
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Returns when no part is on its way any more, whatever becomes of it: then nothing arrives after an abort. */
    private void end() {
        if (threads == null) return;
        threads.shutdownNow();
        boolean interrupted = false;
        while (true) {
            try {
                if (threads.awaitTermination(1, TimeUnit.MINUTES)) break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private static Thread thread(Runnable part) {
        Thread thread = new Thread(part, "caravan-upload");
        thread.setDaemon(true);
        return thread;
    }

    /** What S3 and Azure compare a part with. */
    static byte[] md5(byte[] bytes, int length) {
        MessageDigest md5 = md5();
        md5.update(bytes, 0, length);
        return md5.digest();
    }

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
