package io.caravan.vector;

import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.FSDirectory;

/** The newest committed state of an index for readers, who lock nothing; an index that is not there yet is empty. */
final class LuceneSnapshots implements AutoCloseable {

    /** What is done with a snapshot. */
    @FunctionalInterface
    interface Work<T> {
        T on(IndexSearcher searcher) throws IOException;
    }

    /** A snapshot until it is closed. */
    record Snapshot(IndexSearcher searcher, Closeable release) implements Closeable {
        @Override
        public void close() throws IOException {
            release.close();
        }
    }

    private final Path folder;
    private SearcherManager manager;

    LuceneSnapshots(Path folder) {
        this.folder = folder;
    }

    <T> T read(Work<T> work) {
        try (Snapshot snapshot = snapshot()) {
            return work.on(snapshot.searcher());
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    Snapshot snapshot() {
        try {
            SearcherManager current = refreshed();
            if (current == null) return new Snapshot(new IndexSearcher(new MultiReader()), () -> {});
            IndexSearcher searcher = current.acquire();
            return new Snapshot(searcher, () -> current.release(searcher));
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    UnavailableException unavailable(IOException e) {
        return new UnavailableException(
                SettingChecks.sentence("vectors", "path", "lead to a Lucene index that can be read", folder) + " ("
                        + ServerErrors.words(e) + "); restore it or correct 'path'",
                e);
    }

    private synchronized SearcherManager refreshed() throws IOException {
        if (manager != null) {
            manager.maybeRefreshBlocking();
            return manager;
        }
        // opening a directory would create its folder
        if (!folder.toFile().isDirectory()) return null;
        FSDirectory directory = FSDirectory.open(folder);
        if (DirectoryReader.indexExists(directory)) manager = new SearcherManager(directory, null);
        else directory.close();
        return manager;
    }

    @Override
    public synchronized void close() {
        if (manager == null) return;
        try {
            manager.close();
        } catch (IOException e) {
            throw unavailable(e);
        }
        manager = null;
    }
}
