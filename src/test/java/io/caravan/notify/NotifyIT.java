package io.caravan.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.Peers;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;

/** On moto's SNS. */
class NotifyIT {

    private static final Notice NOTICE = new Notice("orders", 6, 1, 2, "abc", Instant.parse("2025-01-02T03:04:05Z"));
    private final String endpoint = "http://" + Peers.address("moto");

    @Test
    void aTopicTakesTheMessage() {
        try (SnsClient client = client(endpoint)) {
            for (String topic : new String[] {"published", "published.fifo"}) {
                String arn = client.createTopic(r -> r.name(topic)
                                .attributes(topic.endsWith(".fifo") ? Map.of("FifoTopic", "true") : Map.of()))
                        .topicArn();
                Channel channel = channel(arn, endpoint);
                channel.check();
                channel.send(NOTICE);
                channel.send(NOTICE);
            }
        }
    }

    @Test
    void aTopicThatIsNotThereIsAWrongConfiguration() {
        String arn = "arn:aws:sns:us-east-1:123456789012:none";
        assertThatThrownBy(() -> channel(arn, endpoint).send(NOTICE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("notify: target must exist at " + endpoint + ", got '" + arn
                        + "' (404 NotFound); create it or correct 'target'");
        NotifySink sink = new NotifySink("notify", channel(arn, endpoint), "orders");
        assertThat(sink.check()).isPresent();
        assertThatThrownBy(() -> channel(arn, "http://127.0.0.1:1").send(NOTICE))
                .isInstanceOf(UnavailableException.class);
    }

    static Channel channel(String arn, String endpoint) {
        return TestContext.knownTo(NotifyChannels.of(
                "notify", "", "", "", "sns", arn, "", "", endpoint, "key", "secret", "none", "", "", 10_000));
    }

    static SnsClient client(String endpoint) {
        return SnsClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .build();
    }
}
