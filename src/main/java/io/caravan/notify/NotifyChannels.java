package io.caravan.notify;

import io.caravan.endpoint.MessageEndpoint;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.http.HttpApi;
import io.caravan.http.HttpPost;
import io.caravan.message.MessageHeaders;
import java.util.HashMap;
import java.util.Map;

/** Makes an endpoint of the settings of the Kamelet: of a whole URI, or of a channel and a target. Nothing is connected yet. */
public final class NotifyChannels {

    private static final SnsTopic.Names NAMES = new SnsTopic.Names("target", "endpoint", "accessKey", "secretKey");

    private NotifyChannels() {}

    /**
     * Where messages go.
     *
     * @param uri a whole URI of Camel; blank where {@code kind} and {@code target} say it
     * @param message what a message says, see {@link MessageTemplate}
     * @param headers fixed ones, {@code name=value}, comma separated
     * @param kind {@code sns}, {@code kafka} or {@code http}
     * @param target the ARN of the SNS topic, the Kafka topic, or the URL
     * @param bootstrapServers Kafka's {@code host:port}, comma separated
     * @param kafkaPropertiesFile more settings of Kafka's client
     * @param endpoint where SNS is when it is not AWS's own
     * @param accessKey who asks SNS; blank for AWS's default chain
     * @param auth how the POST says who asks, as {@link HttpApi} has it
     * @param timeoutMillis how long one try may take
     */
    // Object where Camel would make a number of a text of digits, and then find no method
    public static Channel of(
            String sink,
            Object uri,
            Object message,
            Object headers,
            String kind,
            Object target,
            String bootstrapServers,
            String kafkaPropertiesFile,
            String endpoint,
            Object accessKey,
            Object secretKey,
            String auth,
            Object authName,
            Object authSecret,
            int timeoutMillis) {
        SettingChecks settings = new SettingChecks(sink).between("timeoutMillis", timeoutMillis, 100, 600_000);
        Map<String, Object> fixed = new HashMap<>(
                MessageHeaders.of(settings, "headers", headers.toString()).fixed());
        boolean whole = !uri.toString().isBlank();
        settings.must(whole != !kind.isBlank(), "uri", "be there, or channel and target", whole ? "both" : "neither");
        settings.check();
        MessageTemplate template = new MessageTemplate(sink, message.toString());
        if (whole) {
            if (template.isJson()) fixed.putIfAbsent("Content-Type", "application/json");
            return new EndpointChannel(
                    MessageEndpoint.of(sink, "uri", uri.toString()),
                    template,
                    fixed,
                    "deduplicationId",
                    "Idempotency-Key");
        }
        String to = target.toString();
        return switch (kind) {
            case "sns" ->
                new EndpointChannel(
                        SnsTopic.of(
                                sink, NAMES, to, endpoint, accessKey.toString(), secretKey.toString(), timeoutMillis),
                        template,
                        fixed,
                        "deduplicationId");
            case "kafka" ->
                new EndpointChannel(
                        KafkaTopic.of(sink, to, bootstrapServers, kafkaPropertiesFile, timeoutMillis),
                        template,
                        fixed,
                        "deduplicationId");
            case "http" ->
                new PostChannel(
                        new HttpPost(new HttpApi(
                                sink,
                                "target",
                                to,
                                auth,
                                authName,
                                authSecret,
                                "",
                                0,
                                timeoutMillis,
                                timeoutMillis,
                                2,
                                500,
                                timeoutMillis)),
                        template,
                        fixed);
            default ->
                throw new ConfigurationException(
                        SettingChecks.sentence(sink, "channel", "be sns, kafka or http", kind));
        };
    }
}
