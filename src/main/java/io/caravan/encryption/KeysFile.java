package io.caravan.encryption;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** The file of a registry: only its owner may read it, and it is the old one or the new one whole, whatever happens. */
public final class KeysFile {

    private final Path file;

    public KeysFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    public boolean exists() {
        return Files.exists(file);
    }

    public KeysJson read() {
        try {
            return KeysJson.of(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new ConfigurationException(SettingChecks.sentence("keys", "file", "be a readable file", file)
                    + "; make one by caravan keys add");
        }
    }

    /** Changes the registry, one process at a time. {@code fresh}: what it is where there is no file. */
    public <T> T change(Optional<KeysJson> fresh, Function<KeysJson, T> change) {
        synchronized (KeysFile.class) { // a lock of a file is the process's, not the thread's
            return changeAlone(fresh, change);
        }
    }

    private <T> T changeAlone(Optional<KeysJson> fresh, Function<KeysJson, T> change) {
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        try (FileChannel channel =
                        FileChannel.open(lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), owner());
                FileLock held = channel.lock()) {
            KeysJson keys = exists() || fresh.isEmpty() ? read() : fresh.get();
            T result = change.apply(keys);
            if (held.isValid()) write(keys.text());
            return result;
        } catch (IOException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence("keys", "file", "be one that can be written", file) + "; " + Words.other(e));
        }
    }

    private void write(String text) throws IOException {
        Path next = file.resolveSibling("." + file.getFileName() + "-" + UUID.randomUUID());
        try (FileChannel channel =
                FileChannel.open(next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner())) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
        }
        try {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private static FileAttribute<?>[] owner() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
