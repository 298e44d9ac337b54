package io.caravan.notify;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Settings;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringSerializer;

/** A topic of Kafka: idempotent producer, acknowledged by all replicas; key is the pipeline. */
final class KafkaChannel implements Channel {

    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    private final String unit;
    private final String topic;
    private final String servers;
    private final String propertiesFile;
    private final int timeoutMillis;

    /** {@code propertiesFile}: more settings of the client (security), blank for none. */
    KafkaChannel(String unit, String topic, String servers, String propertiesFile, int timeoutMillis) {
        new Settings(unit)
                .must(TOPIC.matcher(topic).matches(), "target", "be the name of a topic", topic)
                .notBlank("bootstrapServers", servers)
                .check();
        this.unit = unit;
        this.topic = topic;
        this.servers = servers.strip();
        this.propertiesFile = propertiesFile.strip();
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public void send(Notice notice) {
        ProducerRecord<String, String> message = new ProducerRecord<>(topic, notice.pipeline(), notice.json());
        message.headers().add("deduplicationId", notice.deduplicationId().getBytes(StandardCharsets.US_ASCII));
        with(producer -> producer.send(message).get());
    }

    @Override
    public void check() {
        with(producer -> producer.partitionsFor(topic));
    }

    private interface Work {
        Object with(KafkaProducer<String, String> producer) throws ExecutionException, InterruptedException;
    }

    private void with(Work work) {
        try {
            KafkaProducer<String, String> producer =
                    new KafkaProducer<>(properties(), new StringSerializer(), new StringSerializer());
            try {
                work.with(producer);
            } finally {
                producer.close(Duration.ZERO); // what was sent is acknowledged
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(unit + ": interrupted", e);
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    private RuntimeException failure(Throwable e) {
        String failed = unit + ": topic " + topic + " at " + servers + " took no message: " + e.getMessage();
        // what the broker says for good, and what the client finds wrong in its settings
        boolean wrong = e instanceof ApiException ? !(e instanceof RetriableException) : e instanceof KafkaException;
        return wrong ? new ConfigurationException(failed) : new UnavailableException(failed, e);
    }

    private Properties properties() {
        Properties properties = new Properties();
        if (!propertiesFile.isEmpty()) {
            try (Reader file = Files.newBufferedReader(Path.of(propertiesFile))) {
                properties.load(file);
            } catch (IOException e) {
                throw new ConfigurationException(
                        Settings.sentence(unit, "kafkaPropertiesFile", "be readable", propertiesFile));
            }
        }
        String timeout = Integer.toString(timeoutMillis);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
        return properties;
    }
}
