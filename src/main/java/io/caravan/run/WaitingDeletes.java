package io.caravan.run;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/** Says how many deletes wait, and for which objects. */
final class WaitingDeletes {

    private static final int NAMED = 5;

    private WaitingDeletes() {}

    /** {@code waiting}: how many of each object. */
    static String sentence(String pipeline, Map<String, Long> waiting) {
        long deletes = waiting.values().stream().mapToLong(n -> n).sum();
        String objects = waiting.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(NAMED)
                .map(o -> o.getKey() + " (" + o.getValue() + ")")
                .collect(Collectors.joining(", "));
        String more = waiting.size() > NAMED ? " and " + (waiting.size() - NAMED) + " other objects" : "";
        return pipeline + ": deletes that wait: " + deletes + ", as rows of " + objects + more
                + " cannot be read or have no key; they go when these rows are fixed or their dead letters are accepted or"
                + " discarded";
    }
}
