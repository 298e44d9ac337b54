package io.caravan.quality;

import java.util.Arrays;

/** What is known of a column of a file, and no more of its values than that needs. Not thread-safe. */
final class ColumnProfile {

    /** So many rows say what values look like and what is far from the others. */
    static final int FIRST_ROWS = 1_000;

    private static final double NUMERIC = 0.8;

    private final String name;
    private boolean hidden;
    private long values;
    private final Distinct distinct = new Distinct();
    private final ValueCounts counts = new ValueCounts();
    private final Numbers numbers = new Numbers();
    private final Kinds kinds = new Kinds();
    private double[] firstNumbers = new double[16];
    private int first;

    ColumnProfile(String name) {
        this.name = name;
    }

    /** {@code row}: its number, from 1; the value is one. Gives back its hash. */
    long add(long row, Object value, int limit) {
        values++;
        String text = Values.text(value);
        long hash = Values.hash(text);
        distinct.add(hash, limit);
        counts.add(hash, text);
        double number = Values.number(value);
        if (!Double.isNaN(number)) numbers.add(number, limit);
        if (row <= FIRST_ROWS) {
            kinds.add(row, value);
            if (!Double.isNaN(number)) {
                if (first == firstNumbers.length) firstNumbers = Arrays.copyOf(firstNumbers, first * 2);
                firstNumbers[first++] = number;
            }
        }
        return hash;
    }

    /** Its values say something of persons: nobody is shown one. */
    void hide() {
        hidden = true;
    }

    boolean hidden() {
        return hidden;
    }

    String name() {
        return name;
    }

    /** How many rows have one. */
    long values() {
        return values;
    }

    long differing() {
        return distinct.of(values);
    }

    boolean exact() {
        return distinct.exact() && (!isNumeric() || numbers.exact());
    }

    Kinds kinds() {
        return kinds;
    }

    ValueCounts counts() {
        return counts;
    }

    boolean isNumeric() {
        return numbers.count() > 0 && numbers.count() >= NUMERIC * values;
    }

    Numbers.Figures figures() {
        return numbers.figures();
    }

    /** Whether the first rows hold mostly numbers. */
    boolean beginsNumeric() {
        return first > 0 && first >= NUMERIC * kinds.values();
    }

    Numbers.Figures firstFigures() {
        return Numbers.exactly(firstNumbers, first);
    }

    /** The first numbers beyond the fences. */
    double[] firstBeyond(Numbers.Figures figures, int most) {
        return Arrays.stream(firstNumbers)
                .limit(first)
                .filter(v -> v < figures.lowerFence() || v > figures.upperFence())
                .limit(most)
                .toArray();
    }
}
