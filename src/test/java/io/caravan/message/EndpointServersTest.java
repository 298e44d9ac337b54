package io.caravan.message;

import static io.caravan.message.EndpointSinks.gone;
import static io.caravan.message.EndpointSinks.record;
import static io.caravan.message.EndpointSinks.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.notify.KafkaServer;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On real servers in this process: what arrives there, and what is said when they are away or refuse who asks. */
class EndpointServersTest {

    @TempDir
    private Path folder;

    /** For Kafka, whose producers end with the test: they would ask a server that is gone again and again. */
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @AfterEach
    void end() throws Exception {
        camel.close();
    }

    @Test
    void kafkaHasAMessageARecordAndANullOfOneThatIsGone() throws Exception {
        String uri;
        EndpointSink sink;
        camel.start();
        try (KafkaServer kafka = new KafkaServer(folder)) {
            String settings = "?maxBlockMs=2000&deliveryTimeoutMs=2000&requestTimeoutMs=1500&lingerMs=0&brokers=";
            uri = "kafka:orders" + settings + kafka.address();
            sink = new EndpointSinks()
                    .deletes("null-body")
                    .headers("source=caravan")
                    .to(camel, uri);
            assertThat(sink.check())
                    .contains("events: uri must exist at kafka:orders, got 'kafka:orders'; create it or correct 'uri'");
            assertThat(sink.write(List.of(record("a", "café"), gone("b"), record("ä\n", 1L))))
                    .isEmpty();
            assertThat(sink.check()).isEmpty();
            List<ConsumerRecord<String, String>> messages = read(kafka.address(), "orders", 3);
            assertThat(messages).extracting(ConsumerRecord::key).containsExactly("a", "b", "ä\n");
            assertThat(messages)
                    .extracting(ConsumerRecord::value)
                    .containsExactly("{\"id\":\"a\",\"name\":\"café\"}", null, "{\"id\":\"ä\\n\",\"name\":1}");
            assertThat(messages)
                    .allSatisfy(m -> assertThat(header(m, "source")).isEqualTo("caravan"))
                    .extracting(m -> header(m, "Idempotency-Key"))
                    .doesNotHaveDuplicates()
                    .allMatch(id -> id.matches("[0-9a-f]{32}"));
            sink.write(List.of(record("a", "café")));
            assertThat(header(read(kafka.address(), "orders", 4).get(3), "Idempotency-Key"))
                    .as("sent again")
                    .isEqualTo(header(messages.get(0), "Idempotency-Key"));

            String password =
                    "&securityProtocol=SASL_PLAINTEXT&saslMechanism=PLAIN&saslJaasConfig=RAW(org.apache.kafka.common.security.plain.PlainLoginModule"
                            + " required username=caravan password=s3cr3t;)";
            EndpointSink wrong =
                    new EndpointSinks().to(camel, "kafka:orders" + settings + kafka.loginAddress() + password);
            assertThat(wrong.check()).get().asString().startsWith("events: authentication failed at kafka:orders");
            assertThatThrownBy(() -> wrong.write(records(1)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("events: authentication failed at kafka:orders")
                    .hasMessageEndingWith("correct 'uri'");
        }
        assertThatThrownBy(() -> sink.write(records(1)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("events: uri must lead to a server that answers, got 'kafka:orders'");
    }

    @Test
    void aJmsQueueHasTheTextsOrTheBytesOfAField() throws Exception {
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
        broker.setConfiguration(new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .setJournalDirectory(folder.toString())
                .addAcceptorConfiguration("here", "vm://41"));
        broker.start();
        EndpointSink sink;
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("vm://41?reconnectAttempts=0")) {
            TestContext.get().getRegistry().bind("orderBroker", factory);
            sink = new EndpointSinks()
                    .keyHeader("recordKey")
                    .to("jms:queue:orders?connectionFactory=#bean:orderBroker");
            assertThat(sink.check()).isEmpty();
            assertThat(sink.write(List.of(record("a", "x"), gone("b")))).isEmpty();
            new EndpointSinks()
                    .body("field:name")
                    .deletes("skip")
                    .to("jms:queue:orders?connectionFactory=#bean:orderBroker")
                    .write(List.of(record("c", new byte[] {1, 2}), gone("b")));
            try (Connection connection = factory.createConnection();
                    Session session = connection.createSession();
                    MessageConsumer queue = session.createConsumer(session.createQueue("orders"))) {
                connection.start();
                TextMessage first = (TextMessage) queue.receive(5_000);
                assertThat(first.getText()).isEqualTo("{\"id\":\"a\",\"name\":\"x\"}");
                assertThat(first.getStringProperty("recordKey")).isEqualTo("a");
                assertThat(((TextMessage) queue.receive(5_000)).getText()).isEqualTo("{\"id\":\"b\",\"deleted\":true}");
                assertThat(((BytesMessage) queue.receive(5_000)).getBodyLength())
                        .isEqualTo(2);
                assertThat(queue.receiveNoWait()).isNull();
            }
            broker.stop();
            assertThatThrownBy(() -> sink.write(records(1)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith("events: uri must lead to a server that answers, got 'jms:queue:orders'");
            assertThat(sink.check()).isPresent();
        }
    }

    @Test
    void anSftpServerHasAFileABatch() throws Exception {
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider(folder.resolve("host.ser")));
        server.setPasswordAuthenticator((user, password, session) -> password.equals("right"));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        Path files = Files.createDirectories(folder.resolve("files"));
        server.setFileSystemFactory(new VirtualFileSystemFactory(files));
        server.start();
        String at = "sftp://me@127.0.0.1:" + server.getPort()
                + "/out?fileName=orders.csv&fileExist=Append&jschLoggingLevel=OFF&maximumReconnectAttempts=0&knownHostsFile="
                + folder.resolve("hosts") + "&useUserKnownHostsFile=false&password=RAW(";
        EndpointSink sink = new EndpointSinks().batches(2).body("csv").to(at + "right)");
        EndpointSink wrong = new EndpointSinks().to(at + "wr0ng&pass)");
        try {
            assertThat(sink.check()).isEmpty();
            assertThat(sink.write(List.of(record("a", "x, y"), gone("b"), record("c", "z"))))
                    .isEmpty();
            assertThat(Files.readString(files.resolve("out/orders.csv")))
                    .isEqualTo("id,name,deleted\na,\"x, y\",\nb,,true\nid,name\nc,z\n");
            assertThat(wrong.check())
                    .get()
                    .asString()
                    .startsWith("events: authentication failed at sftp://127.0.0.1:" + server.getPort() + "/out")
                    .doesNotContain("wr0ng");
        } finally {
            server.stop(true);
        }
        assertThatThrownBy(() -> sink.write(records(1))).isInstanceOf(UnavailableException.class);
        assertThat(sink.check()).get().asString().contains("(connection refused)");
    }

    @Test
    void aMailServerHasAMessageARecord() throws Exception {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.setUser("me", "right");
        mail.start();
        String at = "smtp://127.0.0.1:" + mail.getSmtp().getPort()
                + "?from=caravan@example.com&to=orders@example.com&subject=An order&username=me&password=";
        EndpointSink sink = new EndpointSinks().keyHeader("X-Key").to(at + "right");
        try {
            assertThat(sink.check()).isEmpty();
            assertThat(sink.write(List.of(record("a", "ü"), record("b\r\nBcc: x", "c"))))
                    .singleElement()
                    .satisfies(r -> assertThat(r.reason())
                            .isEqualTo("events: the key must hold no control character to be a header; leave"
                                    + " 'keyHeader' empty"));
            assertThat(mail.getReceivedMessages()).singleElement().satisfies(message -> {
                assertThat(message.getSubject()).isEqualTo("An order");
                assertThat(message.getHeader("X-Key")).containsExactly("a");
                assertThat(new String(message.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
                        .isEqualTo("{\"id\":\"a\",\"name\":\"ü\"}");
            });
            EndpointSink wrong = new EndpointSinks().to(at + "wr0ng");
            assertThat(wrong.check()).get().asString().startsWith("events: authentication failed at smtp://127.0.0.1");
            assertThatThrownBy(() -> wrong.write(records(1)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("events: authentication failed at smtp://127.0.0.1")
                    .hasMessageNotContaining("wr0ng");
        } finally {
            mail.stop();
        }
        assertThatThrownBy(() -> sink.write(records(1)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("(connection refused)");
    }

    private static String header(ConsumerRecord<String, String> message, String name) {
        return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static List<ConsumerRecord<String, String>> read(String servers, String topic, int count) {
        List<ConsumerRecord<String, String>> messages = new ArrayList<>();
        Map<String, Object> settings = Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            while (messages.size() < count) consumer.poll(Duration.ofSeconds(1)).forEach(messages::add);
        }
        return messages;
    }
}
