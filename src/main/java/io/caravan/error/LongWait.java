package io.caravan.error;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once, of a call that takes longer than {@link #QUIET}, for whom it waits.
 *
 * @param whom asks the store, in words for a person; empty while the call waits for nobody that the store knows. Called from
 *     another thread, every five seconds until it knows
 * @param notices hears the words, unless the call is over by then
 */
public record LongWait(Supplier<Optional<String>> whom, Consumer<String> notices) {

    /** Who waits no longer than this says nothing. */
    public static final Duration QUIET = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(LongWait.class);
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    /** A call to a store. */
    @FunctionalInterface
    public interface Call<T, E extends Exception> {
        T make() throws E;
    }

    /** Makes the call. */
    public <T, E extends Exception> T during(Call<T, E> call) throws E {
        Watch watch = new Watch(this);
        ScheduledFuture<?> look =
                CLOCK.scheduleWithFixedDelay(watch::look, QUIET.toMillis(), QUIET.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return call.make();
        } finally {
            watch.over = true;
            look.cancel(false);
        }
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock =
                new ScheduledThreadPoolExecutor(1, work -> daemon(work, "caravan-long-wait"));
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** One call under way. */
    private static final class Watch {

        private final LongWait wait;
        private volatile boolean asking;
        private volatile boolean over;

        Watch(LongWait wait) {
            this.wait = wait;
        }

        /** A store that is slow to say it must not keep the clock from others. */
        void look() {
            if (asking || over) return;
            asking = true;
            daemon(this::ask, "caravan-whom").start();
        }

        private void ask() {
            try {
                Optional<String> known = wait.whom().get();
                if (known.isEmpty()) asking = false;
                else if (!over) wait.notices().accept(known.get());
            } catch (RuntimeException e) {
                // the call itself says what is wrong with the store
                LOG.debug("for whom a call waits cannot be asked", e);
            }
        }
    }
}
