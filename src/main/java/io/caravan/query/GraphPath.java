package io.caravan.query;

import java.util.List;

/**
 * A way through the graph that explains an answer.
 *
 * @param through what kind of way it is
 * @param relationships types, one between each two nodes
 */
public record GraphPath(String through, List<GraphNode> nodes, List<String> relationships) {}
