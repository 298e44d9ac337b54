package io.caravan.quality;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What the values of the first rows of a column look like, with examples of each kind. Not thread-safe. */
final class Kinds {

    private static final int SAMPLES = 5;
    private static final int LONGEST = 100;
    private static final double MOSTLY = 0.8;

    private record Sample(long row, String value) {}

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, List<Sample>> samples = new EnumMap<>(Kind.class);
    private long values;

    void add(long row, Object value) {
        Kind kind = Kind.of(value);
        values++;
        counts.merge(kind, 1L, Long::sum);
        List<Sample> some = samples.computeIfAbsent(kind, k -> new ArrayList<>());
        if (some.size() < SAMPLES) some.add(new Sample(row, Values.cut(value, LONGEST)));
    }

    long values() {
        return values;
    }

    /** What the column holds, when at least four of five values are of it; else text. */
    Kind mostly() {
        for (Kind kind : Kind.values()) {
            if (kind == Kind.STRING) continue;
            long fitting = count(k -> k.fits(kind));
            if (fitting > 0 && fitting >= MOSTLY * values) return kind;
        }
        return Kind.STRING;
    }

    long count(Predicate<Kind> of) {
        return counts.entrySet().stream()
                .filter(e -> of.test(e.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The most frequent kind of those. */
    Optional<Kind> usual(Predicate<Kind> of) {
        return counts.entrySet().stream()
                .filter(e -> of.test(e.getKey()))
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .map(Map.Entry::getKey);
    }

    /** The first values of those kinds. */
    List<String> samples(Predicate<Kind> of) {
        return samples.entrySet().stream()
                .filter(e -> of.test(e.getKey()))
                .flatMap(e -> e.getValue().stream())
                .sorted(Comparator.comparingLong(Sample::row))
                .limit(SAMPLES)
                .map(Sample::value)
                .toList();
    }
}
