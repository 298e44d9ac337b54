package io.caravan.vector;

import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.ThreadInterruptedException;

/**
 * The one writer of an index: opened at the first write, which locks the folder against other processes, and closed when
 * nothing was written for a while. A write is durable when it returns, or leaves no trace.
 */
final class LuceneWriter implements AutoCloseable {

    /** A change of the index, made in one commit. */
    @FunctionalInterface
    interface Change<T> {
        T on(Open index) throws IOException;
    }

    /** The open index: its writer, and a reader that sees what was written up to the last {@link #refresh}. */
    static final class Open {

        private final IndexWriter writer;
        private DirectoryReader reader;

        private Open(IndexWriter writer) throws IOException {
            this.writer = writer;
            this.reader = DirectoryReader.open(writer);
        }

        IndexWriter writer() {
            return writer;
        }

        IndexReader reader() {
            return reader;
        }

        void refresh() throws IOException {
            DirectoryReader newer = DirectoryReader.openIfChanged(reader);
            if (newer == null) return;
            reader.close();
            reader = newer;
        }
    }

    private final Path folder;
    private final int dimensions;
    private final Duration idle;
    private final Executor later;
    private Open open;
    private long lastWrite;

    LuceneWriter(Path folder, int dimensions, Duration idle) {
        this.folder = folder;
        this.dimensions = dimensions;
        this.idle = idle;
        this.later = CompletableFuture.delayedExecutor(idle.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Makes the change and commits it; errors: {@link UnavailableException} when the folder cannot be written. */
    synchronized <T> T write(Change<T> change) {
        try {
            if (open == null) {
                open = open();
                later.execute(this::closeWhenIdle);
            }
            T result = change.on(open);
            if (open.writer.hasUncommittedChanges()) {
                open.writer.commit();
                open.refresh();
            }
            lastWrite = System.nanoTime();
            return result;
        } catch (IOException | AlreadyClosedException | ThreadInterruptedException e) {
            rollback(e);
            throw unavailable(e);
        } catch (RuntimeException e) {
            rollback(e);
            throw e;
        }
    }

    synchronized boolean isOpen() {
        return open != null;
    }

    /** Lets go of the index, of which somebody may have deleted the files: the next write looks again at what is there. */
    synchronized void letGo() {
        rollback(new IOException("let go of"));
    }

    @Override
    public synchronized void close() {
        if (open == null) return;
        try {
            open.reader.close();
            open.writer.close();
            open.writer.getDirectory().close();
        } catch (IOException e) {
            throw unavailable(e);
        } finally {
            open = null;
        }
    }

    private synchronized void closeWhenIdle() {
        if (open == null) return;
        if (System.nanoTime() - lastWrite >= idle.toNanos()) close();
        else later.execute(this::closeWhenIdle);
    }

    private Open open() throws IOException {
        FSDirectory directory = FSDirectory.open(folder);
        IndexWriter writer;
        try {
            writer = new IndexWriter(directory, new IndexWriterConfig());
        } catch (LockObtainFailedException e) {
            directory.close();
            throw new UnavailableException(
                    "vectors: " + folder + " is being written by another process or sink; wait until it has ended, or"
                            + " choose another folder with path",
                    e);
        }
        Open opened = new Open(writer);
        Optional<Integer> others = LuceneIndex.dimensions(opened.reader).filter(d -> d != dimensions);
        if (others.isPresent()) {
            opened.reader.close();
            writer.close();
            directory.close();
            throw new ConfigurationException(otherDimensions(others.get(), folder, dimensions));
        }
        return opened;
    }

    static String otherDimensions(int held, Path folder, int wanted) {
        return SettingChecks.sentence("lucene-sink", "dimensions", "be " + held + " as in " + folder, wanted)
                + "; for another model choose another collection, or remove the folder";
    }

    /** Undoes what was not committed; the next write opens the index again. */
    private void rollback(Exception cause) {
        if (open == null) return;
        try {
            open.reader.close();
            open.writer.rollback();
            open.writer.getDirectory().close();
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
        open = null;
    }

    private UnavailableException unavailable(Exception e) {
        return new UnavailableException(
                SettingChecks.sentence("vectors", "path", "be a folder that can be written", folder) + " ("
                        + ServerErrors.words(e) + "); free space, change its rights or correct 'path'",
                e);
    }
}
