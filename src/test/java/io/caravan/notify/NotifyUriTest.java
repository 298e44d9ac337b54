package io.caravan.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.Headers;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.http.ApiServer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContextAware;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages to a whole URI, on a server of each kind that docs/http-sheets-notify.md names: their text by a template, their headers, their id. */
class NotifyUriTest {

    private static final Notice NOTICE = new Notice("orders", 6, 1, 2, "abc", Instant.parse("2025-01-02T03:04:05Z"));
    private static final String TEMPLATE = "Run {run} of {pipeline} changed {records} records, deleted {deleted}";
    private static final String TEXT = "Run 6 of orders changed 1 records, deleted 2";

    @TempDir
    private Path folder;

    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<Headers> headers = new CopyOnWriteArrayList<>();

    private ApiServer server(int status, String answer) {
        return new ApiServer(exchange -> {
            headers.add(exchange.getRequestHeaders());
            bodies.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            ApiServer.answer(exchange, status, answer);
        });
    }

    /** What it opened ends with the test: a producer would ask a Kafka that is gone again and again. */
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void start() {
        camel.start();
    }

    @AfterEach
    void end() throws Exception {
        camel.close();
    }

    private Channel to(String uri, String message, String headers) {
        Channel channel =
                NotifyChannels.of("notify", uri, message, headers, "", "", "", "", "", "", "", "none", "", "", 10_000);
        CamelContextAware.trySetCamelContext(channel, camel);
        return channel;
    }

    @Test
    void aWebhookTakesTheJsonOfAFileWithTheFixedHeaders() throws Exception {
        Path file =
                Files.writeString(folder.resolve("slack.json"), "{\"text\": \"" + TEMPLATE + "\", \"link\": \"$x\"}");
        try (ApiServer hook = server(200, "ok")) {
            Channel channel = to(
                    hook.url("/services/T0000/B0000/s3cr3t-hook"),
                    "file:" + file,
                    "Content-Type=application/json, X-Team=data=all");
            channel.check();
            channel.send(NOTICE);
            to(hook.url("/all?httpMethod=PUT"), "", "").send(NOTICE);
        }
        assertThat(bodies.get(0)).startsWith("OPTIONS /services/T0000/B0000/s3cr3t-hook");
        assertThat(bodies.get(1))
                .isEqualTo("POST /services/T0000/B0000/s3cr3t-hook {\"text\": \"" + TEXT + "\", \"link\": \"$x\"}");
        assertThat(headers.get(1).getFirst("Content-Type")).startsWith("application/json");
        assertThat(headers.get(1).getFirst("X-Team")).isEqualTo("data=all");
        assertThat(headers.get(1).getFirst("Idempotency-Key")).isEqualTo("abc");
        assertThat(bodies.get(2)).isEqualTo("PUT /all " + NOTICE.json());
        assertThat(headers.get(2).getFirst("Content-Type"))
                .as("of the JSON that is no template's")
                .startsWith("application/json");
    }

    @Test
    void aWebhookThatTakesNothingIsAFaultOfTheSettingsOrAwayAndItsPathIsNotSaid() {
        try (ApiServer gone = server(404, "no_service for s3cr3t-hook");
                ApiServer busy = server(503, "")) {
            assertThatThrownBy(() ->
                            to(gone.url("/services/s3cr3t-hook"), TEMPLATE, "").send(NOTICE))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("notify: " + gone.url("/...")
                            + " took no message: status 404, no_service for *****; correct 'uri'");
            assertThatThrownBy(() ->
                            to(busy.url("/services/s3cr3t-hook"), TEMPLATE, "").send(NOTICE))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageNotContaining("s3cr3t");
        }
    }

    @Test
    void aMailHasTheTextAndTheHeaders() throws Exception {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.setUser("me", "right&pass");
        mail.start();
        String at = "smtp://127.0.0.1:" + mail.getSmtp().getPort()
                + "?from=caravan@example.com&to=team@example.com&subject=Orders are new&username=me&password=RAW(";
        Channel channel = to(at + "right&pass)", TEMPLATE + " ü", "X-Team=data");
        try {
            channel.check();
            channel.send(NOTICE);
            assertThat(mail.getReceivedMessages()).singleElement().satisfies(message -> {
                assertThat(message.getSubject()).isEqualTo("Orders are new");
                assertThat(message.getHeader("X-Team")).containsExactly("data");
                assertThat(message.getHeader("deduplicationId")).containsExactly("abc");
                assertThat(new String(message.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
                        .isEqualTo(TEXT + " ü");
            });
            assertThatThrownBy(() -> to(at + "wr0ng&pass)", TEMPLATE, "").send(NOTICE))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("notify: authentication failed at smtp://127.0.0.1")
                    .hasMessageNotContaining("wr0ng");
        } finally {
            mail.stop();
        }
        assertThatThrownBy(() -> channel.send(NOTICE)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void aTopicOfKafkaHasTheTextAndTheHeadersUnderThePipelinesName() throws Exception {
        try (KafkaServer kafka = new KafkaServer(folder)) {
            to("kafka:published?lingerMs=0&brokers=" + kafka.address(), TEMPLATE, "team=data")
                    .send(NOTICE);
            assertThat(KafkaChannelTest.readAll(kafka.address()))
                    .singleElement()
                    .satisfies(message -> {
                        assertThat(message.key()).isEqualTo("orders");
                        assertThat(message.value()).isEqualTo(TEXT);
                        assertThat(KafkaChannelTest.id(message)).isEqualTo("abc");
                        assertThat(header(message, "team")).isEqualTo("data");
                    });
        }
    }

    @Test
    void aTopicOfSnsHasTheTextWithTheHeadersAsAttributes() throws Exception {
        try (ApiServer sns = server(
                200, "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>")) {
            to(
                            "aws2-sns:arn:aws:sns:us-east-1:123456789012:told.fifo?region=us-east-1&accessKey=key&secretKey=RAW(s3cr3t)"
                                    + "&overrideEndpoint=true&uriEndpointOverride=" + sns.url("")
                                    + "&messageDeduplicationIdStrategy=useExchangeId&messageGroupIdStrategy=usePropertyValue",
                            TEMPLATE,
                            "team=data")
                    .send(NOTICE);
        }
        assertThat(URLDecoder.decode(bodies.get(0), StandardCharsets.UTF_8))
                .contains("Action=Publish", "Message=" + TEXT, "MessageDeduplicationId=abc", "MessageGroupId=caravan")
                .contains("Name=team", "StringValue=data", "Name=deduplicationId", "StringValue=abc");
    }

    @Test
    void whatIsWrongWithATemplateOrAHeaderIsSaidBeforeAnythingIsSent() {
        assertThatThrownBy(() -> to("mock:x", "{recrods} records", ""))
                .hasMessage("notify: message must hold no other places than {pipeline}, {run}, {records}, {deleted},"
                        + " {deduplicationId}, {at}, got '{recrods}'");
        assertThatThrownBy(() -> to("mock:x", "file:" + folder.resolve("none"), ""))
                .hasMessageContaining("message must name a file that can be read");
        assertThatThrownBy(() -> to("mock:x", "", "CamelHttpUri=http://other"))
                .hasMessageContaining("headers must be the name of a header that does not begin with Camel");
        assertThatThrownBy(() -> to("", "", "")).hasMessageContaining("uri must be there, or channel and target");
    }

    private static String header(ConsumerRecord<String, String> message, String name) {
        return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
