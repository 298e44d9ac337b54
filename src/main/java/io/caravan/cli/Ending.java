package io.caravan.cli;

import io.caravan.run.Mode;
import io.caravan.run.Progress;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.Stop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How a trip ends, by itself or by a signal: with one report, said once. A trip that was over when the signal came, and one
 * that got everything done all the same, ends with its own exit code.
 */
final class Ending implements Signals.Task {

    /** How long a trip that is about to begin may take to, so that it can be stopped as one that goes on. */
    private static final long OPENING_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** How long the ledger may take to hear the end of a run that a silent store holds up. */
    private static final Duration LEDGER_PATIENCE = Duration.ofSeconds(1);

    private final Shell shell;
    private final String pipeline;
    private final Mode mode;
    private final boolean json;
    private final ProgressLine line;
    private final long startedNanos = System.nanoTime();
    private boolean sent;
    private Progress progress;
    private RunReport report;
    private String by;
    private boolean overBefore;
    private boolean said;

    Ending(Shell shell, String pipeline, Mode mode, boolean json, ProgressLine line) {
        this.shell = shell;
        this.pipeline = pipeline;
        this.mode = mode;
        this.json = json;
        this.line = line;
    }

    /** The routes are up, the request is sent. */
    synchronized void sending() {
        sent = true;
    }

    /** It goes on. */
    void goesOn(Progress run) {
        String told;
        synchronized (this) {
            line.show(run);
            progress = run;
            told = by;
            notifyAll();
        }
        if (told != null) run.stop(told); // it was told already that nothing is written
    }

    /** It has ended; some things may still have to be closed. */
    synchronized void ended(RunReport with) {
        report = with;
        overBefore = by == null;
        notifyAll();
    }

    /** It was broken off: the report of a trip that a signal stopped; throws what broke off any other. */
    synchronized RunReport brokenOff(Exception failure) throws Exception {
        if (by == null) throw failure;
        if (report == null) {
            report = without(
                    Stop.sentence(pipeline, mode, by), Failure.of(failure).sentence());
        }
        return report;
    }

    /** Returns when it is the caller's to say what the trip did; never when that was said already. */
    void toBeSaid() {
        if (claim()) return;
        while (true) LockSupport.park(); // the process ends
    }

    @Override
    public void stop(String signal) {
        Progress going = asked(signal);
        if (going != null) going.stop(signal);
    }

    /** What has not begun yet is stopped as it begins. */
    @Override
    public void ask(String why) {
        Progress going;
        synchronized (this) {
            by = why;
            going = report == null ? progress : null;
        }
        if (going != null) going.stop(why);
    }

    /** What goes on and is to be stopped; null when it is over. Ends the process when nothing has begun. */
    private Progress asked(String signal) {
        synchronized (this) {
            by = signal;
            if (report != null) return null;
            if (sent && mode != Mode.CHECK) waitForTheOpening();
            if (report != null) return null;
            if (progress != null && mode != Mode.CHECK) return progress;
        }
        if (claim()) {
            say(without(pipeline + ": the " + mode + " was stopped by " + signal
                    + " before it began; nothing was written"));
            shell.signals().exit(shell.signals().code(Exit.FAILED));
        }
        return null;
    }

    private void waitForTheOpening() {
        long end = System.nanoTime() + OPENING_NANOS;
        try {
            for (long left = OPENING_NANOS; left > 0 && progress == null && report == null; ) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
                left = end - System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void abandon() {
        if (!claim()) {
            while (true) LockSupport.park(); // the other who says it has what is left of the time
        }
        RunReport known;
        Progress going;
        synchronized (this) {
            known = report;
            going = progress;
        }
        say(known == null ? abandoned(Optional.ofNullable(going)) : known);
    }

    private RunReport abandoned(Optional<Progress> going) {
        RunReport known = going.flatMap(p -> p.abandon(LEDGER_PATIENCE))
                .orElseGet(() -> without(Stop.sentence(pipeline, mode, by)));
        return known.saying(
                "%s: it did not end within %d s of %s, as a store did not answer; this is what was known then"
                        .formatted(pipeline, Signals.PATIENCE.toSeconds(), by));
    }

    private RunReport without(String... problems) {
        long read = progress == null ? 0 : progress.recordsRead();
        Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
        return new RunReport(0, pipeline, mode, Status.FAILED, read, Map.of(), took, List.of(problems), 0);
    }

    @Override
    public synchronized int code(int own, int signal) {
        boolean byItself = overBefore || report != null && report.status() != Status.FAILED;
        return by == null || byItself ? own : signal;
    }

    private synchronized boolean claim() {
        boolean first = !said;
        said = true;
        return first;
    }

    private void say(RunReport what) {
        line.close();
        new Summary(what).print(shell.terminal(), json);
    }
}
