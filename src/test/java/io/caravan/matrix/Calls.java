package io.caravan.matrix;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How often Camel's endpoints were called, by component, and how often clients without one, by client. */
final class Calls {

    /** Calls inside a context, which reach no store. */
    private static final Set<String> INSIDE = Set.of("direct", "kamelet", "mock", "log");

    private final Map<String, Long> endpoints = new TreeMap<>();
    private final Map<String, Long> clients = new TreeMap<>();

    void add(Map<String, Long> byEndpoints, Map<String, Long> byClients) {
        byEndpoints.forEach((scheme, count) -> {
            if (!INSIDE.contains(scheme)) endpoints.merge(scheme, count, Long::sum);
        });
        byClients.forEach((client, count) -> clients.merge(client, count, Long::sum));
    }

    long of(String scheme) {
        return endpoints.getOrDefault(scheme, 0L);
    }

    @Override
    public String toString() {
        return "endpoints: " + text(endpoints) + "; clients: " + text(clients);
    }

    private static String text(Map<String, Long> counts) {
        if (counts.isEmpty()) return "none";
        return counts.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
    }
}
