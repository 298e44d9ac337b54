package io.caravan.source;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The numbers of a cursor of which nobody said what they count. Where all but the greatest are such as seconds since 1970 of the last
 * decades, and the greatest lies ahead, it hides what comes until then: that is to be said.
 */
public final class CountedTimes {

    private static final long OLDEST = Instant.parse("2005-01-01T00:00:00Z").getEpochSecond();
    private static final long DAY = 86_400;

    private final List<Unit> units = List.of(new Unit("seconds", 1), new Unit("millis", 1e3), new Unit("micros", 1e6));
    private double greatest = Double.NEGATIVE_INFINITY;
    private Number shown;

    private static final class Unit {
        private final String word;
        private final double second;
        private double reached = Double.NEGATIVE_INFINITY;

        Unit(String word, double second) {
            this.word = word;
            this.second = second;
        }

        void saw(double value, double now) {
            if (value >= OLDEST * second && value <= now * second) reached = Math.max(reached, value);
        }

        boolean slipped(double last, double now) {
            return reached > 0 && last > (now + DAY) * second && last > reached + DAY * second;
        }
    }

    /** A value, when the store's time was {@code now}. */
    public void saw(Number value, StoreClock now) {
        double number = value.doubleValue();
        for (Unit unit : units) unit.saw(number, now.began().getEpochSecond());
        if (number <= greatest) return;
        greatest = number;
        shown = value;
    }

    /** What is to be said of the greatest. */
    public Optional<String> note(String unit, String field, StoreClock clock) {
        List<String> words = new ArrayList<>();
        for (Unit u : units) if (u.slipped(greatest, clock.began().getEpochSecond())) words.add(u.word);
        if (words.isEmpty()) return Optional.empty();
        String word = words.get(0);
        String number = shown instanceof BigDecimal decimal ? decimal.toPlainString() : shown.toString();
        return Optional.of(unit + ": " + field + " must not be later than the store's time, " + clock.began()
                + ", where it counts " + word + " since 1970, got '" + number
                + "'; it hides what changes until then: say cursorTime: " + word + " at the source, if it does");
    }
}
