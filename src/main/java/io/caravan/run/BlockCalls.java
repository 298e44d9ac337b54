package io.caravan.run;

import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;

/** What a block of a route calls: a Kamelet, or another route by {@code direct:}. */
record BlockCalls(CamelContext context) {

    /** The Kamelet that the block calls. */
    Optional<KameletCall> kamelet(RouteBlock block) {
        return switch (block.name()) {
            case "to" -> KameletCall.of(context, block.attribute("uri"));
            case "kamelet" -> KameletCall.of(context, "kamelet:" + block.attribute("name"));
            default -> Optional.empty();
        };
    }

    /** The route of its own that the block calls. */
    Optional<RouteDefinition> route(RouteBlock block) {
        return block.name().equals("to") ? route(block.attribute("uri")) : Optional.empty();
    }

    /** The route that begins there. */
    Optional<RouteDefinition> route(String uri) {
        String at = path(resolved(uri));
        if (!at.startsWith("direct:")) return Optional.empty();
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        return model.getRouteDefinitions().stream()
                .filter(r -> !Boolean.TRUE.equals(r.isKamelet()) && r.getInput() != null)
                .filter(r -> path(resolved(r.getInput().getEndpointUri())).equals(at))
                .findFirst();
    }

    /** With its placeholders resolved, where they can be. */
    String resolved(String text) {
        try {
            String resolved = context.resolvePropertyPlaceholders(text);
            return resolved == null ? "" : resolved;
        } catch (IllegalArgumentException e) {
            return text; // a placeholder that only a template knows
        }
    }

    private static String path(String uri) {
        return uri.replaceFirst("\\?.*", "").replaceFirst("^(\\w+:)//", "$1");
    }
}
