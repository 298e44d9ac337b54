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
import java.util.function.BiConsumer;

/** Opens every temporary file of ours as soon as it is made, so that it can be read when it is deleted already. */
public final class TemporaryFiles implements AutoCloseable {

    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"));

    private final WatchService watch = FileSystems.getDefault().newWatchService();
    private final Map<Path, FileChannel> open = new ConcurrentHashMap<>();

    public TemporaryFiles() throws IOException {
        FOLDER.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        Thread thread = new Thread(this::watch, "temporary-files");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            for (WatchKey key = watch.take(); ; key = watch.take()) {
                for (WatchEvent<?> event : key.pollEvents())
                    open(FOLDER.resolve(event.context().toString()));
                key.reset();
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            // it is over
        }
    }

    private void open(Path file) {
        if (!file.getFileName().toString().startsWith("caravan-")) return;
        try {
            if (Files.isRegularFile(file)) open.put(file, FileChannel.open(file));
            if (!Files.isDirectory(file)) return;
            try (DirectoryStream<Path> all = Files.newDirectoryStream(file)) {
                for (Path inside : all) if (Files.isRegularFile(inside)) open.put(inside, FileChannel.open(inside));
            }
        } catch (NoSuchFileException e) {
            // it was another's, or empty: what is written takes longer
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every file that was seen, as it was when it was written last. */
    public void each(BiConsumer<Path, byte[]> action) throws IOException {
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
