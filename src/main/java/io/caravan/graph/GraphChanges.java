package io.caravan.graph;

import io.caravan.graph.GraphMapping.Derived;
import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Summary;
import io.caravan.graph.HeldGraph.Relationship;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What must change in the graph so that it holds one batch: the difference between what it holds of these records and what
 * is wanted, as parameters of {@link GraphStatements}.
 *
 * <p>The rule of support: a direct relationship stands and falls with its record. A derived one is supported by every record
 * related to both its ends. A record that is new to the graph can only add support, so its pairs gain a supporter, at no
 * more than the cost of a look-up, where what they keep can grow that way. For a record that was there, or goes, the pairs it
 * supported before and supports now are recomputed from all their supporters. A shared node that lost a relationship goes when it was its last, of whatever kind:
 * a node to which someone else relates stays. So does an own node to which a record of another kind relates, as a placeholder.
 */
final class GraphChanges {

    final List<String> goneOwn = new ArrayList<>();

    /** Own nodes of records that go, where a record of another kind may need them. */
    final List<String> demoted = new ArrayList<>();

    final List<String> goneRelationships = new ArrayList<>();
    final List<Map<String, Object>> created = new ArrayList<>();
    final List<Map<String, Object>> own = new ArrayList<>();
    final List<Collection<Map<String, Object>>> shared;
    final List<Collection<Map<String, Object>>> links;
    final List<Collection<Map<String, Object>>> gained;
    final List<Collection<Map<String, Object>>> recomputed;
    final List<Collection<Object>> orphans;

    private final GraphMapping mapping;

    /** Held by record key; a wanted or gone record may be absent from it. */
    GraphChanges(
            GraphMapping mapping,
            Collection<RecordGraph> wanted,
            Collection<String> gone,
            Map<String, HeldGraph> held) {
        this.mapping = mapping;
        this.shared = lists(mapping.shared().size());
        this.links = lists(mapping.direct().size());
        this.gained = lists(mapping.derived().size());
        this.recomputed = sets(mapping.derived().size());
        this.orphans = sets(mapping.shared().size());
        for (String key : gone) {
            if (held.containsKey(key)) remove(key, held.get(key));
        }
        for (RecordGraph record : wanted) {
            HeldGraph before = held.get(record.key());
            if (before == null) add(record);
            else replace(before, record);
            mergeShared(record);
        }
    }

    private void remove(String key, HeldGraph held) {
        (mapping.own().pending() ? demoted : goneOwn).add(key);
        for (int i = 0; i < mapping.direct().size(); i++) {
            if (mapping.own().pending()) {
                held.links().get(i).values().forEach(all -> all.forEach(r -> goneRelationships.add(r.id())));
            }
            orphans.get(mapping.direct().get(i).shared())
                    .addAll(held.links().get(i).keySet());
        }
        recompute(held);
    }

    private void add(RecordGraph record) {
        List<List<Map<String, Object>>> ends =
                record.links().stream().map(GraphChanges::ends).toList();
        created.add(Map.of("properties", record.properties(), "ends", ends));
        for (int i = 0; i < mapping.derived().size(); i++) {
            Derived derived = mapping.derived().get(i);
            if (!derived.grows()) {
                pairs(i, ends(record, derived.from()), ends(record, derived.to()));
                continue;
            }
            Object[] times = derived.summaries().stream()
                    .map(Summary::ownProperty)
                    .map(record.properties()::get)
                    .toArray();
            for (Object from : ends(record, derived.from())) {
                for (Object to : ends(record, derived.to())) {
                    gained.get(i).add(Map.of("from", from, "to", to, "times", Arrays.asList(times)));
                }
            }
        }
    }

    private void replace(HeldGraph before, RecordGraph record) {
        if (!GraphValues.same(before.properties(), record.properties())) {
            own.add(Map.of("key", record.key(), "properties", record.properties()));
        }
        for (int i = 0; i < mapping.direct().size(); i++) {
            Direct direct = mapping.direct().get(i);
            Set<Object> kept = new LinkedHashSet<>();
            for (Map.Entry<Object, List<Relationship>> held :
                    before.links().get(i).entrySet()) {
                boolean wanted = record.ends(direct).contains(held.getKey());
                if (!wanted) orphans.get(direct.shared()).add(held.getKey());
                for (Relationship r : held.getValue()) {
                    boolean keep = wanted
                            && GraphValues.same(
                                    r.properties(), record.links().get(i).get(held.getKey()));
                    if (!keep || !kept.add(held.getKey())) goneRelationships.add(r.id());
                }
            }
            for (Object end : record.ends(direct)) if (!kept.contains(end)) link(record, i, end);
        }
        recompute(before);
        for (int i = 0; i < mapping.derived().size(); i++) {
            Derived derived = mapping.derived().get(i);
            pairs(i, ends(record, derived.from()), ends(record, derived.to()));
        }
    }

    private void link(RecordGraph record, int direct, Object end) {
        links.get(direct)
                .add(Map.of(
                        "own",
                        record.key(),
                        "key",
                        end,
                        "properties",
                        record.links().get(direct).get(end)));
    }

    private void recompute(HeldGraph held) {
        for (int i = 0; i < mapping.derived().size(); i++) {
            Derived derived = mapping.derived().get(i);
            pairs(
                    i,
                    held.links().get(derived.from()).keySet(),
                    held.links().get(derived.to()).keySet());
        }
    }

    private void pairs(int derived, Set<Object> from, Set<Object> to) {
        for (Object a : from) for (Object b : to) recomputed.get(derived).add(Map.of("from", a, "to", b));
    }

    private void mergeShared(RecordGraph record) {
        for (int i = 0; i < mapping.shared().size(); i++) {
            if (mapping.shared().get(i).properties().isEmpty()) continue;
            for (Object key : record.sharedKeys().get(i)) {
                shared.get(i)
                        .add(Map.of(
                                "key",
                                key,
                                "properties",
                                record.sharedProperties().get(i)));
            }
        }
    }

    private Set<Object> ends(RecordGraph record, int direct) {
        return record.ends(mapping.direct().get(direct));
    }

    private static List<Map<String, Object>> ends(Map<Object, Map<String, Object>> links) {
        List<Map<String, Object>> ends = new ArrayList<>();
        links.forEach((key, properties) -> ends.add(Map.of("key", key, "properties", properties)));
        return ends;
    }

    private static <T> List<Collection<T>> lists(int size) {
        return IntStream.range(0, size)
                .<Collection<T>>mapToObj(i -> new ArrayList<>())
                .toList();
    }

    private static <T> List<Collection<T>> sets(int size) {
        return IntStream.range(0, size)
                .<Collection<T>>mapToObj(i -> new LinkedHashSet<>())
                .toList();
    }
}
