package io.caravan.notify;

import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
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
        new SettingChecks(unit)
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

    /** Asks for the topic, and makes none: a producer that asks lets some brokers make it. */
    @Override
    public void check() {
        Properties properties = properties();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Integer.toString(timeoutMillis));
        try {
            Admin admin = Admin.create(properties);
            try {
                admin.describeTopics(List.of(topic)).allTopicNames().get(timeoutMillis, TimeUnit.MILLISECONDS);
            } finally {
                admin.close(Duration.ZERO); // without a limit it waits for a silent broker for ever
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw failure(new TimeoutException(e));
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    private interface Work {
        Object with(KafkaProducer<String, String> producer) throws ExecutionException, InterruptedException;
    }

    private void with(Work work) {
        try {
            KafkaProducer<String, String> producer =
                    new KafkaProducer<>(producer(), new StringSerializer(), new StringSerializer());
            try {
                work.with(producer);
            } catch (TimeoutException e) {
                // it says the same whether there is no topic or no broker: this throws what it is
                check();
                throw e;
            } finally {
                producer.close(Duration.ZERO); // what was sent is acknowledged
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException | InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    private UnavailableException interrupted(Exception e) {
        Thread.currentThread().interrupt();
        return new UnavailableException(unit + ": interrupted", e);
    }

    private RuntimeException failure(Throwable e) {
        ServerErrors server = new ServerErrors(unit, "bootstrapServers", "a Kafka", servers);
        if (e instanceof UnknownTopicOrPartitionException) return server.lacks("", "target", topic, "");
        if (e instanceof AuthenticationException || e instanceof AuthorizationException) {
            String who = propertiesFile.isEmpty() ? "" : "the account of " + propertiesFile;
            return server.denied(
                    e instanceof AuthorizationException, "", who, ServerErrors.words(e), "kafkaPropertiesFile");
        }
        if (e.getCause() instanceof ConfigException wrong && wrong.getMessage().contains("resolvable")) {
            return server.away("", new UnknownHostException(wrong.getMessage()));
        }
        // the client tells nobody why it found no broker
        if (e instanceof TimeoutException) {
            return server.away(
                    "", probe().orElse(new IOException("it accepts connections and does not answer as Kafka does")));
        }
        if (e instanceof RetriableException) return server.busy("", ServerErrors.words(e), e);
        // what the broker says for good, and what the client finds wrong in its settings
        return e instanceof KafkaException
                ? new ConfigurationException(unit + ": topic " + topic + " at " + servers + " took no message: "
                        + ServerErrors.words(e) + "; correct 'bootstrapServers' or 'kafkaPropertiesFile'")
                : server.away("", e);
    }

    /** What it is to connect to each of the brokers: empty when one of them accepts. */
    private Optional<IOException> probe() {
        Optional<IOException> failed = Optional.empty();
        for (String server : SettingList.of(servers)) {
            int colon = server.lastIndexOf(':');
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(
                                server.substring(0, colon).strip(),
                                Integer.parseInt(server.substring(colon + 1).strip())),
                        timeoutMillis);
                return Optional.empty();
            } catch (IOException e) {
                failed = Optional.of(e);
            }
        }
        return failed;
    }

    private Properties properties() {
        Properties properties = new Properties();
        if (!propertiesFile.isEmpty()) {
            try (Reader file = Files.newBufferedReader(Path.of(propertiesFile))) {
                properties.load(file);
            } catch (IOException e) {
                throw new ConfigurationException(
                        SettingChecks.sentence(unit, "kafkaPropertiesFile", "be readable", propertiesFile));
            }
        }
        String timeout = Integer.toString(timeoutMillis);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
        return properties;
    }

    private Properties producer() {
        Properties properties = properties();
        String timeout = Integer.toString(timeoutMillis);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
        return properties;
    }
}
