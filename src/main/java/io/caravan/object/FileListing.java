package io.caravan.object;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/** Walks a folder in the order of the full names, as a bucket lists its keys; holds the names of one folder a level. */
final class FileListing implements Iterator<SourceObject> {

    private record Entry(String name, Path path) {
        boolean folder() {
            return name.isEmpty() || name.endsWith("/");
        }
    }

    private final String prefix;
    private final Glob pattern;
    private final Deque<Entry> pending = new ArrayDeque<>();
    private SourceObject next;

    FileListing(Path root, String prefix, Glob pattern) {
        this.prefix = prefix;
        this.pattern = pattern;
        pending.push(new Entry("", root));
    }

    @Override
    public boolean hasNext() {
        while (next == null && !pending.isEmpty()) {
            Entry entry = pending.pop();
            if (entry.folder()) expand(entry);
            else if (isObject(entry.path())) next = FileObjectStore.listed(entry.path(), entry.name());
        }
        return next != null;
    }

    @Override
    public SourceObject next() {
        if (!hasNext()) throw new NoSuchElementException("no more objects");
        SourceObject object = next;
        next = null;
        return object;
    }

    private void expand(Entry folder) {
        TreeMap<String, Entry> children = new TreeMap<>(Collections.reverseOrder());
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder.path())) {
            for (Path path : paths) {
                String last = path.getFileName().toString();
                boolean inner = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                String name = folder.name() + last + (inner ? "/" : "");
                if (!last.startsWith(".") && wanted(name, inner)) children.put(name, new Entry(name, path));
            }
        } catch (AccessDeniedException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence("objects", "the folder", "be readable by us", folder.path())
                            + "; change its rights");
        } catch (IOException e) {
            throw new UnavailableException("objects: the folder " + folder.path() + " cannot be listed", e);
        }
        children.values().forEach(pending::push);
    }

    private boolean wanted(String name, boolean folder) {
        if (folder && prefix.startsWith(name)) return true;
        return name.startsWith(prefix) && (folder || pattern.matches(name));
    }

    /** Files, and links that do not lead to a folder; what cannot be looked at counts, so that opening it says why. */
    private static boolean isObject(Path path) {
        return Files.isRegularFile(path)
                || !Files.exists(path)
                || (Files.isSymbolicLink(path) && !Files.isDirectory(path));
    }
}
