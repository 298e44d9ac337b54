package io.caravan.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines that are redrawn in place, no more and no longer than the screen shows; where nobody looks on, they are
 * printed below each other. When the process is ended meanwhile, they stay, and the cursor is on a clean line below them.
 */
final class LiveLines implements AutoCloseable {

    private static final String UP = "\u001b[%dA";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    /** A sign that is wider than we think must not break its line: the terminal cuts it. */
    private static final String CUT = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private final Terminal terminal;
    private final Thread atExit = new Thread(this::end, "caravan-screen");
    private int drawn;
    private boolean ended;

    LiveLines(Terminal terminal) {
        this.terminal = terminal;
        if (terminal.live()) Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Draws these lines over those before. */
    synchronized void draw(List<String> lines) {
        if (ended) return;
        if (!terminal.live()) {
            lines.forEach(terminal.out()::println);
            return;
        }
        List<String> fit = fit(lines, terminal.columns(), terminal.rows());
        StringBuilder frame = new StringBuilder(CUT).append(up());
        fit.forEach(line -> frame.append(CLEAR_LINE).append(line).append('\n'));
        print(frame.append(CLEAR_BELOW).append(WRAP));
        drawn = fit.size();
    }

    /** Takes the lines away. */
    synchronized void clear() {
        if (drawn > 0) print(new StringBuilder(up()).append(CLEAR_BELOW));
        drawn = 0;
    }

    /** Draws no more, and clears the line of the cursor, where a terminal shows {@code ^C}. */
    synchronized void end() {
        ended = true;
        if (drawn > 0) print(new StringBuilder("\r").append(CLEAR_LINE));
    }

    /** The lines as far as the screen shows them, with one left for the cursor; the last says how many are missing. */
    static List<String> fit(List<String> lines, int columns, int rows) {
        int most = Math.max(1, rows - 1);
        List<String> fit = new ArrayList<>(lines.size() <= most ? lines : lines.subList(0, most - 1));
        int missing = lines.size() - fit.size();
        if (missing > 0) fit.add("... " + missing + " more lines, without --watch");
        fit.replaceAll(line -> cut(line, columns));
        return fit;
    }

    private static String cut(String line, int columns) {
        if (line.codePointCount(0, line.length()) <= columns) return line;
        return line.substring(0, line.offsetByCodePoints(0, Math.max(1, columns - 3))) + "...";
    }

    private String up() {
        return drawn == 0 ? "" : UP.formatted(drawn);
    }

    private void print(StringBuilder text) {
        terminal.out().print(text);
        terminal.out().flush();
    }

    @Override
    public void close() {
        if (!terminal.live()) return;
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the process ends already
        }
    }
}
