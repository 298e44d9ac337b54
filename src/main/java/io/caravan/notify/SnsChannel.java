package io.caravan.notify;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Server;
import io.caravan.error.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.SnsClientBuilder;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;

/** A topic of Amazon SNS; one whose name ends with {@code .fifo} drops repeated messages itself. */
final class SnsChannel implements Channel {

    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:sns:([a-z0-9-]+):[0-9]{12}:[A-Za-z0-9_-]+(\\.fifo)?");

    private final String unit;
    private final String topic;
    private final String region;
    private final String endpoint;
    private final String accessKey;
    private final String secretKey;
    private final Duration timeout;

    /** Without {@code accessKey} AWS's default chain says who asks; {@code endpoint} is blank for AWS. */
    SnsChannel(String unit, String topic, String endpoint, String accessKey, String secretKey, int timeoutMillis) {
        Matcher arn = ARN.matcher(topic);
        new Settings(unit)
                .must(arn.matches(), "target", "be the ARN of an SNS topic", topic)
                .must(
                        accessKey.isBlank() == secretKey.isBlank(),
                        "secretKey",
                        "be there with accessKey",
                        accessKey.isBlank() ? "one alone" : "none")
                .must(endpoint.isBlank() || endpoint.matches("https?://[^/@?#]+/?"), "endpoint", "be a URL", endpoint)
                .check();
        this.unit = unit;
        this.topic = topic;
        this.region = arn.group(1);
        this.endpoint = endpoint.strip();
        this.accessKey = accessKey.strip();
        this.secretKey = secretKey;
        this.timeout = Duration.ofMillis(timeoutMillis);
    }

    @Override
    public void send(Notice notice) {
        PublishRequest.Builder message = PublishRequest.builder()
                .topicArn(topic)
                .message(notice.json())
                .messageAttributes(Map.of(
                        "deduplicationId",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(notice.deduplicationId())
                                .build()));
        if (topic.endsWith(".fifo")) {
            message.messageGroupId("caravan").messageDeduplicationId(notice.deduplicationId());
        }
        with(client -> client.publish(message.build()));
    }

    @Override
    public void check() {
        with(client -> client.getTopicAttributes(r -> r.topicArn(topic)));
    }

    private void with(Consumer<SnsClient> work) {
        try (SnsClient client = client()) {
            work.accept(client);
        } catch (AwsServiceException e) {
            throw failure(e);
        } catch (SdkClientException e) {
            boolean nobody = String.valueOf(e.getMessage()).startsWith("Unable to load credentials");
            throw nobody ? shut("no credentials") : server().away("", e);
        }
    }

    private CaravanException failure(AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
        String said = (e.statusCode() + " " + (code == null ? "" : code)).strip();
        if (e.isThrottlingException() || e.statusCode() >= 500 || e.isClockSkewException()) {
            return server().busy("", said, e);
        }
        if (said.indexOf(' ') < 0) return server().other("", "status " + said);
        return switch (e.statusCode()) {
            case 401, 403 -> shut(said);
            case 404 -> server().lacks("", "target", topic, said);
            default ->
                new ConfigurationException(
                        unit + ": topic " + topic + " took no message: " + said + "; correct 'target' or 'endpoint'");
        };
    }

    private ConfigurationException shut(String said) {
        String who = accessKey.isEmpty() ? "AWS's default credentials" : "an access key";
        return server().shut("", who, said, "accessKey", "secretKey");
    }

    private Server server() {
        return new Server(unit, "endpoint", "Amazon SNS", endpoint.isEmpty() ? "Amazon in " + region : endpoint);
    }

    private SnsClient client() {
        SnsClientBuilder builder = SnsClient.builder()
                .region(Region.of(region))
                .httpClientBuilder(
                        ApacheHttpClient.builder().connectionTimeout(timeout).socketTimeout(timeout))
                .overrideConfiguration(c -> c.apiCallTimeout(timeout));
        if (!endpoint.isEmpty()) builder.endpointOverride(URI.create(endpoint));
        if (!accessKey.isEmpty()) {
            builder.credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)));
        }
        return builder.build();
    }
}
