package io.caravan.endpoint;

import io.caravan.error.ConfigurationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of a Camel context, one for each store that is used: endpoints, connectors, the query API and checks share it, the
 * registry knows it, the context closes it. A client that the user brings wins over one that is made of settings:
 *
 * <ol>
 *   <li>the component's, set by {@code camel.component.<scheme>.<option>}
 *   <li>the registry's only bean of that type; with several, the component's option says which (not for kinds of which others
 *       may stand there, see {@link ClientKind#anyBean})
 *   <li>one made of the settings, for all that have the same
 * </ol>
 */
public final class Clients extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger(Clients.class);

    private final CamelContext context;
    private final Map<Object, Object> made = new HashMap<>();
    private final Map<String, Object> open = new LinkedHashMap<>();
    private final Map<String, LongAdder> uses = new TreeMap<>();
    private final Set<String> abandoned = new HashSet<>();
    private final ClientChecks checks;
    private ProducerTemplate template;

    private Clients(CamelContext context) {
        this.context = context;
        this.checks = new ClientChecks(context);
    }

    /** Those of a context. */
    public static Clients of(CamelContext context) {
        Clients clients = context.hasService(Clients.class);
        if (clients != null) return clients;
        synchronized (context) {
            clients = context.hasService(Clients.class);
            if (clients == null) {
                clients = new Clients(context);
                SharedRegistry.in(context);
                try {
                    context.addService(clients, true, true);
                } catch (Exception e) {
                    throw RuntimeCamelException.wrapRuntimeException(e);
                }
            }
            return clients;
        }
    }

    /**
     * The client for these settings.
     *
     * @param settings equal for those that may share a client; compared only, never shown
     * @param make a client of these settings
     */
    public synchronized <C> Client<C> get(ClientKind<C, ?> kind, Object settings, Supplier<? extends C> make) {
        C given = kind.given(context);
        if (given != null && !ours(given)) return client(nameOf(given, kind), given);
        if (!kind.anyBean()) return ours(kind, settings, make);
        Map<String, C> brought = new TreeMap<>(context.getRegistry().findByTypeWithName(kind.type()));
        brought.values().removeIf(this::ours);
        if (brought.size() > 1) {
            throw new ConfigurationException(kind.unit() + ": the client must be one bean of "
                    + kind.type().getName() + ", got " + String.join(", ", brought.keySet()) + "; " + kind.remedy());
        }
        if (!brought.isEmpty()) {
            String name = brought.keySet().iterator().next();
            return client(name, brought.get(name));
        }
        return ours(kind, settings, make);
    }

    /**
     * Takes one of ours out that answers nobody any more; whoever asks next gets a new one of another name, as endpoints keep what
     * they found under the old one. False for one that the user supplied, which is his.
     */
    public synchronized boolean abandon(Client<?> client) {
        if (open.remove(client.name()) == null) return false;
        made.values().removeIf(c -> c == client);
        abandoned.add(client.name());
        checks.remove(client.name());
        context.getRegistry().unbind(client.name());
        return true;
    }

    /**
     * Shows the client as a health check {@code client-<name>}, with {@code /<place>} where it is asked about one.
     *
     * @param ask one cheap question to the store; throws when it does not answer, best a {@link io.caravan.error.CaravanException}
     */
    public void watch(Client<?> client, String place, Runnable ask) {
        checks.add(client.name(), place, ask);
    }

    /** Whether it was made of settings; else the user supplied it. */
    public synchronized boolean made(Client<?> client) {
        return open.containsKey(client.name());
    }

    /** How often each client was used for a call of its own, without an endpoint. */
    public synchronized Map<String, Long> uses() {
        Map<String, Long> counts = new TreeMap<>();
        uses.forEach((name, count) -> counts.put(name, count.sum()));
        return counts;
    }

    synchronized ProducerTemplate template() {
        if (template == null) template = context.createProducerTemplate();
        return template;
    }

    private <C> Client<C> ours(ClientKind<C, ?> kind, Object settings, Supplier<? extends C> make) {
        Object key = Map.entry(kind.type(), settings);
        @SuppressWarnings("unchecked") // only a client of this type stands under its type
        Client<C> there = (Client<C>) made.get(key);
        if (there != null) return there;
        C shared = make.get();
        String name = free(kind.bean());
        open.put(name, shared);
        context.getRegistry().bind(name, kind.type(), shared);
        Client<C> client = client(name, shared);
        made.put(key, client);
        return client;
    }

    private boolean ours(Object client) {
        return open.values().stream().anyMatch(c -> c == client);
    }

    /** A client that only the component knows is bound, so that each endpoint can name it. */
    private <C> String nameOf(C given, ClientKind<C, ?> kind) {
        Map<String, C> there = context.getRegistry().findByTypeWithName(kind.type());
        for (Map.Entry<String, C> bean : there.entrySet()) if (bean.getValue() == given) return bean.getKey();
        String name = free(kind.bean());
        context.getRegistry().bind(name, kind.type(), given);
        return name;
    }

    private String free(String bean) {
        String name = bean;
        for (int i = 2; abandoned.contains(name) || context.getRegistry().lookupByName(name) != null; i++)
            name = bean + i;
        return name;
    }

    private <C> Client<C> client(String name, C shared) {
        return new Client<>(name, shared, uses.computeIfAbsent(name, n -> new LongAdder()));
    }

    @Override
    protected synchronized void doStop() throws Exception {
        if (template != null) template.stop();
        template = null;
        open.forEach((name, client) -> {
            context.getRegistry().unbind(name);
            close(name, client);
        });
        open.clear();
        made.clear();
        checks.clear();
    }

    private static void close(String name, Object client) {
        if (!(client instanceof AutoCloseable closeable)) return;
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.warn("{}: closing failed: {}", name, e.toString());
        }
    }
}
