package io.caravan.cli;

import io.caravan.run.Progress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One line that is redrawn while something goes on, and gone when it is closed; silent unless a person looks on. */
final class ProgressLine implements AutoCloseable {

    private static final String CLEAR = "\r\u001b[K";
    private static final int EVERY_MILLIS = 100;

    private final Terminal terminal;
    private final String what;
    private final long startedNanos = System.nanoTime();
    private final ScheduledExecutorService ticker;
    private volatile Progress progress;

    ProgressLine(Terminal terminal, String what) {
        this.terminal = terminal;
        this.what = what;
        this.ticker = terminal.progress() ? ticker() : null;
    }

    private ScheduledExecutorService ticker() {
        ScheduledExecutorService t = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "caravan-progress");
            thread.setDaemon(true);
            return thread;
        });
        t.scheduleAtFixedRate(this::draw, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return t;
    }

    /** The run to be shown from now on. */
    void show(Progress run) {
        progress = run;
    }

    private void draw() {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
        Progress run = progress;
        String text = run == null
                ? what + "  starting  " + Figures.duration(elapsed)
                : text(what, run.recordsRead(), run.written(), elapsed);
        int width = Math.max(20, terminal.columns() - 1);
        // the cursor rests at the start of the line, so that a line of the log does not stick to its end
        terminal.err().print(CLEAR + (text.length() > width ? text.substring(0, width) : text) + "\r");
        terminal.err().flush();
    }

    /** {@code things  1,000 read  left 900  right 800  2,000 records/s  0.5 s} */
    static String text(String what, long read, Map<String, Long> written, Duration elapsed) {
        StringBuilder text =
                new StringBuilder(what).append("  ").append(Figures.count(read)).append(" read");
        written.forEach((sink, n) -> text.append("  ").append(sink).append(' ').append(Figures.count(n)));
        return text.append("  ")
                .append(Figures.rate(read, elapsed))
                .append(" records/s  ")
                .append(Figures.duration(elapsed))
                .toString();
    }

    @Override
    public void close() {
        if (ticker == null) return;
        ticker.shutdownNow();
        try {
            ticker.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        terminal.err().print(CLEAR);
        terminal.err().flush();
    }
}
