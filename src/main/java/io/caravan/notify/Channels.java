package io.caravan.notify;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.http.HttpApi;

/** Makes a channel from the settings of the Kamelet; nothing is connected yet. */
public final class Channels {

    private static final SnsChannel.Names NOTIFIED =
            new SnsChannel.Names("target", "endpoint", "accessKey", "secretKey");
    private static final SnsChannel.Names ANNOUNCED =
            new SnsChannel.Names("topicArn", "snsEndpoint", "snsAccessKey", "snsSecretKey");

    private Channels() {}

    /** An SNS topic, for messages of another form than {@link Notice}. */
    public static Topic topic(
            String unit, String arn, String endpoint, String accessKey, String secretKey, int timeoutMillis) {
        new SettingChecks(unit)
                .between("timeoutMillis", timeoutMillis, 100, 600_000)
                .check();
        return new SnsChannel(unit, ANNOUNCED, arn, endpoint, accessKey, secretKey, timeoutMillis);
    }

    /**
     * The channel of this kind.
     *
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
        new SettingChecks(sink)
                .between("timeoutMillis", timeoutMillis, 100, 600_000)
                .check();
        return switch (kind) {
            case "sns" ->
                new SnsChannel(
                        sink,
                        NOTIFIED,
                        target.toString(),
                        endpoint,
                        accessKey.toString(),
                        secretKey.toString(),
                        timeoutMillis);
            case "kafka" ->
                new KafkaChannel(sink, target.toString(), bootstrapServers, kafkaPropertiesFile, timeoutMillis);
            case "http" ->
                new HttpChannel(new HttpApi(
                        sink,
                        "target",
                        target.toString(),
                        auth,
                        authName,
                        authSecret,
                        "",
                        0,
                        timeoutMillis,
                        timeoutMillis,
                        2,
                        500,
                        timeoutMillis));
            default ->
                throw new ConfigurationException(
                        SettingChecks.sentence(sink, "channel", "be sns, kafka or http", kind));
        };
    }
}
