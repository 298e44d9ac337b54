package io.caravan.cli;

import java.time.Duration;
import java.util.Locale;

/** Figures as people read them. */
final class Figures {

    private Figures() {}

    /** {@code 1,234,567} */
    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** {@code 0.3 s}, {@code 12.0 s}, {@code 2 min 5 s}, {@code 3 h 0 min} */
    static String duration(Duration d) {
        long seconds = d.toSeconds();
        if (seconds < 60) return String.format(Locale.ROOT, "%.1f s", d.toMillis() / 1000.0);
        if (seconds < 3600) return seconds / 60 + " min " + seconds % 60 + " s";
        return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    /** Records a second. */
    static String rate(long records, Duration d) {
        return count(Math.round(records * 1e9 / Math.max(1, d.toNanos())));
    }
}
