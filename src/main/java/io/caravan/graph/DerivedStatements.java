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

/**
 * The Cypher of the relationships that are derived between one pair of shared nodes (a, b). {@code $rows} are pairs of keys
 * {@code {from, to}}; what kinds ask of the supporters are p0, p1, ... over all kinds.
 */
final class DerivedStatements {

    /** Each pair has one more supporter, which brings these {@code times}; of no use to what does not {@link Derived#grows}. */
    final String gain;

    /** Makes what each pair has what all its supporters say, nothing if there is none. */
    final String recompute;

    /** Of each pair: the row, number of supporters, and by kind [properties they want, those it has or null, whether they want it]. */
    final String read;

    private final Derived derived;
    private final List<Summary> summaries;
    private final List<Numbered> kinds = new ArrayList<>();
    private final String ownKey;

    /** A kind with its relationship's variable and the numbers of its first summary and of the text that it needs. */
    private record Numbered(Kind kind, String variable, int first) {

        String between() {
            return "(a)-[" + variable + ":" + quoted(kind.type()) + "]->(b)";
        }

        /** {@code {first_seen: p0, ...}} */
        String wanted() {
            List<String> values = new ArrayList<>();
            for (Summary kept : kind.kept()) values.add(quoted(kept.name()) + ": p" + (first + values.size()));
            return "{" + String.join(", ", values) + "}";
        }

        /** Whether the supporters want one. */
        String there() {
            int decides = first + kind.kept().size();
            return kind.only().isEmpty()
                    ? "support > 0"
                    : "support > 0 AND coalesce(p" + decides + " = $texts[" + decides + "], false)";
        }
    }

    DerivedStatements(GraphMapping mapping, Derived derived) {
        this.derived = derived;
        this.summaries = derived.summaries();
        this.ownKey = "own." + quoted(mapping.own().key());
        int asked = 0;
        for (Kind kind : derived.kinds()) {
            kinds.add(new Numbered(kind, "r" + kinds.size(), asked));
            asked += (int) kind.asked().count();
        }
        this.gain = derived.grows() ? gain(mapping) : "";
        String supporters = supporters(mapping);
        this.recompute = supporters + all(" WITH row, a, b, support" + names(), this::recompute);
        this.read = supporters
                + all("", kind -> " OPTIONAL MATCH " + kind.between())
                + " RETURN row, support, ["
                + all(
                        ", ",
                        kind -> "[" + kind.wanted() + ", properties(" + kind.variable() + "), " + kind.there() + "]")
                + "] AS kinds";
    }

    /** With these pairs. */
    Map<String, Object> parameters(Collection<Map<String, Object>> pairs) {
        if (derived.grows()) return Map.of("rows", pairs);
        List<String> texts = new ArrayList<>();
        for (Kind kind : derived.kinds()) {
            kind.kept().forEach(kept -> texts.add(""));
            kind.only().ifPresent(only -> texts.add(only.text()));
        }
        return Map.of(
                "rows",
                pairs,
                "texts",
                texts,
                "lists",
                summaries.stream().map(Summary::texts).toList());
    }

    private String gain(GraphMapping mapping) {
        return "UNWIND $rows AS row WITH DISTINCT row.from AS fromKey, row.to AS toKey"
                + values(i -> best(i) + "(row.times[" + i + "])")
                + " MATCH " + node("a", mapping.end(derived.from()), "fromKey")
                + " MATCH " + node("b", mapping.end(derived.to()), "toKey")
                + all("", kind -> " MERGE " + kind.between() + improve(kind));
    }

    /** Only a better time replaces the one that is there. */
    private static String improve(Numbered kind) {
        List<String> sets = new ArrayList<>();
        for (Summary time : kind.kind().kept()) {
            String held = kind.variable() + "." + quoted(time.name());
            String other = "p" + (kind.first() + sets.size());
            String better = other + (time.rule() == Rule.LATEST ? " > " : " < ") + held;
            sets.add(held + " = CASE WHEN " + held + " IS NULL OR " + better + " THEN " + other + " ELSE " + held
                    + " END");
        }
        return sets.isEmpty() ? "" : " SET " + String.join(", ", sets);
    }

    private String supporters(GraphMapping mapping) {
        Direct from = mapping.direct().get(derived.from());
        Direct to = mapping.direct().get(derived.to());
        return "UNWIND $rows AS row"
                + " MATCH " + node("a", mapping.end(derived.from()), "row.from")
                + " MATCH " + node("b", mapping.end(derived.to()), "row.to")
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

    private String recompute(Numbered kind) {
        return " OPTIONAL MATCH " + kind.between()
                + " WITH row, a, b, support" + names() + ", collect(" + kind.variable() + ") AS held"
                + " FOREACH (old IN CASE WHEN " + kind.there() + " THEN [] ELSE held END | DELETE old)"
                + " FOREACH (one IN CASE WHEN " + kind.there() + " THEN [1] ELSE [] END | MERGE " + kind.between()
                + " SET " + kind.variable() + " = " + kind.wanted() + ")";
    }

    private String all(String separator, Function<Numbered, String> part) {
        return kinds.stream().map(part).collect(Collectors.joining(separator));
    }

    /** {@code , p0, p1, ...} */
    private String names() {
        return IntStream.range(0, summaries.size()).mapToObj(i -> ", p" + i).collect(Collectors.joining());
    }

    /** {@code , min(value) AS p0, max(value) AS p1, ...} */
    private String values(IntFunction<String> value) {
        return IntStream.range(0, summaries.size())
                .mapToObj(i -> ", " + value.apply(i) + " AS p" + i)
                .collect(Collectors.joining());
    }
}
