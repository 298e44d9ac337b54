package io.caravan.sheets;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Counts the pauses between requests, for the report. Thread-safe. */
final class Pauses {

    private int count;
    private Duration all = Duration.ZERO;
    private Duration longest = Duration.ZERO;

    synchronized void took(Duration pause) {
        if (pause.isZero() || pause.isNegative()) return;
        count++;
        all = all.plus(pause);
        if (pause.compareTo(longest) > 0) longest = pause;
    }

    /** In words, and forgets them; empty when there was nothing of a tenth of a second. */
    synchronized Optional<String> told() {
        if (all.toMillis() < 100) return Optional.empty();
        String words = "the service was slow or asked for pauses: " + count + ", " + seconds(all)
                + " s in all, the longest " + seconds(longest) + " s";
        count = 0;
        all = Duration.ZERO;
        longest = Duration.ZERO;
        return Optional.of(words);
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1_000.0);
    }
}
