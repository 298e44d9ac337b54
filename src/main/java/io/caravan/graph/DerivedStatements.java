package io.caravan.graph;

import static io.caravan.graph.Cypher.node;
import static io.caravan.graph.Cypher.path;
import static io.caravan.graph.Cypher.quoted;

import io.caravan.graph.GraphMapping.Derived;
import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Extreme;
import io.caravan.graph.GraphMapping.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The Cypher of the relationships that are derived between one pair of shared nodes (a, b). {@code $rows} are pairs of keys
 * {@code {from, to}}; the times that kinds keep are p0, p1, ... over all kinds.
 */
final class DerivedStatements {

    /** Each pair has one more supporter, which brings these {@code times}. */
    final String gain;

    /** Makes what each pair has what all its supporters say, nothing if there is none. */
    final String recompute;

    /** Of each pair: the row, number of supporters, and by kind [properties they want, properties it has or null]. */
    final String read;

    private final Derived derived;
    private final List<Numbered> kinds = new ArrayList<>();

    /** A kind with its relationship's variable and the number of its first time. */
    private record Numbered(Kind kind, String variable, int firstTime) {

        String between() {
            return "(a)-[" + variable + ":" + quoted(kind.type()) + "]->(b)";
        }

        /** {@code {first_seen: p0, ...}} */
        String wanted() {
            List<String> values = new ArrayList<>();
            for (Extreme time : kind.times()) values.add(quoted(time.name()) + ": p" + (firstTime + values.size()));
            return "{" + String.join(", ", values) + "}";
        }
    }

    DerivedStatements(GraphMapping mapping, Derived derived) {
        this.derived = derived;
        int times = 0;
        for (Kind kind : derived.kinds()) {
            kinds.add(new Numbered(kind, "r" + kinds.size(), times));
            times += kind.times().size();
        }
        this.gain = "UNWIND $rows AS row WITH DISTINCT row.from AS fromKey, row.to AS toKey"
                + times(i -> "row.times[" + i + "]")
                + " MATCH " + node("a", mapping.end(derived.from()), "fromKey")
                + " MATCH " + node("b", mapping.end(derived.to()), "toKey")
                + all("", kind -> " MERGE " + kind.between() + improve(kind));
        String supporters = supporters(mapping);
        this.recompute = supporters + all(" WITH row, a, b, support" + names(), this::recompute);
        this.read = supporters
                + all("", kind -> " OPTIONAL MATCH " + kind.between())
                + " RETURN row, support, ["
                + all(", ", kind -> "[" + kind.wanted() + ", properties(" + kind.variable() + ")]")
                + "] AS kinds";
    }

    /** Only a better time replaces the one that is there. */
    private static String improve(Numbered kind) {
        List<String> sets = new ArrayList<>();
        for (Extreme time : kind.kind().times()) {
            String held = kind.variable() + "." + quoted(time.name());
            String other = "p" + (kind.firstTime() + sets.size());
            String better = other + (time.latest() ? " > " : " < ") + held;
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
                + " WITH row, a, b, count(own) AS support"
                + times(i -> "own." + quoted(derived.times().get(i).ownProperty()));
    }

    private String recompute(Numbered kind) {
        return " OPTIONAL MATCH " + kind.between()
                + " WITH row, a, b, support" + names() + ", collect(" + kind.variable() + ") AS held"
                + " FOREACH (old IN CASE WHEN support = 0 THEN held ELSE [] END | DELETE old)"
                + " FOREACH (one IN CASE WHEN support = 0 THEN [] ELSE [1] END | MERGE " + kind.between()
                + " SET " + kind.variable() + " = " + kind.wanted() + ")";
    }

    private String all(String separator, Function<Numbered, String> part) {
        return kinds.stream().map(part).collect(Collectors.joining(separator));
    }

    /** {@code , p0, p1, ...} */
    private String names() {
        return IntStream.range(0, derived.times().size())
                .mapToObj(i -> ", p" + i)
                .collect(Collectors.joining());
    }

    /** {@code , min(value) AS p0, max(value) AS p1, ...} */
    private String times(IntFunction<String> value) {
        StringBuilder times = new StringBuilder();
        for (int i = 0; i < derived.times().size(); i++) {
            String best = derived.times().get(i).latest() ? "max" : "min";
            times.append(", " + best + "(" + value.apply(i) + ") AS p" + i);
        }
        return times.toString();
    }
}
