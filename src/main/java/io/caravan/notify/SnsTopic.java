package io.caravan.notify;

import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCall;
import io.caravan.endpoint.EndpointFaults;
import io.caravan.endpoint.EndpointPlace;
import io.caravan.endpoint.MessageEndpoint;
import io.caravan.error.SettingChecks;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.component.aws2.sns.Sns2Component;
import org.apache.camel.component.aws2.sns.Sns2Configuration;
import org.apache.camel.component.aws2.sns.Sns2Constants;
import org.apache.camel.component.aws2.sns.client.Sns2ClientFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.SnsClientBuilder;

/** The endpoint of an SNS topic by settings that are no URI; one whose name ends with {@code .fifo} drops a message whose exchange id it met a moment ago. */
public final class SnsTopic {

    /** Exchange property with the group of a message to a {@code .fifo} topic. */
    public static final Map<String, Object> GROUP = Map.of(Sns2Constants.MESSAGE_GROUP_ID_PROPERTY, "caravan");

    /** What the settings are called that say which topic, where SNS is, and who asks. */
    public record Names(String topic, String endpoint, String accessKey, String secretKey) {}

    private static final ClientKind<SnsClient, Sns2Component> KIND = new ClientKind<>(
            "snsClient", SnsClient.class, "aws2-sns", "amazonSNSClient", Sns2Component.class, component -> component
                    .getConfiguration()
                    .getAmazonSNSClient());

    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:sns:([a-z0-9-]+):[0-9]{12}:[A-Za-z0-9_-]+(\\.fifo)?");

    private final String region;
    private final String endpoint;
    private final String accessKey;
    private final String secretKey;
    private final Duration timeout;

    private SnsTopic(String region, String endpoint, String accessKey, String secretKey, Duration timeout) {
        this.region = region;
        this.endpoint = endpoint;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.timeout = timeout;
    }

    /** Without {@code accessKey} AWS's default chain says who asks; {@code endpoint} is blank for AWS. */
    public static MessageEndpoint of(
            String unit,
            Names names,
            String arn,
            String endpoint,
            String accessKey,
            String secretKey,
            int timeoutMillis) {
        Matcher topic = ARN.matcher(arn);
        new SettingChecks(unit)
                .between("timeoutMillis", timeoutMillis, 100, 600_000)
                .must(topic.matches(), names.topic(), "be the ARN of an SNS topic", arn)
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
        SnsTopic sns = new SnsTopic(
                topic.group(1), endpoint.strip(), accessKey.strip(), secretKey, Duration.ofMillis(timeoutMillis));
        EndpointFaults faults = new EndpointFaults(new EndpointPlace(
                unit,
                names.endpoint(),
                "Amazon SNS",
                endpoint.isBlank() ? "Amazon in " + sns.region : sns.endpoint,
                names.topic(),
                arn,
                accessKey.isBlank() ? "AWS's default credentials" : "an access key",
                List.of(names.accessKey(), names.secretKey())));
        MessageEndpoint[] made = new MessageEndpoint[1];
        made[0] = new MessageEndpoint(
                context -> new MessageEndpoint.Made(sns.call(context, arn, () -> made[0].check()), faults));
        return made[0];
    }

    private EndpointCall call(CamelContext context, String arn, Runnable check) {
        Clients clients = Clients.of(context);
        Client<SnsClient> client =
                clients.get(KIND, List.of(region, endpoint, accessKey, secretKey, timeout), () -> ofComponent(context)
                        .orElseGet(this::client));
        clients.watch(client, arn.substring(arn.lastIndexOf(':') + 1), check);
        Map<String, Object> options = new HashMap<>();
        options.put("topicNameOrArn", arn);
        options.put("amazonSNSClient", client.reference());
        if (arn.endsWith(".fifo")) {
            options.put("messageDeduplicationIdStrategy", "useExchangeId");
            options.put("messageGroupIdStrategy", "usePropertyValue");
        }
        return EndpointCall.of(context, "aws2-sns", options);
    }

    /** Of the region, keys and endpoint that a user gave the component, where the Kamelet says nothing. */
    private Optional<SnsClient> ofComponent(CamelContext context) {
        Sns2Configuration given =
                context.getComponent("aws2-sns", Sns2Component.class).getConfiguration();
        if (!accessKey.isEmpty() || !endpoint.isEmpty() || given.getAccessKey() == null) return Optional.empty();
        Sns2Configuration own = given.copy();
        if (own.getRegion() == null) own.setRegion(region);
        return Optional.of(Sns2ClientFactory.getSnsClient(own));
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
