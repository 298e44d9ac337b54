package io.caravan.format;

import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** An object as a temporary file, for formats that are not read from the first byte to the last; gone when closed. */
final class LocalCopy implements AutoCloseable {

    private final Path file;

    /** Reads the object to its end. */
    LocalCopy(InputStream bytes, String object) {
        Path made = null;
        try {
            made = Files.createTempFile("caravan-", ".copy");
            try (var out = Files.newOutputStream(made)) {
                bytes.transferTo(out);
            }
            this.file = made;
        } catch (IOException e) {
            remove(made);
            throw new UnavailableException(
                    object + ": the object cannot be copied to this machine: " + Words.other(e), e);
        } catch (RuntimeException e) {
            remove(made);
            throw e;
        }
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        remove(file);
    }

    private static void remove(Path file) {
        if (file != null) {
            var unused = file.toFile().delete();
        }
    }
}
