package io.caravan.quality;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.datasketches.kll.KllDoublesSketch;

/**
 * The numbers of a column. All of them are held up to a limit, so that every figure is exact and the same in any order of theirs; beyond it quartiles, median,
 * outliers and bars are of a sketch whose ranks are wrong by 0.3 % at most, 99 times of 100; count, mean, deviation, least and greatest stay exact. Not thread-safe.
 */
final class Numbers {

    private static final int ACCURACY = 1000;
    private static final int MOST_SHOWN = 10;
    private static final double FENCE = 1.5;
    static final int BARS = 20;

    private double[] held = new double[16];
    private int holding;
    private KllDoublesSketch sketch;
    private long count;
    private long zeros;
    private long negatives;
    private double least = Double.POSITIVE_INFINITY;
    private double greatest = Double.NEGATIVE_INFINITY;
    private double mean;
    private double squares; // sum of the squared distances from the mean
    private final double[] lowest = new double[MOST_SHOWN];
    private final double[] highest = new double[MOST_SHOWN];

    /** What is known of them at the end; of at least one number. */
    record Figures(
            long count,
            long zeros,
            long negatives,
            double min,
            double max,
            double mean,
            double median,
            double deviation,
            double lowerQuartile,
            double upperQuartile,
            long outliers,
            List<Double> outlierValues,
            long[] bars) {

        double range() {
            return upperQuartile - lowerQuartile;
        }

        double lowerFence() {
            return lowerQuartile - FENCE * range();
        }

        double upperFence() {
            return upperQuartile + FENCE * range();
        }

        String shape() {
            if (range() == 0 || Math.abs(mean - median) < range() / 10) return "normal";
            return mean > median ? "skewed-right" : "skewed-left";
        }
    }

    Numbers() {
        Arrays.fill(lowest, Double.POSITIVE_INFINITY);
        Arrays.fill(highest, Double.NEGATIVE_INFINITY);
    }

    void add(double number, int limit) {
        count++;
        if (number == 0) zeros++;
        if (number < 0) negatives++;
        least = Math.min(least, number);
        greatest = Math.max(greatest, number);
        double away = number - mean;
        mean += away / count;
        squares += away * (number - mean);
        if (sketch == null && holding >= limit) estimate();
        if (sketch == null) hold(number);
        else sketch(number);
    }

    private void hold(double number) {
        if (holding == held.length) held = Arrays.copyOf(held, holding * 2);
        held[holding++] = number;
    }

    private void estimate() {
        sketch = KllDoublesSketch.newHeapInstance(ACCURACY);
        for (int i = 0; i < holding; i++) sketch(held[i]);
        held = null;
    }

    private void sketch(double number) {
        sketch.update(number);
        if (number < lowest[MOST_SHOWN - 1]) {
            lowest[MOST_SHOWN - 1] = number;
            Arrays.sort(lowest);
        }
        if (number > highest[0]) {
            highest[0] = number;
            Arrays.sort(highest);
        }
    }

    long count() {
        return count;
    }

    boolean exact() {
        return sketch == null;
    }

    Figures figures() {
        return exact() ? exactly(held, holding) : estimated();
    }

    /** Of the first {@code n} of them. */
    static Figures exactly(double[] all, int n) {
        double[] sorted = Arrays.copyOf(all, n);
        Arrays.sort(sorted);
        double mean = DoubleStream.of(sorted).sum() / n;
        double squares =
                DoubleStream.of(sorted).map(v -> (v - mean) * (v - mean)).sum();
        double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
        double low = sorted[n / 4];
        double high = sorted[(int) (3L * n / 4)];
        double below = low - FENCE * (high - low);
        double above = high + FENCE * (high - low);
        double[] outliers = DoubleStream.of(all)
                .limit(n)
                .filter(v -> v < below || v > above)
                .toArray();
        return new Figures(
                n,
                DoubleStream.of(sorted).filter(v -> v == 0).count(),
                DoubleStream.of(sorted).filter(v -> v < 0).count(),
                sorted[0],
                sorted[n - 1],
                mean,
                median,
                n < 2 ? 0 : Math.sqrt(squares / (n - 1)),
                low,
                high,
                outliers.length,
                DoubleStream.of(outliers).limit(MOST_SHOWN).boxed().toList(),
                bars(sorted));
    }

    private static long[] bars(double[] sorted) {
        double first = sorted[0];
        double width = sorted[sorted.length - 1] / BARS - first / BARS;
        long[] bars = new long[width > 0 ? BARS : 1];
        for (double v : sorted) bars[width > 0 ? (int) Math.min(BARS - 1, (v - first) / width) : 0]++;
        return bars;
    }

    private Figures estimated() {
        double low = sketch.getQuantile(0.25);
        double high = sketch.getQuantile(0.75);
        double below = low - FENCE * (high - low);
        double above = high + FENCE * (high - low);
        double[] shown = DoubleStream.concat(DoubleStream.of(lowest), DoubleStream.of(highest))
                .filter(v -> v < below || v > above)
                .limit(MOST_SHOWN)
                .toArray();
        long outliers = Math.round(count * (sketch.getRank(below) + 1 - sketch.getRank(above)));
        return new Figures(
                count,
                zeros,
                negatives,
                least,
                greatest,
                mean,
                sketch.getQuantile(0.5),
                Math.sqrt(squares / (count - 1)),
                low,
                high,
                shown.length < MOST_SHOWN ? shown.length : Math.max(outliers, shown.length),
                DoubleStream.of(shown).boxed().toList(),
                estimatedBars());
    }

    private long[] estimatedBars() {
        double width = greatest / BARS - least / BARS;
        if (!(width > 0)) return new long[] {count};
        double[] ends = new double[BARS - 1];
        for (int i = 0; i < ends.length; i++) ends[i] = least + width * (i + 1);
        if (DoubleStream.of(ends).distinct().count() < ends.length) return new long[] {count};
        double[] shares = sketch.getPMF(ends);
        long[] bars = new long[BARS];
        for (int i = 0; i < BARS; i++) bars[i] = Math.round(shares[i] * count);
        return bars;
    }
}
