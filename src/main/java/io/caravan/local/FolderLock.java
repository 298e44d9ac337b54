package io.caravan.local;

import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Supplier;

/** Lets one at a time, of all processes and threads, start or stop the store in a folder. */
final class FolderLock {

    static final String FILE = "lock";

    private FolderLock() {}

    /** Does the work when nobody else is at it; whoever is killed leaves no lock behind. */
    static <T> T holding(Path folder, Duration patience, Supplier<T> work) {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve(FILE);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                if (!Waiting.until(() -> tryLock(channel), patience)) {
                    throw new UnavailableException(
                            folder.getFileName() + ": another process has been starting or stopping it for "
                                    + patience.toSeconds() + " s (lock " + file + ")",
                            null);
                }
                return work.get();
            }
        } catch (IOException e) {
            throw new UnavailableException(
                    folder.getFileName() + ": " + folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static boolean tryLock(FileChannel channel) {
        try {
            // held until the channel is closed
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // another thread of this process
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
