package io.caravan.graph;

import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Node;

/** Pieces of Cypher. Names are quoted (the mapping's reader lets pass none with a backtick), values are never in the text. */
final class Cypher {

    private Cypher() {}

    static String quoted(String name) {
        return "`" + name + "`";
    }

    /** {@code (variable:Label {key: value})} */
    static String node(String variable, Node node, String value) {
        return "(" + variable + ":" + quoted(node.label()) + " {" + quoted(node.key()) + ": " + value + "})";
    }

    /** {@code (own)-[r:TYPE]->(other)} or the other way round. */
    static String path(String own, Direct direct, String relationship, String other) {
        String line = "-[" + relationship + ":" + quoted(direct.type()) + "]-";
        return "(" + own + ")" + (direct.fromOwn() ? line + ">" : "<" + line) + "(" + other + ")";
    }
}
