package io.caravan.quality;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A hundred points less a share of each dimension's: as many of it as checks of it failed. Not thread-safe. */
final class Score {

    private static final int ALL = 100;
    private static final int DIGITS = 2;

    private final Map<Dimension, long[]> counts = new EnumMap<>(Dimension.class);

    Score() {
        for (Dimension dimension : Dimension.values()) counts.put(dimension, new long[2]);
    }

    Score add(Dimension dimension, long checks, long failed) {
        counts.get(dimension)[0] += checks;
        counts.get(dimension)[1] += failed;
        return this;
    }

    long failed(Dimension dimension) {
        return counts.get(dimension)[1];
    }

    long checks(Dimension dimension) {
        return counts.get(dimension)[0];
    }

    private double deduction(Dimension dimension) {
        long checks = checks(dimension);
        return checks == 0 ? 0 : (double) failed(dimension) / checks * dimension.most();
    }

    /** Rounded to the nearest, of two the even one. */
    int points() {
        double lost = 0;
        for (Dimension dimension : Dimension.values()) lost += deduction(dimension);
        return (int) Math.max(0, Math.min(ALL, Math.rint(ALL - lost)));
    }

    /** What each dimension costs, by its key, with two digits. */
    Map<String, Double> deductions() {
        Map<String, Double> deductions = new LinkedHashMap<>();
        for (Dimension dimension : Dimension.values())
            deductions.put(dimension.key(), Values.round(deduction(dimension), DIGITS));
        return deductions;
    }
}
