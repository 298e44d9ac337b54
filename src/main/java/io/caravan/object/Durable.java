package io.caravan.object;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes files and folders outlast a machine that loses its power. */
final class Durable {

    private Durable() {}

    /** The bytes of a file. */
    static void file(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** What a folder holds; where folders cannot be opened, as on Windows, the system sees to it. */
    static void folder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // no such call there
        }
    }

    /** Makes the folders down to this one; those that were made outlast too. */
    static void folders(Path root, Path folder) throws IOException {
        if (Files.isDirectory(folder)) return;
        Path above = folder.getParent();
        if (above != null && !folder.equals(root)) folders(root, above);
        Files.createDirectories(folder);
        if (above != null) folder(above);
    }
}
