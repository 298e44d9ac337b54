package io.caravan.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.UnverifiableSink;
import io.caravan.endpoint.EndpointMessage;
import io.caravan.endpoint.MessageEndpoint;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.notify.SnsTopic;
import io.caravan.object.ObjectStore;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.aws2.sns.Sns2Constants;

/**
 * Tells consumers of a dataset, by the reference system's message, that its current version is another: when all other sinks have
 * everything, and a partition changed since the version that was announced last. One that was not taken is a failed delivery, so the
 * next run tells; each is told at least once.
 */
public final class AnnounceSink implements UnverifiableSink, CamelContextAware, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final String dataset;
    private final String bucket;
    private final ObjectStore store;
    private final MessageEndpoint topic;
    private final Published published;
    private final Announced announced;
    private final AtomicBoolean news = new AtomicBoolean();
    private CamelContext context;

    /** {@code bucket}: what the message calls the place of {@code store}. */
    public AnnounceSink(String name, String dataset, String bucket, ObjectStore store, MessageEndpoint topic) {
        new SettingChecks("announce-sink")
                .notBlank("sink", name)
                .must(dataset.matches("[A-Za-z0-9_.-]+"), "dataset", "match [A-Za-z0-9_.-]+", dataset)
                .check();
        this.name = name;
        this.dataset = dataset;
        this.bucket = bucket;
        this.store = store;
        this.topic = topic;
        this.published = new Published(store, dataset);
        this.announced = new Announced(store, published);
    }

    @Override
    public void setCamelContext(CamelContext camel) {
        context = camel;
        CamelContextAware.trySetCamelContext(store, camel);
        CamelContextAware.trySetCamelContext(topic, camel);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean gathers() {
        return true;
    }

    @Override
    public boolean last() {
        return true;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        news.set(true);
        return List.of();
    }

    @Override
    public List<Refusal> flush() {
        if (!news.get()) return List.of();
        announce();
        news.set(false);
        return List.of();
    }

    /** Tells of the current version, unless that was told or has nothing new. */
    void announce() {
        announced.due().ifPresent(version -> {
            String message = message(version);
            Map<String, Object> subject = Map.of(Sns2Constants.SUBJECT, "projection_update:" + dataset);
            topic.tell(new EndpointMessage(message, "", subject, Sha256.hex(message, 32), SnsTopic.GROUP));
            announced.told(version);
        });
    }

    @Override
    public void discard() {
        news.set(false);
    }

    private String message(String version) {
        ObjectNode json = JSON.createObjectNode();
        json.put("event", "projection_update");
        json.put("dataset_id", dataset);
        json.put("bucket", bucket);
        json.put("version_manifest_path", published.manifestPath(version));
        json.put("projections_path", published.projectionsPath());
        return json.toString();
    }

    @Override
    public Optional<String> check() {
        try {
            topic.check();
            if (store.there()) announced.due();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public void close() {
        store.close();
    }

    @Override
    public String unverifiable() {
        return name + ": what was announced cannot be verified: a message holds no records";
    }
}
