package io.caravan.message;

import io.caravan.endpoint.ReceivingEndpoint;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Records of Kafka: offsets are committed when they are acknowledged, and only those of records that were gathered. The endpoint says how
 * to connect, and makes the client; its own consumer is not used, as that commits whatever it has polled when partitions are taken from
 * it or its connection is lost.
 */
final class KafkaInbox implements Inbox {

    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration ASKED = Duration.ofSeconds(15);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final int AT_ONCE = 500;

    private final ReceivingEndpoint endpoint;
    private final KafkaEndpoint kafka;
    private final KafkaConfiguration settings;
    private final Map<TopicPartition, OffsetAndMetadata> reached = new HashMap<>();
    /** Where each partition ended when we began to read it: so far we wait for a broker that is slow. */
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    /** Where what was gathered of a partition begins. */
    private final Map<TopicPartition, Long> begins = new HashMap<>();

    private Consumer<Object, Object> consumer;

    KafkaInbox(ReceivingEndpoint endpoint, KafkaEndpoint kafka) {
        this.endpoint = endpoint;
        this.kafka = kafka;
        this.settings = kafka.getConfiguration();
        if (settings.getGroupId() == null || settings.getGroupId().isBlank()) {
            throw new ConfigurationException(SettingChecks.sentence(
                            MessageSource.UNIT, "uri", "say a groupId, which remembers what was acknowledged", "")
                    + "; add groupId=<name> to it");
        }
    }

    @Override
    public List<Received> gather(Bounds bounds) {
        Gathering gathering = new Gathering(bounds);
        try {
            consumer = connected(bounds);
            long idle = bounds.idle().toNanos();
            long began = System.nanoTime();
            long since = 0;
            while (!gathering.full()) {
                boolean assigned = !consumer.assignment().isEmpty();
                if (assigned && since == 0) since = begun();
                long patient = assigned && behind() ? Math.max(idle, ASKED.toNanos()) : idle;
                if (assigned && System.nanoTime() - since > patient) break;
                if (!assigned && System.nanoTime() - began > patience()) throw unassigned();
                for (ConsumerRecord<Object, Object> record : consumer.poll(TICK)) {
                    gathering.add(received(record));
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    begins.putIfAbsent(partition, record.offset());
                    reached.put(partition, new OffsetAndMetadata(record.offset() + 1));
                    since = System.nanoTime();
                }
            }
            if (since == 0) begun();
            return gathering.end();
        } catch (CaravanException e) {
            throw e;
        } catch (RuntimeException e) {
            throw endpoint.fault(e);
        }
    }

    @SuppressWarnings("unchecked") // the client's factory knows no types
    private Consumer<Object, Object> connected(Bounds bounds) {
        Properties properties = settings.createConsumerProperties();
        kafka.updateClassProperties(properties);
        properties.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.getKafkaClientFactory().getBrokers(settings));
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.getGroupId());
        if (settings.getGroupInstanceId() != null) {
            properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, settings.getGroupInstanceId());
        }
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(Math.min(AT_ONCE, bounds.messages())));
        // a new group begins with what is there, or what was sent before its first run would be lost
        if (!endpoint.says("autoOffsetReset")) properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // as the default for texts takes bytes that are none for signs of its own
        if (!endpoint.says("valueDeserializer")) {
            properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        }
        Consumer<Object, Object> made = kafka.getKafkaClientFactory().getConsumer(properties);
        try {
            made.listTopics(ASKED); // or a poll waits for a broker that is away, and says nothing
            if (settings.isTopicIsPattern()) made.subscribe(Pattern.compile(settings.getTopic()));
            else made.subscribe(Arrays.asList(settings.getTopic().split(",")));
            return made;
        } catch (RuntimeException e) {
            made.close(CLOSING);
            throw e;
        }
    }

    /** Fixes where a group without an offset begins, or what comes before its first acknowledgement could be passed over. */
    private long begun() {
        Map<TopicPartition, OffsetAndMetadata> fresh = new HashMap<>();
        consumer.committed(consumer.assignment(), ASKED).forEach((partition, offset) -> {
            if (offset != null) return;
            Long begin = begins.get(partition);
            fresh.put(partition, new OffsetAndMetadata(begin != null ? begin : consumer.position(partition, ASKED)));
        });
        if (!fresh.isEmpty()) consumer.commitSync(fresh, ASKED);
        ends.putAll(consumer.endOffsets(consumer.assignment(), ASKED));
        return System.nanoTime();
    }

    private boolean behind() {
        return consumer.assignment().stream()
                .anyMatch(partition -> consumer.position(partition, ASKED) < ends.getOrDefault(partition, 0L));
    }

    /** As long as a member that died without a word may keep its partitions. */
    private long patience() {
        Integer session = settings.getSessionTimeoutMs();
        return Duration.ofMillis(session == null ? 45_000 : session).plus(ASKED).toNanos();
    }

    private UnavailableException unassigned() {
        return new UnavailableException(
                SettingChecks.sentence(MessageSource.UNIT, "groupId", "be assigned a partition", settings.getGroupId())
                        + "; see that no other consumer of the group holds all of them",
                null);
    }

    private Received received(ConsumerRecord<Object, Object> record) {
        Exchange exchange = kafka.createExchange();
        exchange.getMessage().setBody(record.value());
        for (Header header : record.headers()) {
            exchange.getMessage()
                    .setHeader(
                            header.key(), settings.getHeaderDeserializer().deserialize(header.key(), header.value()));
        }
        exchange.getMessage().setHeader(KafkaConstants.TOPIC, record.topic());
        exchange.getMessage().setHeader(KafkaConstants.PARTITION, record.partition());
        exchange.getMessage().setHeader(KafkaConstants.OFFSET, record.offset());
        exchange.getMessage().setHeader(KafkaConstants.TIMESTAMP, record.timestamp());
        exchange.getMessage().setHeader(KafkaConstants.KEY, record.key());
        return new Received(record.topic() + "-" + record.partition() + "@" + record.offset(), exchange.getMessage());
    }

    @Override
    public void acknowledge() {
        if (consumer == null) return;
        try {
            Map<TopicPartition, OffsetAndMetadata> ours = new HashMap<>(reached);
            ours.keySet().retainAll(consumer.assignment());
            if (!ours.isEmpty()) consumer.commitSync(ours, ASKED);
            if (ours.size() < reached.size()) {
                throw new UnavailableException(
                        "endpoint-source: partitions were assigned to another consumer of the group meanwhile", null);
            }
        } catch (RuntimeException e) {
            throw endpoint.fault(e);
        } finally {
            release();
        }
    }

    @Override
    public void release() {
        reached.clear();
        begins.clear();
        ends.clear();
        if (consumer == null) return;
        Consumer<Object, Object> closing = consumer;
        consumer = null;
        closing.close(CLOSING);
    }
}
