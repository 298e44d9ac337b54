package io.caravan.object;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One writer at a time in a folder, among all processes of a machine that replace a file there if it is still the same. The
 * system lets go of it when a process ends, however it ends. The file of the lock begins with a dot, so it is no object; it stays.
 */
final class FolderLock implements AutoCloseable {

    private static final String NAME = ".caravan.lock";
    /** A file's lock is the process's, not the thread's. */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock threads;
    private final FileChannel file;
    private final FileLock lock;

    private FolderLock(ReentrantLock threads, FileChannel file, FileLock lock) {
        this.threads = threads;
        this.file = file;
        this.lock = lock;
    }

    /** Waits until it is ours. */
    static FolderLock of(Path folder) throws IOException {
        Path path = folder.toRealPath().resolve(NAME);
        ReentrantLock threads = THREADS.computeIfAbsent(path, p -> new ReentrantLock());
        threads.lock();
        FileChannel file = null;
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new FolderLock(threads, file, file.lock());
        } catch (IOException | RuntimeException e) {
            if (file != null) file.close();
            threads.unlock();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            lock.release();
            file.close();
        } finally {
            threads.unlock();
        }
    }
}
