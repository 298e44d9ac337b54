package io.caravan.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;

/** The health checks of the clients that are open, as Camel's registry of health checks asks for them. Thread-safe. */
final class ClientChecks implements HealthCheckRepository {

    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final CamelContext context;
    private final Map<String, ClientHealth> checks = new TreeMap<>();
    private boolean registered;
    private boolean enabled = true;

    ClientChecks(CamelContext context) {
        this.context = context;
    }

    /** {@code client-<client>}, and behind a slash its place; the first that is said of both counts. */
    synchronized void add(String client, String place, Runnable ask) {
        String id = "client-" + client + (place.isEmpty() ? "" : "/" + place);
        if (checks.containsKey(id)) return;
        ClientHealth check = new ClientHealth(id, ask, LIMIT);
        check.setCamelContext(context);
        checks.put(id, check);
        HealthCheckRegistry registry = HealthCheckRegistry.get(context);
        if (!registered && registry != null) registered = registry.register(this);
    }

    synchronized void remove(String client) {
        checks.keySet().removeIf(id -> id.equals("client-" + client) || id.startsWith("client-" + client + "/"));
    }

    synchronized void clear() {
        checks.clear();
    }

    @Override
    public synchronized Stream<HealthCheck> stream() {
        return enabled ? List.<HealthCheck>copyOf(checks.values()).stream() : Stream.empty();
    }

    @Override
    public String getId() {
        return "clients";
    }

    @Override
    public synchronized boolean isEnabled() {
        return enabled;
    }

    @Override
    public synchronized void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }
}
