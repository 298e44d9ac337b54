package io.caravan.validate;

import java.util.List;
import java.util.Optional;

/**
 * A route of a file.
 *
 * @param from where it begins, with its steps
 * @param begin the call there
 */
record Route(SourceFile file, String id, YamlNode node, YamlNode from, Call begin) {

    /** {@code - route: {from: ...}} or {@code - from: ...}; empty for what else a file may hold, and for one without a beginning. */
    static Optional<Route> of(SourceFile file, YamlNode item) {
        YamlNode route = item.at("route").orElse(item);
        Optional<YamlNode> from = route.at("from");
        return from.flatMap(f -> Call.of("from", f))
                .map(begin -> new Route(file, route.textAt("id"), route, from.get(), begin));
    }

    List<YamlNode> steps() {
        return from.at("steps").or(() -> node.at("steps")).map(YamlNode::items).orElse(List.of());
    }

    /** How an error calls it. */
    String named() {
        return id.isBlank() ? "a route without id" : id;
    }
}
