package io.caravan.object;

import io.caravan.object.ObjectStore.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Writes files beside their places, makes the bytes of a thousand outlast at once, then puts each in its place. A file that
 * is in its place is always whole, also after the power failed.
 */
final class FilesTogether implements Together {

    private static final int AT_ONCE = 1000;

    private final FileObjectStore store;
    private final Path root;
    private final Queue<Pending> pending = new ArrayDeque<>();
    private final Set<Path> folders = new LinkedHashSet<>();

    /** A part, the file it becomes; {@code taken} is null where it replaces what is there. */
    private record Pending(String name, Path part, Path file, Runnable taken) {}

    FilesTogether(FileObjectStore store, Path root) {
        this.store = store;
        this.root = root;
    }

    @Override
    public void create(String name, Content content, Runnable taken) {
        add(name, content, taken);
    }

    @Override
    public void put(String name, Content content) {
        add(name, content, null);
    }

    private void add(String name, Content content, Runnable taken) {
        try {
            Path file = store.target(name);
            List<Path> above = Durable.missing(root, file.getParent());
            if (!above.isEmpty()) Files.createDirectories(file.getParent());
            Path part = store.part(name, file, content);
            synchronized (this) {
                pending.add(new Pending(name, part, file, taken));
                folders.addAll(above);
                if (pending.size() >= AT_ONCE) place();
            }
        } catch (IOException e) {
            throw store.notWritten(name, e);
        }
    }

    /** The bytes first: a name never leads to less. */
    private void place() {
        Durable.all(root, pending.stream().map(Pending::part).toList(), folders);
        folders.clear();
        while (!pending.isEmpty()) {
            Pending one = pending.element();
            try {
                if (one.taken() == null) {
                    Files.move(
                            one.part(),
                            one.file(),
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
                } else {
                    if (!FileObjectStore.placed(one.part(), one.file()))
                        one.taken().run();
                    Files.deleteIfExists(one.part());
                }
            } catch (IOException e) {
                throw store.notWritten(one.name(), e);
            }
            folders.add(one.file().getParent());
            pending.remove(); // only now: after a failure nothing is placed twice
        }
    }

    @Override
    public synchronized void finish() {
        place();
        Durable.all(root, List.of(), folders);
        folders.clear();
    }

    @Override
    public synchronized void close() {
        for (Pending one : pending) {
            try {
                Files.deleteIfExists(one.part());
            } catch (IOException e) {
                // begins with a dot: no object, nobody reads it
            }
        }
        pending.clear();
    }
}
