package io.caravan.message;

import io.caravan.endpoint.EndpointUri;
import io.caravan.endpoint.ReceivingEndpoint;
import io.caravan.error.CaravanException;
import io.caravan.format.Format;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * The messages that wait at an endpoint, each a record, a notification of some, or records in a format. A run takes some of them, and they are gone when every
 * sink has them. {@link MessageSources} makes one from settings.
 */
public final class MessageSource implements Source, CamelContextAware, AutoCloseable {

    static final String UNIT = "endpoint-source";

    private final String uri;
    private final String acknowledge;
    private final List<String> keyFields;
    private final MessageShape shape;
    /** Of messages that are gathered. */
    private final BodyRecords bodies;
    /** Empty where messages are gathered. */
    private final Optional<Format> format;

    private final Bounds bounds;
    private final long maxMessageBytes;
    /** By name, what this run took in and nobody opened yet. */
    private final Map<String, Received> waiting = new LinkedHashMap<>();

    private volatile CamelContext context;
    private Inbox inbox;

    MessageSource(
            String uri,
            String acknowledge,
            List<String> keyFields,
            MessageShape shape,
            BodyRecords bodies,
            Optional<Format> format,
            Bounds bounds,
            long maxMessageBytes) {
        this.uri = uri;
        this.acknowledge = acknowledge;
        this.keyFields = keyFields;
        this.shape = shape;
        this.bodies = bodies;
        this.format = format;
        this.bounds = bounds;
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public List<String> keyFields() {
        return keyFields;
    }

    /** All in one object where each is one record; else the newest first, as the last of a key wins. */
    @Override
    public synchronized Iterator<SourceObject> objects() {
        release(); // of a run that ended without a word
        if (inbox == null) inbox = Inboxes.of(endpoint(), acknowledge);
        try {
            for (Received message : inbox.gather(bounds)) {
                String name = message.name();
                for (int i = 2; waiting.containsKey(name); i++) name = message.name() + " #" + i;
                waiting.put(name, message);
            }
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
        if (waiting.isEmpty()) return List.<SourceObject>of().iterator();
        List<String> names =
                format.isEmpty() ? List.of(new EndpointUri(UNIT, "uri", uri).shown()) : newestFirst(waiting.keySet());
        return names.stream().map(name -> new SourceObject(name, "", -1)).iterator();
    }

    private static List<String> newestFirst(Collection<String> names) {
        List<String> all = new ArrayList<>(names);
        Collections.reverse(all);
        return all;
    }

    @Override
    public synchronized RecordReader open(SourceObject object) {
        if (format.isPresent()) return new FileMessage(waiting.remove(object.name()), format.get(), shape);
        List<Received> messages = List.copyOf(waiting.values());
        waiting.clear();
        return new GatheredMessages(messages, bodies, shape, maxMessageBytes);
    }

    @Override
    public boolean consumes() {
        return true;
    }

    @Override
    public boolean windowed() {
        return true;
    }

    @Override
    public boolean supersedes() {
        return format.isPresent();
    }

    @Override
    public synchronized void acknowledge() {
        waiting.clear();
        if (inbox != null) inbox.acknowledge();
    }

    @Override
    public synchronized void release() {
        waiting.clear();
        if (inbox != null) inbox.release();
    }

    /** Asks the server whether it can be used; takes nothing. */
    @Override
    public Optional<String> check() {
        try {
            ReceivingEndpoint endpoint = endpoint();
            Inboxes.of(endpoint, acknowledge);
            endpoint.probe();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    private ReceivingEndpoint endpoint() {
        return new ReceivingEndpoint(context, UNIT, "uri", EndpointUri.resolved(context, UNIT, "uri", uri));
    }

    @Override
    public void close() {
        release();
    }
}
