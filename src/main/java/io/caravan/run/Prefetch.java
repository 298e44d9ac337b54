package io.caravan.run;

import io.caravan.error.Words;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What a producer emits, made ahead of its consumer by a thread of its own, at most {@code depth} items. The
 * producer's failure reaches the consumer after the items emitted before it, as an exception also when it was an error:
 * a splitter of Camel 4.17 that meets an error waits for ever.
 */
final class Prefetch<T> implements Iterator<T>, AutoCloseable {

    private sealed interface Signal<T> permits Item, End {}

    private record Item<T>(T value) implements Signal<T> {}

    private record End<T>(Throwable failure) implements Signal<T> {}

    private static final int LOOK_MILLIS = 50;
    /** How long a producer that was stopped may take to end: it may wait for a store that says nothing. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final BlockingQueue<Signal<T>> queue;
    private final Thread thread;
    private Signal<T> next;
    private volatile boolean stopped;

    Prefetch(String name, int depth, Consumer<Consumer<T>> producer) {
        queue = new ArrayBlockingQueue<>(depth);
        thread = new Thread(() -> produce(producer), name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public boolean hasNext() {
        if (next == null && !stopped) next = take();
        if (next instanceof End<T> end && end.failure() != null) throw asException(end.failure());
        return next instanceof Item;
    }

    /** Whether the consumer has seen the end of what was emitted. */
    boolean exhausted() {
        return next instanceof End<T> end && end.failure() == null;
    }

    @Override
    public T next() {
        // an item that was seen is not taken back by a stop
        if (!(next instanceof Item) && !hasNext()) throw new NoSuchElementException();
        T value = ((Item<T>) next).value();
        next = null;
        return value;
    }

    /** From now on there is no next item, and the producer ends when it has one; from any thread. */
    void stop() {
        stopped = true;
    }

    /** Stops the producer and waits until it is gone; after {@link #stop} not for ever. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        thread.interrupt();
        long began = System.nanoTime();
        while (thread.isAlive() && !(stopped && System.nanoTime() - began > PATIENCE_NANOS)) {
            queue.clear();
            try {
                thread.join(10);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private void produce(Consumer<Consumer<T>> producer) {
        Throwable failure = null;
        try {
            producer.accept(item -> put(new Item<>(item)));
        } catch (Throwable e) { // handed to the consumer, which throws it
            failure = e;
        }
        try {
            queue.put(new End<>(failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: nobody listens any more
        }
    }

    private void put(Signal<T> signal) {
        try {
            while (!queue.offer(signal, LOOK_MILLIS, TimeUnit.MILLISECONDS)) if (stopped) throw new StoppedException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    /** Null when it was stopped. */
    private Signal<T> take() {
        try {
            Signal<T> taken = null;
            while (taken == null && !stopped) taken = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    private static RuntimeException asException(Throwable failure) {
        return failure instanceof RuntimeException e ? e : new IllegalStateException(Words.of(failure), failure);
    }

    /** The consumer closed, or the thread was interrupted: the work ends here. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("the run was stopped");
        }
    }
}
