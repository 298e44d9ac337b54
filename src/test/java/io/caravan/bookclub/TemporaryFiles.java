package io.caravan.bookclub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Opens every temporary file of ours as soon as it is seen, so that it can be read when it is deleted already; on Linux also those that
 * have no name any more, as with {@code DELETE_ON_CLOSE}.
 */
final class TemporaryFiles implements AutoCloseable {

    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"));
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final String DELETED = " (deleted)";

    private final WatchService watch = FileSystems.getDefault().newWatchService();
    private final Map<Path, FileChannel> open = new ConcurrentHashMap<>();

    TemporaryFiles() throws IOException {
        FOLDER.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        Thread thread = new Thread(this::watch, "temporary-files");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            while (true) {
                WatchKey key = watch.poll(50, TimeUnit.MILLISECONDS);
                if (key != null) {
                    for (WatchEvent<?> event : key.pollEvents()) {
                        if (event.context() != null)
                            named(FOLDER.resolve(event.context().toString()));
                        else all(); // more were made than are told
                    }
                    key.reset();
                }
                if (Files.isDirectory(DESCRIPTORS)) nameless();
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            // it is over
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void named(Path file) throws IOException {
        if (!file.getFileName().toString().startsWith("caravan-")) return;
        open(file, file);
        if (!Files.isDirectory(file)) return;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(file)) {
            for (Path inside : all) open(inside, inside);
        } catch (NoSuchFileException e) {
            // it was another's, or had nothing
        }
    }

    private void all() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(FOLDER, "caravan-*")) {
            for (Path file : all) named(file);
        }
    }

    private void nameless() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : all) {
                String file = leadsTo(descriptor);
                if (file.startsWith(FOLDER + "/caravan-") && file.endsWith(DELETED))
                    open(Path.of(file.substring(0, file.length() - DELETED.length())), descriptor);
            }
        }
    }

    private static String leadsTo(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return ""; // it was closed
        }
    }

    private void open(Path file, Path by) throws IOException {
        if (open.containsKey(file) || !Files.isRegularFile(by)) return;
        try {
            open.put(file, FileChannel.open(by));
        } catch (NoSuchFileException e) {
            // it was another's, or empty: what is written takes longer
        }
    }

    /** Every file that was seen, as it was when it was written last. */
    void each(BiConsumer<Path, byte[]> action) throws IOException {
        for (Map.Entry<Path, FileChannel> file : open.entrySet()) {
            file.getValue().position(0);
            action.accept(
                    file.getKey(), Channels.newInputStream(file.getValue()).readAllBytes());
        }
    }

    boolean saw(String prefix) {
        return open.keySet().stream()
                .anyMatch(file -> file.getFileName().toString().startsWith(prefix));
    }

    @Override
    public void close() throws IOException {
        watch.close();
        for (FileChannel file : open.values()) file.close();
    }
}
