package io.caravan.cli;

import io.caravan.error.StoppedException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What the process does when it is told to end by SIGINT, SIGTERM or SIGHUP. The first asks what goes on to end, which has
 * ten seconds for it; the second ends the process at once. Where nothing goes on that has an end of its own, so does the
 * first. The exit code is 128 and the signal's number.
 */
final class Signals {

    /** What goes on, and can end before its time. */
    interface Task {

        /** Asks it to end soon; {@code by}: the signal. */
        void stop(String by);

        /** The same where the process goes on with something else then. */
        default void ask(String by) {
            stop(by);
        }

        /** It did not end in time: says what is known, and asks nobody. */
        void abandon();

        /** Whether it may take as long as it likes to end after it was asked; a second signal ends the process at once all the same. */
        default boolean patient() {
            return false;
        }

        /** What the process ends with: {@code own}, the command's own, or {@code signal}, when that is why it ended. */
        int code(int own, int signal);
    }

    private static final List<String> NAMES = List.of("INT", "TERM", "HUP");
    /** What a terminal, timeout(1) or systemd sends twice is one signal. */
    private static final long ECHO_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** After this, what is known is said. */
    static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final Duration LONGEST = Duration.ofMillis(9_700);
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final Terminal terminal;
    private final Queue<Runnable> last = new ConcurrentLinkedQueue<>();
    private Task task;
    private String first;
    private int number;
    private long firstNanos;
    private boolean refused;
    /** The time that was over last. */
    private Late late;

    private record Late(String by, BooleanSupplier ended) {}

    Signals(Terminal terminal) {
        this.terminal = terminal;
    }

    /** From now on. */
    void listen() {
        NAMES.forEach(name -> OsSignal.listen(name, this::told));
    }

    /** What goes on from now on; throws {@link StoppedException} when a signal came before. Asked to end at once when its time is over. */
    void begin(Task next) {
        Late over;
        synchronized (this) {
            refused = first != null;
            if (refused) throw new StoppedException("caravan: stopped by " + first);
            task = next;
            over = late;
        }
        if (over != null && !over.ended().getAsBoolean()) next.ask(over.by());
    }

    /** Whether one came. */
    synchronized boolean told() {
        return first != null;
    }

    /** What the process ends with when its command does with {@code own}. */
    synchronized int code(int own) {
        if (first == null) return own;
        return refused || task == null ? Exit.SIGNALLED + number : task.code(own, Exit.SIGNALLED + number);
    }

    private void told(String name, int which) {
        long now = System.nanoTime();
        Task asked;
        synchronized (this) {
            if (first != null) {
                if (now - firstNanos > ECHO_NANOS) halt(Exit.SIGNALLED + which);
                return;
            }
            first = name;
            number = which;
            firstNanos = now;
            asked = task;
        }
        if (asked == null) {
            exit(Exit.SIGNALLED + which);
        } else if (asked.patient()) {
            asked.stop(name);
        } else {
            later(LONGEST, () -> halt(code(Exit.FAILED)));
            later(PATIENCE, () -> {
                asked.abandon();
                flush();
                halt(code(Exit.FAILED));
            });
            asked.stop(name);
        }
    }

    /**
     * Asks what goes on to end, and what begins until it has {@code ended}: the command then ends by itself, with its own exit code, and
     * the process goes on where it has something else to do. Where it does not end, the process ends after {@link #PATIENCE}.
     */
    void timeIsOver(String by, BooleanSupplier ended) {
        Task asked;
        synchronized (this) {
            if (first != null) return;
            late = new Late(by, ended);
            asked = task;
        }
        later(PATIENCE, () -> {
            if (ended.getAsBoolean()) return;
            abandon();
            flush();
            halt(code(Exit.FAILED));
        });
        if (asked != null) asked.ask(by);
    }

    private void abandon() {
        Task present;
        synchronized (this) {
            present = task;
        }
        if (present != null) present.abandon();
    }

    /** Asks what goes on to end, which may take as long as it likes. */
    void ask(String by) {
        Task asked;
        synchronized (this) {
            asked = task;
        }
        if (asked != null) asked.ask(by);
    }

    /** What is done when the process ends without its shutdown hooks. */
    void lastly(Runnable work) {
        last.add(work);
    }

    private void halt(int code) {
        try {
            last.forEach(Runnable::run);
        } finally {
            Runtime.getRuntime().halt(code);
        }
    }

    /** Ends the process soon, whatever its other threads do; returns never. */
    void exit(int code) {
        later(AT_ONCE, () -> halt(code));
        flush();
        System.exit(code);
    }

    private void flush() {
        terminal.out().flush();
        terminal.err().flush();
    }

    private static void later(Duration time, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    long end = System.nanoTime() + time.toNanos();
                    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime())
                        LockSupport.parkNanos(left);
                    work.run();
                },
                "caravan-signal");
        thread.setDaemon(true);
        thread.start();
    }
}
