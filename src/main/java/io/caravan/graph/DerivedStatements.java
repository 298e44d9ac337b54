package io.caravan.graph;

import static io.caravan.graph.Cypher.node;
import static io.caravan.graph.Cypher.path;
import static io.caravan.graph.Cypher.quoted;

import io.caravan.graph.GraphMapping.Derived;
import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Kind;
import io.caravan.graph.GraphMapping.Rule;
import io.caravan.graph.GraphMapping.Summary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.neo4j.driver.Record;

/**
 * The Cypher of the relationships that are derived between one pair of shared nodes (a, b). {@code $rows} are pairs of keys
 * {@code {from, to}}; what the kinds ask of the supporters are p0, p1, ... in the order of {@link Derived#summaries}.
 */
final class DerivedStatements {

    /** Each pair has one more supporter, which brings these {@code times}; of no use to what does not {@link Derived#grows}. */
    final String gain;

    /** What a {@link DerivedPair} is made of. */
    final String read;

    /** By kind: each pair has one, with the {@code properties} of its row. */
    final List<String> make;

    /** By kind: no pair has one. */
    final List<String> unmake;

    private final Derived derived;
    private final List<Summary> summaries;
    private final Map<Summary, Integer> places;
    private final String ownKey;

    DerivedStatements(GraphMapping mapping, Derived derived) {
        this.derived = derived;
        this.summaries = derived.summaries();
        this.places = derived.places();
        this.ownKey = "own." + quoted(mapping.own().key());
        this.gain = derived.grows() ? gain(mapping) : "";
        String types = derived.kinds().stream()
                .map(kind -> quoted(kind.type()))
                .distinct()
                .collect(Collectors.joining("|"));
        this.read = supporters(mapping) + " RETURN row, support, [" + names() + "] AS said, [(a)-[r:" + types
                + "]->(b) | [type(r), properties(r)]] AS held";
        String pair = "UNWIND $rows AS row" + pair(mapping, "row.from", "row.to");
        this.make = each(kind -> pair + " MERGE " + between("r", kind) + " SET r = row.properties");
        this.unmake = each(kind -> pair + " MATCH " + between("r", kind) + " DELETE r");
    }

    /** With these pairs. */
    Map<String, Object> parameters(Collection<Map<String, Object>> pairs) {
        return Map.of(
                "rows", pairs, "lists", summaries.stream().map(Summary::texts).toList());
    }

    /** Of a row of {@link #read}. */
    DerivedPair pair(Record row) {
        return DerivedPair.of(row, derived.kinds(), places);
    }

    private String gain(GraphMapping mapping) {
        return "UNWIND $rows AS row WITH DISTINCT row.from AS fromKey, row.to AS toKey"
                + values(i -> best(i) + "(row.times[" + i + "])")
                + pair(mapping, "fromKey", "toKey")
                + IntStream.range(0, derived.kinds().size())
                        .mapToObj(i -> gain("r" + i, derived.kinds().get(i)))
                        .collect(Collectors.joining());
    }

    private String gain(String r, Kind kind) {
        return " MERGE " + between(r, kind) + improve(r, kind);
    }

    private static String between(String r, Kind kind) {
        return "(a)-[" + r + ":" + quoted(kind.type()) + "]->(b)";
    }

    private String pair(GraphMapping mapping, String from, String to) {
        return " MATCH " + node("a", mapping.end(derived.from()), from) + " MATCH "
                + node("b", mapping.end(derived.to()), to);
    }

    /** Only a better time replaces the one that is there. */
    private String improve(String r, Kind kind) {
        List<String> sets = new ArrayList<>();
        for (Summary time : kind.kept()) {
            String held = r + "." + quoted(time.name());
            String other = "p" + places.get(time);
            String better = other + (time.rule() == Rule.LATEST ? " > " : " < ") + held;
            sets.add(held + " = CASE WHEN " + held + " IS NULL OR " + better + " THEN " + other + " ELSE " + held
                    + " END");
        }
        return sets.isEmpty() ? "" : " SET " + String.join(", ", sets);
    }

    private String supporters(GraphMapping mapping) {
        Direct from = mapping.direct().get(derived.from());
        Direct to = mapping.direct().get(derived.to());
        return "UNWIND $rows AS row" + pair(mapping, "row.from", "row.to")
                + " OPTIONAL MATCH " + path("own:" + quoted(mapping.own().label()), from, "", "a")
                + ", " + path("own", to, "", "b")
                // in one order, as a sum of doubles depends on it
                + (derived.grows() ? "" : " WITH row, a, b, own ORDER BY " + ownKey)
                + " WITH row, a, b, count(own) AS support" + values(this::ofSupporters);
    }

    private String ofSupporters(int i) {
        Summary summary = summaries.get(i);
        String value = "own." + quoted(summary.ownProperty());
        return switch (summary.rule()) {
            case EARLIEST, LATEST -> best(i) + "(" + value + ")";
            case COUNT ->
                "count(CASE WHEN $lists[" + i + "] = [] OR " + value + " IN $lists[" + i + "] THEN " + value + " END)";
            case AVERAGE -> "avg(" + value + ")";
            case LIST -> "collect(DISTINCT " + value + ")";
            case LAST -> last(i, value, "own." + quoted(summary.by()));
        };
    }

    /** Lists compare by their first elements that differ. */
    private String last(int i, String value, String by) {
        String order = "$lists[" + i + "]";
        String place = "coalesce([at IN range(0, size(" + order + ") - 1) WHERE " + order + "[at] = " + value
                + "][0], size(" + order + "))";
        return "max(CASE WHEN " + value + " IS NULL THEN null ELSE [" + by + " IS NOT NULL, " + by + ", -" + place
                + ", " + ownKey + ", " + value + "] END)[4]";
    }

    private String best(int i) {
        return summaries.get(i).rule() == Rule.LATEST ? "max" : "min";
    }

    private List<String> each(Function<Kind, String> cypher) {
        return derived.kinds().stream().map(cypher).toList();
    }

    /** {@code p0, p1, ...} */
    private String names() {
        return IntStream.range(0, summaries.size()).mapToObj(i -> "p" + i).collect(Collectors.joining(", "));
    }

    /** {@code , min(value) AS p0, max(value) AS p1, ...} */
    private String values(IntFunction<String> value) {
        return IntStream.range(0, summaries.size())
                .mapToObj(i -> ", " + value.apply(i) + " AS p" + i)
                .collect(Collectors.joining());
    }
}
