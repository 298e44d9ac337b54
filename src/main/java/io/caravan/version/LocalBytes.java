package io.caravan.version;

import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.record.Sha256;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;

/** Bytes that are written once and read often, on this machine: in memory, or in a temporary file when they are many. */
final class LocalBytes extends OutputStream {

    private static final int MEMORY = 1 << 20;

    private final MessageDigest digest = Sha256.digest();
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private Path file;
    private OutputStream out = memory;
    private long size;

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (file == null && size + length > MEMORY) toFile();
        out.write(bytes, offset, length);
        digest.update(bytes, offset, length);
        size += length;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    private void toFile() throws IOException {
        file = Files.createTempFile("caravan-versions-", "");
        out = new BufferedOutputStream(Files.newOutputStream(file));
        memory.writeTo(out);
        memory = null;
    }

    long size() {
        return size;
    }

    /** Once, behind the last byte. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    InputStream read() throws IOException {
        out.flush();
        return file == null ? new ByteArrayInputStream(memory.toByteArray()) : Files.newInputStream(file);
    }

    void copyTo(OutputStream target) throws IOException {
        try (InputStream in = read()) {
            in.transferTo(target);
        }
    }

    /** Also removes the file. */
    @Override
    public void close() {
        try {
            out.close();
            if (file != null) Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    static UnavailableException failed(IOException e) {
        return new UnavailableException(
                "versions-sink: the folder for temporary files must be usable: " + Words.other(e)
                        + "; free space there, or choose another with -Djava.io.tmpdir",
                e);
    }
}
