package io.caravan.object;

import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Gathers changes in any number and gives them back sorted by object and key, of each key the newest. Holds a few
 * megabytes in memory and the rest in sorted files of a temporary folder. Not thread-safe.
 */
public final class Spool implements AutoCloseable {

    /** What one object is to hold under a key: bytes that their maker understands, null for nothing. */
    public record Change(String object, String key, byte[] row) {
        long size() {
            return 100L + 2L * key.length() + (row == null ? 0 : row.length);
        }
    }

    private static final Comparator<Change> ORDER = Spool::compare;
    private static final int FAN_IN = 32;

    private record Run(Path file, int level) {}

    private final long memory;
    private final List<Run> runs = new ArrayList<>(); // oldest first
    private final List<Change> held = new ArrayList<>();
    private long size;
    private boolean ascending = true; // what is held came in order, as much does, each key once
    private Path folder;

    /** @param memory how many bytes may be held before they are written to a file */
    public Spool(long memory) {
        this.memory = memory;
    }

    public boolean isEmpty() {
        return held.isEmpty() && runs.isEmpty();
    }

    public void add(Change change) {
        if (!held.isEmpty() && ORDER.compare(held.get(held.size() - 1), change) >= 0) ascending = false;
        held.add(change);
        size += change.size();
        if (size < memory) return;
        try {
            if (folder == null) folder = Files.createTempDirectory("caravan-objects-");
            runs.add(write(new Newest(held()), 0));
            empty();
            while (mergeLast()) {
                // until no level is full
            }
        } catch (IOException | UncheckedIOException e) {
            throw new UnavailableException(
                    "objects-sink: the folder for temporary files cannot be written: " + Words.other(e)
                            + "; free space there, or choose another with -Djava.io.tmpdir",
                    e);
        }
    }

    /** All changes in order; closing it leaves the spool as it is. */
    public Newest sorted() {
        try {
            List<Cursor> cursors = new ArrayList<>();
            for (Run run : runs) cursors.add(new Cursor(run.file(), cursors.size()));
            cursors.addAll(held());
            return new Newest(cursors);
        } catch (IOException e) {
            throw new UnavailableException("objects-sink: its temporary files cannot be read: " + Words.other(e), e);
        }
    }

    /** Forgets all changes. */
    public void clear() {
        empty();
        for (Run run : runs) delete(run.file());
        runs.clear();
    }

    private void empty() {
        held.clear();
        size = 0;
        ascending = true;
    }

    @Override
    public void close() {
        clear();
        if (folder != null) delete(folder);
        folder = null;
    }

    private static int compare(Change a, Change b) {
        // most of them are for one object, whose name is one instance
        String object = a.object();
        int order = object == b.object() ? 0 : object.compareTo(b.object());
        return order != 0 ? order : a.key().compareTo(b.key());
    }

    /** What is in memory; the sort keeps what came later behind, so that the newest of a key is taken last. */
    private List<Cursor> held() {
        if (ascending) return List.of(new Cursor(held.iterator(), Integer.MAX_VALUE));
        held.sort(ORDER);
        List<Change> newest = new ArrayList<>(held.size());
        for (Change change : held) {
            int last = newest.size() - 1;
            if (last >= 0 && ORDER.compare(newest.get(last), change) == 0) newest.set(last, change);
            else newest.add(change);
        }
        return List.of(new Cursor(newest.iterator(), Integer.MAX_VALUE));
    }

    /** Makes one file of the newest ones when there are many of one size. */
    private boolean mergeLast() throws IOException {
        int from = runs.size() - FAN_IN;
        if (from < 0 || runs.get(from).level() != runs.get(runs.size() - 1).level()) return false;
        List<Run> old = new ArrayList<>(runs.subList(from, runs.size()));
        List<Cursor> cursors = new ArrayList<>();
        for (Run run : old) cursors.add(new Cursor(run.file(), cursors.size()));
        Run merged = write(new Newest(cursors), old.get(0).level() + 1);
        runs.subList(from, runs.size()).clear();
        runs.add(merged);
        old.forEach(run -> delete(run.file()));
        return true;
    }

    private Run write(Newest changes, int level) throws IOException {
        Path file = Files.createTempFile(folder, "run", "");
        try (changes;
                SpoolFile out = SpoolFile.write(file)) {
            while (changes.hasNext()) out.add(changes.next());
            out.end();
        }
        return new Run(file, level);
    }

    private static void delete(Path file) {
        var unused = file.toFile().delete();
    }

    /** One sorted sequence of changes; of two with one key, that of the higher age is the newer. */
    private static final class Cursor implements AutoCloseable {

        private final SpoolFile file;
        private final Iterator<Change> memory;
        private final int age;
        private Change head;

        Cursor(Path file, int age) throws IOException {
            this.file = SpoolFile.read(file);
            this.memory = null;
            this.age = age;
            advance();
        }

        Cursor(Iterator<Change> memory, int age) {
            this.file = null;
            this.memory = memory;
            this.age = age;
            advance();
        }

        void advance() {
            try {
                if (file != null) head = file.next();
                else head = memory.hasNext() ? memory.next() : null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                if (file != null) file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Several sorted sequences as one, of each key the newest. */
    public static final class Newest implements Iterator<Change>, AutoCloseable {

        private static final Comparator<Cursor> FIRST = (a, b) -> {
            int order = compare(a.head, b.head);
            return order != 0 ? order : Integer.compare(b.age, a.age);
        };

        private final List<Cursor> cursors;
        /** All that have more but {@link #current}, which comes before them: changes often come sorted. */
        private final PriorityQueue<Cursor> queue = new PriorityQueue<>(FIRST);

        private Cursor current;

        private Newest(List<Cursor> cursors) {
            this.cursors = cursors;
            cursors.stream().filter(c -> c.head != null).forEach(queue::add);
            current = queue.poll();
        }

        @Override
        public boolean hasNext() {
            return current != null;
        }

        /** The next change without taking it. */
        public Change peek() {
            if (current == null) throw new NoSuchElementException("no more changes");
            return current.head;
        }

        @Override
        public Change next() {
            Change newest = peek();
            do {
                current.advance();
                if (current.head == null) {
                    current = queue.poll();
                } else if (!queue.isEmpty() && FIRST.compare(current, queue.peek()) > 0) {
                    queue.add(current);
                    current = queue.poll();
                }
            } while (current != null && compare(current.head, newest) == 0);
            return newest;
        }

        @Override
        public void close() {
            cursors.forEach(Cursor::close);
        }
    }
}
