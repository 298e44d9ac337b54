package io.caravan.shape;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One figure of all rows that belong together.
 *
 * @param how one of {@link #WAYS}
 * @param field the field that counts; blank where all rows do
 * @param by of {@code last}: the field that says which row is the last
 * @param where only rows in which these fields have one of these texts
 * @param function of {@code function}: what makes it of the rows
 */
record Figure(
        String place,
        String name,
        String how,
        String field,
        String by,
        Map<String, Set<String>> where,
        Optional<NamedFunction> function) {

    static final List<String> WAYS = List.of("count", "average", "sum", "min", "max", "last", "function");

    /** What an average has behind the dot at most. */
    private static final int PLACES = 4;

    Optional<Object> of(List<Map<String, Object>> all) {
        List<Map<String, Object>> rows = all.stream().filter(this::counts).toList();
        return switch (how) {
            case "count" -> Optional.of((long) rows.size());
            case "average" -> average(numbers(rows));
            case "sum" -> numbers(rows).stream().reduce(BigDecimal::add).map(Object.class::cast);
            case "min" -> values(rows).stream().min(Values::compare);
            case "max" -> values(rows).stream().max(Values::compare);
            case "last" -> last(rows);
            default -> function.orElseThrow().call(place, Map.of("rows", rows));
        };
    }

    private boolean counts(Map<String, Object> row) {
        if (!field.isEmpty() && row.get(field) == null) return false;
        return where.entrySet().stream().allMatch(condition -> Texts.of(row.get(condition.getKey()))
                .filter(condition.getValue()::contains)
                .isPresent());
    }

    private List<Object> values(List<Map<String, Object>> rows) {
        return rows.stream().map(row -> row.get(field)).toList();
    }

    private List<BigDecimal> numbers(List<Map<String, Object>> rows) {
        return values(rows).stream()
                .filter(Number.class::isInstance)
                .map(Values::number)
                .toList();
    }

    private Optional<Object> last(List<Map<String, Object>> rows) {
        Map<String, Object> last = null;
        for (Map<String, Object> row : rows) {
            if (row.get(by) != null && (last == null || Values.compare(row.get(by), last.get(by)) >= 0)) last = row;
        }
        return Optional.ofNullable(last).map(row -> row.get(field));
    }

    private static Optional<Object> average(List<BigDecimal> numbers) {
        if (numbers.isEmpty()) return Optional.empty();
        BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return Optional.of(plain(sum.divide(BigDecimal.valueOf(numbers.size()), PLACES, RoundingMode.HALF_EVEN)));
    }

    /** 4, not 4.0000. */
    static BigDecimal plain(BigDecimal number) {
        BigDecimal shortest = number.stripTrailingZeros();
        return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
    }
}
