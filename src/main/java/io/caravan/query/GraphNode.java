package io.caravan.query;

/** A node on a path of the graph. */
public record GraphNode(String label, String id) {}
