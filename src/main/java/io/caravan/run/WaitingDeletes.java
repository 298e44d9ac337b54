package io.caravan.run;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says how many deletes wait, and for which objects. */
final class WaitingDeletes {

    static final int NAMED = 5;
    private static final int LONGEST = 100;

    private WaitingDeletes() {}

    /** What too few readings have lacked. */
    static String missing(String pipeline, long records, List<String> named, int deletesAfter) {
        boolean one = records == 1;
        String keys = named.stream().map(WaitingDeletes::shown).collect(Collectors.joining(", "))
                + (records > named.size() ? ", ..." : "");
        String now = records + (one ? " record" : " records") + " missing";
        return pipeline + ": "
                + (deletesAfter == 2
                        ? now + " for the first time (" + keys + "): deleted if the next reading lacks "
                                + (one ? "it" : "them") + " too"
                        : now + " (" + keys + "): deleted once " + deletesAfter + " readings in a row lack "
                                + (one ? "it" : "them"));
    }

    private static String shown(String key) {
        String line = key.replaceAll("\\p{Cntrl}", " ");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }

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
