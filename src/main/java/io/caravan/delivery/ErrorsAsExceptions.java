package io.caravan.delivery;

import io.caravan.error.Words;

/**
 * Work of a processor whose errors ({@link OutOfMemoryError}, {@link StackOverflowError}, ...) arrive as exceptions: Camel
 * 4.17 catches only those, so that an error on one of its own threads leaves the route, and with it the run and its
 * lease, waiting for ever.
 */
public final class ErrorsAsExceptions {

    /** What a processor does. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    private ErrorsAsExceptions() {}

    public static void run(Work work) throws Exception {
        try {
            work.run();
        } catch (Error e) {
            throw new IllegalStateException(Words.of(e), e);
        }
    }
}
