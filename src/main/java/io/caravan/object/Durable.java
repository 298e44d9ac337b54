package io.caravan.object;

import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Makes files and folders outlast a machine that loses its power. */
final class Durable {

    /** Fewer are brought to the disk one by one: the whole file system waits for what others write to it too. */
    private static final int FEW = 32;

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

    /** The bytes of these files, and what these folders hold, all below the root. */
    static void all(Path root, Collection<Path> files, Collection<Path> folders) {
        if (files.size() + folders.size() > FEW && FileSystemSync.sync(root)) return;
        try {
            for (Path file : files) file(file);
        } catch (IOException e) {
            throw new UnavailableException(root + ": its files cannot be brought to the disk: " + Words.other(e), e);
        }
        folders.forEach(Durable::folder);
    }

    /** Makes the folders down to this one; those that were made outlast too. */
    static void folders(Path root, Path folder) throws IOException {
        List<Path> above = missing(root, folder);
        Files.createDirectories(folder);
        above.forEach(Durable::folder);
    }

    /** The folders that hold those that are not there yet, from the root to this one, the uppermost first. */
    static List<Path> missing(Path root, Path folder) {
        List<Path> above = new ArrayList<>();
        for (Path at = folder; !Files.isDirectory(at) && at.getParent() != null; at = at.getParent()) {
            above.add(0, at.getParent());
            if (at.equals(root)) break;
        }
        return above;
    }
}
