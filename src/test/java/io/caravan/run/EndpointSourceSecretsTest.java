package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import io.caravan.endpoint.TestContext;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.manage.BeanTexts;
import io.caravan.message.Mailbox;
import io.caravan.message.Mailboxes;
import io.caravan.run.RunReport.Status;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Routes of a user with secrets in their URIs, rightly and wrongly: nobody sees them in report, ledger, log or JMX. */
class EndpointSourceSecretsTest {

    private static final String WRONG = "s3cr3t-wr0ng";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private Level level;

    @BeforeEach
    void listen() {
        level = root.getLevel();
        root.setLevel(Level.INFO);
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(log);
        root.setLevel(level);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sftp", "ftp", "imap", "pop3"})
    void noSecretIsSeenWhereARunSucceedsOrMayNotLogIn(String kind) throws Exception {
        Mailbox box = Mailboxes.fresh(kind, TestContext.get());
        box.send("a", "{\"id\": \"a\", \"value\": 1}");
        String right = "r1ght";
        assertThat(box.uri()).contains(right);
        assertSeenNowhere(box.uri(), Status.SUCCEEDED, right);
        String wrong = box.uri().replaceAll("RAW\\([^)]*\\)", "RAW(" + WRONG + ")");
        List<String> problems = assertSeenNowhere(wrong, Status.FAILED, WRONG);
        assertThat(problems).singleElement().asString().contains("authentication failed");
    }

    /** What is before the host, and a configuration that holds a password. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sftp://caravan:" + WRONG + "@127.0.0.1:SFTP/x?strictHostKeyChecking=no&useUserKnownHostsFile=false"
                        + "&maximumReconnectAttempts=0",
                "kafka:orders?brokers=127.0.0.1:1&groupId=x&securityProtocol=SASL_PLAINTEXT&saslMechanism=PLAIN"
                        + "&additionalProperties.default.api.timeout.ms=1000&saslJaasConfig=RAW(org.apache.kafka.common.security.plain.PlainLoginModule"
                        + " required username=me password=" + WRONG + ";)",
                "jms:queue:orders?connectionFactory=#none&username=me&password=" + WRONG,
                "nats:orders?password=RAW(" + WRONG + ")"
            })
    void noSecretIsSeenOfAUriThatCannotBeUsed(String uri) throws Exception {
        String at = uri.replace("SFTP", String.valueOf(Mailboxes.sftpPort()));
        assertThat(assertSeenNowhere(at, Status.FAILED, WRONG)).hasSize(1);
    }

    private List<String> assertSeenNowhere(String uri, Status status, String secret) throws Exception {
        Endpoint database = TestStores.freshDatabase();
        RunReport report;
        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
                DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("ledgerDataSource", ledger);
            camel.getRegistry().bind("left", new MemorySink("left"));
            camel.getPropertiesComponent().addInitialProperty("at", "RAW{" + uri + "}");
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("secrets.camel.yaml", """
                - route:
                    id: take-secrets
                    from:
                      uri: kamelet:endpoint-source
                      parameters: {pipeline: secrets, uri: "{{at}}", keyFields: id, idleMillis: 100}
                      steps:
                        - to:
                            uri: kamelet:memory-sink
                            parameters: {sink: left}
                """));
            camel.start();
            Exchange done = camel.createProducerTemplate().request("direct:secrets", e -> {});
            report = RunReport.of(done);
            assertThat(report.status()).as("%s", report.problems()).isEqualTo(status);
            assertThat(report.toString()).doesNotContain(secret);
            if (done.getException() != null) assertUnseen(done.getException(), secret);
            Map<String, String> shown = BeanTexts.of(ManagementFactory.getPlatformMBeanServer(), camel);
            assertThat(shown.keySet()).anyMatch(name -> name.contains("take-secrets"));
            shown.forEach((name, text) -> assertThat(name + text).as(name).doesNotContain(secret));
        }
        try (TestLedger ledger = new TestLedger(database)) {
            assertThat(ledger.dump("secrets")).isNotEmpty().noneMatch(row -> row.contains(secret));
        }
        List<String> logged = new ArrayList<>();
        for (ILoggingEvent event : List.copyOf(log.list)) {
            logged.add(event.getFormattedMessage());
            for (IThrowableProxy t = event.getThrowableProxy(); t != null; t = t.getCause()) logged.add(t.getMessage());
        }
        assertThat(logged).noneMatch(line -> line != null && line.contains(secret));
        return report.problems();
    }

    private static void assertUnseen(Throwable thrown, String secret) {
        for (Throwable t = thrown; t != null; t = t.getCause())
            assertThat(t.toString()).doesNotContain(secret);
    }
}
