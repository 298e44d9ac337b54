package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.TestContext;
import io.caravan.error.UnavailableException;
import io.caravan.message.EndpointSink;
import io.caravan.message.Mailbox;
import io.caravan.message.MessageSource;
import io.caravan.message.MessageSources;
import io.caravan.message.Messages;
import io.caravan.message.TlsMailboxes;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over TLS, by the settings of docs/endpoints.md: a server whose certificate the settings trust is used, another one is not. */
class EndpointTlsTest {

    @TempDir
    static Path folder;

    private static final Main TRUSTING = new Main();
    private static TlsMailboxes boxes;

    @RegisterExtension
    final TestLedger ledger = new TestLedger();

    @BeforeAll
    static void start() throws Exception {
        boxes = new TlsMailboxes(folder);
        Properties settings = new Properties();
        settings.setProperty("camel.ssl.enabled", "true");
        settings.setProperty("camel.ssl.trustStore", "file:" + boxes.keys());
        settings.setProperty("camel.ssl.trustStorePassword", TlsMailboxes.STORE_PASSWORD);
        for (String scheme : List.of("imaps", "pop3s", "smtps", "ftps")) {
            settings.setProperty("camel.component." + scheme + ".useGlobalSslContextParameters", "true");
        }
        TRUSTING.setDefaultPropertyPlaceholderLocation("false");
        TRUSTING.setOverrideProperties(settings);
        TRUSTING.start();
    }

    @AfterAll
    static void stop() {
        TRUSTING.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"imaps", "pop3s", "ftps", "ftps, implicit"})
    void messagesOfAServerThatIsTrustedAreTakenIn(String kind) throws Exception {
        Mailbox box = boxes.fresh(kind);
        box.send("a", "{\"id\": \"a\", \"value\": 1}");
        Things things = new Things(ledger);

        MessageSource doubted = source(box.uri(), TestContext.get());
        // without any such setting Camel's ftps trusts everybody
        if (!kind.startsWith("ftps")) {
            assertThat(doubted.check()).get().asString().contains("(TLS fails)");
            things.source = doubted;
            assertThat(things.run().status()).isEqualTo(Status.FAILED);
            assertThat(box.waiting()).isEqualTo(1);
        }

        MessageSource trusted = source(box.uri(), TRUSTING.getCamelContext());
        assertThat(trusted.check()).isEmpty();
        things.source = trusted;
        RunReport report = things.run();
        assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).containsOnlyKeys("a");
        assertThat(box.waiting()).isZero();
    }

    /** Also where its certificate is trusted. */
    @ParameterizedTest
    @ValueSource(strings = {"imaps", "pop3s", "ftps"})
    void aCertificateOfAnotherHostIsRefused(String kind) throws Exception {
        Mailbox box = boxes.fresh(kind);
        box.send("a", "{\"id\": \"a\", \"value\": 1}");
        String uri = box.uri().replace("localhost:", "127.0.0.1:");
        if (kind.equals("ftps")) uri += "&ftpClient.endpointCheckingEnabled=true";
        assertThat(source(uri, TRUSTING.getCamelContext()).check())
                .get()
                .asString()
                .contains("(TLS fails)");
    }

    @Test
    void aServerThatIsTrustedIsSentMails() throws Exception {
        Mailbox box = boxes.fresh("imaps");
        EndpointSink other = sink(box.target().replace("localhost:", "127.0.0.1:"), TRUSTING.getCamelContext());
        assertThat(other.check()).as("another host").get().asString().contains("(TLS fails)");
        EndpointSink doubted = sink(box.target(), TestContext.get());
        assertThat(doubted.check()).get().asString().contains("(TLS fails)");
        List<Record> news =
                List.of(Record.read("a", Fields.of("id", "value"), new Object[] {"a", 1L}, new Origin("", 1)));
        assertThatThrownBy(() -> doubted.write(news)).isInstanceOf(UnavailableException.class);
        assertThat(box.waiting()).isZero();

        EndpointSink trusted = sink(box.target(), TRUSTING.getCamelContext());
        assertThat(trusted.check()).isEmpty();
        assertThat(trusted.write(news)).isEmpty();
        assertThat(box.waiting()).isEqualTo(1);
    }

    private static EndpointSink sink(String uri, CamelContext context) {
        Messages messages =
                new Messages("mails", "things", "record", 1, "json", "", "", "Idempotency-Key", "tombstone", "deleted");
        EndpointSink sink = new EndpointSink("mails", uri, messages, "", "");
        sink.setCamelContext(context);
        return sink;
    }

    private static MessageSource source(String uri, CamelContext context) {
        MessageSource source = MessageSources.of(
                uri, "record", "id", 50, 100, 1 << 26, 1 << 20, "", "", "", "auto", "", ",", "first", "", "1", 1, 200,
                "");
        source.setCamelContext(context);
        return source;
    }
}
