package io.caravan.endpoint;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Makes Kafka's clients with more settings of a properties file, which is read anew for each, so that no secret of it is in a URI. */
public final class KafkaFile extends DefaultKafkaClientFactory {

    private static final Set<String> OURS = Set.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.ACKS_CONFIG,
            ProducerConfig.LINGER_MS_CONFIG,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

    private final String unit;
    private final String file;

    /** {@code file}: blank for none. */
    public KafkaFile(String unit, String file) {
        this.unit = unit;
        this.file = file.strip();
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public Producer getProducer(Properties properties) {
        Properties all = new Properties();
        all.putAll(properties);
        addTo(all);
        return super.getProducer(all);
    }

    /** What the file says counts, but for what makes a message arrive in time and whole. */
    void addTo(Properties properties) {
        read().forEach((name, value) -> {
            if (!OURS.contains(name)) properties.put(name, value);
        });
    }

    private Properties read() {
        Properties properties = new Properties();
        if (file.isEmpty()) return properties;
        try (Reader text = Files.newBufferedReader(Path.of(file))) {
            properties.load(text);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(SettingChecks.sentence(unit, "kafkaPropertiesFile", "be readable", file));
        }
        return properties;
    }
}
