package io.caravan.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCounts;
import io.caravan.http.ApiServer;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.aws2.sns.Sns2Component;
import org.apache.camel.component.aws2.sns.Sns2Configuration;
import org.apache.camel.component.mock.InterceptSendToMockEndpointStrategy;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;

/** How a message goes to a topic, and whose client sends it; NotifyIT asks a server of SNS. */
class SnsChannelTest {

    private static final String ARN = "arn:aws:sns:us-east-1:123456789012:told";
    private static final Notice NOTICE = new Notice("orders", 7, 3, 1, "ab".repeat(16), Instant.EPOCH);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final ApiServer sns = new ApiServer(exchange -> {
        told.add(URLDecoder.decode(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        ApiServer.answer(
                exchange,
                200,
                "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>");
    });

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
        sns.close();
    }

    @Test
    void aMessageGoesByTheEndpoint() {
        EndpointCounts counts = EndpointCounts.of(context);
        Channel channel = channel(ARN, sns.url(""), "key");
        channel.send(NOTICE);
        channel.send(NOTICE);
        assertThat(counts.calls()).containsExactly(Map.entry("aws2-sns", 2L));
        assertThat(told)
                .hasSize(2)
                .allMatch(message -> message.contains("Action=Publish")
                        && message.contains("Message=" + NOTICE.json())
                        && message.contains("entry.1.Value.StringValue=" + NOTICE.deduplicationId()));
        assertThat(context.getEndpoints()).noneMatch(e -> e.getEndpointUri().contains("secret"));
    }

    @Test
    void aMessageToAFifoTopicHasOurDeduplicationIdByTheEndpointToo() {
        EndpointCounts counts = EndpointCounts.of(context);
        channel(ARN + ".fifo", sns.url(""), "key").send(NOTICE);
        assertThat(counts.calls()).containsExactly(Map.entry("aws2-sns", 1L));
        assertThat(Clients.of(context).uses()).containsEntry("snsClient", 0L);
        assertThat(told)
                .singleElement()
                .asString()
                .contains("MessageDeduplicationId=" + NOTICE.deduplicationId(), "MessageGroupId=caravan");
    }

    @Test
    void theClientOfAUserWins() {
        try (SnsClient users = SnsClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create(sns.url("")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
                .build()) {
            context.getRegistry().bind("mine", SnsClient.class, users);
            channel(ARN, "http://127.0.0.1:1", "key").send(NOTICE);
            assertThat(told).hasSize(1);
        }
    }

    @Test
    void whatTheComponentWasGivenWinsWhereTheKameletSaysNothing() {
        Sns2Configuration given =
                context.getComponent("aws2-sns", Sns2Component.class).getConfiguration();
        given.setAccessKey("users");
        given.setSecretKey("own");
        given.setOverrideEndpoint(true);
        given.setUriEndpointOverride(sns.url(""));
        channel(ARN, "", "").send(NOTICE);
        assertThat(sns.headers.get(0).getFirst("Authorization")).contains("Credential=users/");
    }

    @Test
    void whereAMockTakesItsPlaceNothingIsSent() {
        context.getCamelContextExtension()
                .registerEndpointCallback(new InterceptSendToMockEndpointStrategy("aws2-sns:*", true));
        channel(ARN, sns.url(""), "key").send(NOTICE);
        assertThat(told).isEmpty();
    }

    private Channel channel(String arn, String endpoint, String accessKey) {
        String secret = accessKey.isEmpty() ? "" : "secret";
        Channel channel = NotifyChannels.of(
                "notify", "", "", "", "sns", arn, "", "", endpoint, accessKey, secret, "none", "", "", 10_000);
        CamelContextAware.trySetCamelContext(channel, context);
        return channel;
    }
}
