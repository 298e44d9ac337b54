package io.caravan.book;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How one field of a book is chosen.
 *
 * @param sources who is asked, in this order; of {@code as} none
 * @param as the field whose source is followed, of {@code as} only
 * @param when a source counts only if each of these fields, as the same source says it, is one of the texts
 */
record MergeRule(MergeStrategy strategy, List<String> sources, Optional<Field> as, Map<Field, Set<String>> when) {

    /** A value and where it came from. */
    record Choice(Object value, List<String> sources) {}

    /** Empty when no source has a value that counts. */
    Optional<Choice> choose(Field field, Map<String, Facts> facts) {
        List<Facts> candidates = sources.stream()
                .map(facts::get)
                .filter(Objects::nonNull)
                .filter(f -> f.values().containsKey(field) && counts(f))
                .toList();
        if (candidates.isEmpty()) return Optional.empty();
        if (strategy == MergeStrategy.UNION) return Optional.of(union(field, candidates));
        Facts best = candidates.get(0);
        for (Facts f : candidates) {
            if (weight(field, f).compareTo(weight(field, best)) > 0) best = f;
        }
        return Optional.of(new Choice(best.values().get(field), List.of(best.source())));
    }

    private BigDecimal weight(Field field, Facts facts) {
        return strategy.weight(facts.values().get(field));
    }

    private boolean counts(Facts facts) {
        return when.entrySet().stream().allMatch(w -> w.getValue()
                .contains(String.valueOf(facts.values().get(w.getKey()))));
    }

    private static Choice union(Field field, List<Facts> candidates) {
        List<String> all = new ArrayList<>();
        for (Facts f : candidates) ((List<?>) f.values().get(field)).forEach(v -> all.add(v.toString()));
        List<String> sources = candidates.stream().map(Facts::source).toList();
        return new Choice(field == Field.AUTHORS ? PersonName.distinct(all) : Genre.clean(all), sources);
    }
}
