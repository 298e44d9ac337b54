package io.caravan.endpoint;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSendingEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.util.StringHelper;

/** Counts the calls of each component's endpoints, by scheme, as Camel itself reports them. */
public final class EndpointCounts extends EventNotifierSupport {

    private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();

    private EndpointCounts() {}

    /** From now on. */
    public static EndpointCounts of(CamelContext context) {
        EndpointCounts counts = new EndpointCounts();
        counts.setIgnoreCamelContextEvents(true);
        counts.start();
        context.getManagementStrategy().addEventNotifier(counts);
        return counts;
    }

    /** So far. */
    public Map<String, Long> calls() {
        Map<String, Long> counted = new TreeMap<>();
        calls.forEach((scheme, count) -> counted.put(scheme, count.sum()));
        return counted;
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof ExchangeSendingEvent sending) {
            String scheme = StringHelper.before(sending.getEndpoint().getEndpointUri(), ":");
            calls.computeIfAbsent(scheme, s -> new LongAdder()).increment();
        }
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof ExchangeSendingEvent;
    }
}
