package io.caravan.run;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a route says of its blocks.
 *
 * @param source a hash of where the source finds its records and of what it takes for one. When it changes, a position says
 *     nothing any more, and what is not seen may be out of its scope instead of gone
 * @param generations by sink: a hash of the steps before it, of where it keeps the records and of what it makes of them. When it
 *     changes, what the sink holds was made by other rules, and it gets everything again
 * @param branches by sink: the multicasts and branches that it is in, {@code outer/1/inner/0}; none for a sink outside of one
 * @param former by sink: its generation as older versions have it
 * @param keepsStoredForms whether a sink keeps the records in the form that the source's store has
 * @param places by sink: where it must be alone, in words
 * @param fields the fields of the source's records that its sinks and steps read
 * @param guards by sink that not every batch need come to: what may keep one from it
 * @param ways where it reads and writes, in words
 * @param drops whether a filter, choice or step may keep records from a sink
 */
public record Wiring(
        String source,
        Map<String, String> generations,
        Map<String, String> branches,
        Map<String, List<String>> former,
        boolean keepsStoredForms,
        Map<String, List<String>> places,
        List<MappedField> fields,
        Map<String, Guards> guards,
        Ways ways,
        boolean drops) {

    public Wiring {
        generations = Map.copyOf(generations);
        branches = Map.copyOf(branches);
        former = Map.copyOf(former);
        places = Map.copyOf(places);
        fields = List.copyOf(fields);
        guards = Map.copyOf(guards);
    }

    /**
     * Where the records come from and where they go, in words without secrets.
     *
     * @param from of the source
     * @param to by sink
     */
    public record Ways(String from, Map<String, List<String>> to) {

        static final Ways UNKNOWN = new Ways("", Map.of());

        public Ways {
            to = Map.copyOf(to);
        }
    }

    /**
     * What may keep a batch from a sink.
     *
     * @param node the id of the step that calls the sink
     * @param names filters by their id, clauses of a choice as {@code id/0} and {@code id/otherwise}; the outermost first
     */
    record Guards(String node, List<String> names) {}

    /** One that no older Caravan knows, of sinks that share their places with anybody. */
    public Wiring(String source, Map<String, String> generations, Map<String, String> branches) {
        this(source, generations, branches, Map.of(), false, Map.of(), List.of(), Map.of(), Ways.UNKNOWN, false);
    }

    /** Sinks that every step is before. */
    public static Wiring of(Map<String, String> generations) {
        return new Wiring("", generations, Map.of());
    }

    /** What the source looks at, as a hash: its places and contents, of which a filter or prefix is one. */
    public String scope() {
        return source;
    }

    /** The sinks that get what passes a step in this branch of a multicast. */
    Set<String> sinksBehind(String branch) {
        Set<String> sinks = new TreeSet<>(generations.keySet());
        sinks.removeIf(sink -> !(branches.getOrDefault(sink, "") + '/').startsWith(branch + '/'));
        return sinks;
    }
}
