package io.caravan.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real Kafka in this process. */
class KafkaChannelTest {

    private static final Notice NOTICE = new Notice("orders", 6, 1, 2, "abc", Instant.parse("2025-01-02T03:04:05Z"));

    @TempDir
    private Path folder;

    /** Its producers end with the test: they would ask a server that is gone again and again. */
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void start() {
        camel.start();
    }

    @AfterEach
    void end() throws Exception {
        camel.close();
    }

    @Test
    void theTopicHoldsTheMessageWithThePipelineAsKeyAndTheIdAsHeader() throws Exception {
        try (KafkaServer kafka = new KafkaServer(folder)) {
            Channel channel = channel(camel, kafka.address(), "");
            assertThatThrownBy(channel::check)
                    .as("it is not made by asking for it")
                    .hasMessage("notify: target must exist at " + kafka.address()
                            + ", got 'published'; create it or correct 'target'");
            channel.send(NOTICE);
            channel.send(NOTICE);
            channel.check();
            List<ConsumerRecord<String, String>> messages = read(kafka.address(), 2);
            assertThat(messages).allSatisfy(message -> {
                assertThat(message.key()).isEqualTo("orders");
                assertThat(message.value()).isEqualTo(NOTICE.json());
                assertThat(id(message)).isEqualTo("abc");
            });
            Path wrong = Files.writeString(folder.resolve("client.properties"), "compression.type=none of these\n");
            assertThatThrownBy(() ->
                            channel(camel, kafka.address(), wrong.toString()).send(NOTICE))
                    .isInstanceOf(ConfigurationException.class);
        }
    }

    @Test
    void aKafkaThatIsAwayIsUnavailable() {
        assertThatThrownBy(() -> channel(camel, "127.0.0.1:1", "").send(NOTICE))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("notify: bootstrapServers must lead to a Kafka that answers, got '127.0.0.1:1' (connection"
                        + " refused); start it or correct 'bootstrapServers'");
        assertThatThrownBy(() -> channel(camel, "127.0.0.1:1", "/no/such/file").send(NOTICE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("notify: kafkaPropertiesFile must be readable, got '/no/such/file'");
        assertThatThrownBy(() -> channel(camel, "no port", "").send(NOTICE)).isInstanceOf(ConfigurationException.class);
    }

    static Channel channel(CamelContext camel, String servers, String file) {
        int timeoutMillis = servers.endsWith(":1") ? 500 : 20_000;
        Channel channel = NotifyChannels.of(
                "notify", "", "", "", "kafka", "published", servers, file, "", "", "", "none", "", "", timeoutMillis);
        CamelContextAware.trySetCamelContext(channel, camel);
        return channel;
    }

    static String id(ConsumerRecord<String, String> message) {
        return new String(message.headers().lastHeader("deduplicationId").value(), StandardCharsets.US_ASCII);
    }

    /** All messages that are there. */
    static List<ConsumerRecord<String, String>> readAll(String servers) {
        return read(servers, Integer.MAX_VALUE);
    }

    private static List<ConsumerRecord<String, String>> read(String servers, int count) {
        List<ConsumerRecord<String, String>> messages = new ArrayList<>();
        TopicPartition partition = new TopicPartition("published", 0);
        Map<String, Object> settings = Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            long all = Math.min(count, consumer.endOffsets(List.of(partition)).get(partition));
            while (messages.size() < all) consumer.poll(Duration.ofSeconds(1)).forEach(messages::add);
        }
        return messages;
    }
}
