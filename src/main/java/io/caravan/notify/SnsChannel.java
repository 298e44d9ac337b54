package io.caravan.notify;

import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCall;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.aws2.sns.Sns2Component;
import org.apache.camel.component.aws2.sns.Sns2Configuration;
import org.apache.camel.component.aws2.sns.Sns2Constants;
import org.apache.camel.component.aws2.sns.client.Sns2ClientFactory;
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

/**
 * A topic of Amazon SNS; one whose name ends with {@code .fifo} drops repeated messages itself. A message goes by an endpoint of
 * camel-aws2-sns; to a {@code .fifo} topic by its client, as the endpoint knows no deduplication id of ours.
 */
final class SnsChannel implements Channel, Topic, CamelContextAware {

    private static final ClientKind<SnsClient, Sns2Component> KIND = new ClientKind<>(
            "snsClient", SnsClient.class, "aws2-sns", "amazonSNSClient", Sns2Component.class, component -> component
                    .getConfiguration()
                    .getAmazonSNSClient());

    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:sns:([a-z0-9-]+):[0-9]{12}:[A-Za-z0-9_-]+(\\.fifo)?");

    /** What the settings are called that say which topic, where SNS is, and who asks. */
    record Names(String topic, String endpoint, String accessKey, String secretKey) {}

    private final String unit;
    private final Names names;
    private final String topic;
    private final String region;
    private final String endpoint;
    private final String accessKey;
    private final String secretKey;
    private final Duration timeout;
    private volatile CamelContext context;

    /** Without {@code accessKey} AWS's default chain says who asks; {@code endpoint} is blank for AWS. */
    SnsChannel(
            String unit,
            Names names,
            String topic,
            String endpoint,
            String accessKey,
            String secretKey,
            int timeoutMillis) {
        Matcher arn = ARN.matcher(topic);
        new SettingChecks(unit)
                .must(arn.matches(), names.topic(), "be the ARN of an SNS topic", topic)
                .must(
                        accessKey.isBlank() == secretKey.isBlank(),
                        names.secretKey(),
                        "be there with " + names.accessKey(),
                        accessKey.isBlank() ? "one alone" : "none")
                .must(
                        endpoint.isBlank() || endpoint.matches("https?://[^/@?#]+/?"),
                        names.endpoint(),
                        "be a URL",
                        endpoint)
                .check();
        this.unit = unit;
        this.names = names;
        this.topic = topic;
        this.region = arn.group(1);
        this.endpoint = endpoint.strip();
        this.accessKey = accessKey.strip();
        this.secretKey = secretKey;
        this.timeout = Duration.ofMillis(timeoutMillis);
    }

    @Override
    public void setCamelContext(CamelContext known) {
        context = known;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void send(Notice notice) {
        if (topic.endsWith(".fifo")) {
            with(client -> client.use().publish(once(notice)));
        } else {
            with(client -> endpoint(client).call(notice.json(), Map.of("deduplicationId", notice.deduplicationId())));
        }
    }

    @Override
    public void publish(String subject, String message, String id) {
        if (topic.endsWith(".fifo")) {
            with(client -> client.use().publish(p -> p.topicArn(topic)
                    .subject(subject)
                    .message(message)
                    .messageGroupId("caravan")
                    .messageDeduplicationId(id)));
        } else {
            with(client -> endpoint(client).call(message, Map.of(Sns2Constants.SUBJECT, subject)));
        }
    }

    private EndpointCall endpoint(Client<SnsClient> client) {
        return EndpointCall.of(
                context, "aws2-sns", Map.of("topicNameOrArn", topic, "amazonSNSClient", client.reference()));
    }

    private PublishRequest once(Notice notice) {
        return PublishRequest.builder()
                .topicArn(topic)
                .message(notice.json())
                .messageAttributes(Map.of(
                        "deduplicationId",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(notice.deduplicationId())
                                .build()))
                .messageGroupId("caravan")
                .messageDeduplicationId(notice.deduplicationId())
                .build();
    }

    @Override
    public void check() {
        with(client -> client.use().getTopicAttributes(r -> r.topicArn(topic)));
    }

    private void with(Consumer<Client<SnsClient>> work) {
        try {
            work.accept(shared());
        } catch (EndpointException e) {
            throw e.cause(AwsServiceException.class)
                    .map(this::failure)
                    .or(() -> e.cause(SdkClientException.class).map(this::failure))
                    .orElseGet(() -> server().away("", e.getCause()));
        } catch (AwsServiceException e) {
            throw failure(e);
        } catch (SdkClientException e) {
            throw failure(e);
        }
    }

    private CaravanException failure(SdkClientException e) {
        boolean nobody = String.valueOf(e.getMessage()).startsWith("Unable to load credentials");
        return nobody ? denied(false, "no credentials") : server().away("", e);
    }

    private Client<SnsClient> shared() {
        Clients clients = Clients.of(context);
        Client<SnsClient> client =
                clients.get(KIND, List.of(region, endpoint, accessKey, secretKey, timeout), () -> ofComponent()
                        .orElseGet(this::client));
        clients.watch(client, topic.substring(topic.lastIndexOf(':') + 1), this::check);
        return client;
    }

    /** Of the region, keys and endpoint that a user gave the component, where the Kamelet says nothing. */
    private Optional<SnsClient> ofComponent() {
        Sns2Configuration given =
                context.getComponent("aws2-sns", Sns2Component.class).getConfiguration();
        if (!accessKey.isEmpty() || !endpoint.isEmpty() || given.getAccessKey() == null) return Optional.empty();
        Sns2Configuration own = given.copy();
        if (own.getRegion() == null) own.setRegion(region);
        return Optional.of(Sns2ClientFactory.getSnsClient(own));
    }

    private CaravanException failure(AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
        String said = (e.statusCode() + " " + (code == null ? "" : code)).strip();
        if (e.isThrottlingException() || e.statusCode() >= 500 || e.isClockSkewException()) {
            return server().busy("", said, e);
        }
        if (said.indexOf(' ') < 0) return server().other("", "status " + said);
        return switch (e.statusCode()) {
            case 401, 403 -> denied(e.statusCode() == 403, said);
            case 404 -> server().lacks("", names.topic(), topic, said);
            default ->
                new ConfigurationException(unit + ": topic " + topic + " took no message: " + said + "; correct '"
                        + names.topic() + "' or '" + names.endpoint() + "'");
        };
    }

    private ConfigurationException denied(boolean known, String said) {
        String who = accessKey.isEmpty() ? "AWS's default credentials" : "an access key";
        return server().denied(known, "", who, said, names.accessKey(), names.secretKey());
    }

    private ServerErrors server() {
        return new ServerErrors(
                unit, names.endpoint(), "Amazon SNS", endpoint.isEmpty() ? "Amazon in " + region : endpoint);
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
