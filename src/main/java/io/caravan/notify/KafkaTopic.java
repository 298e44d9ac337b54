package io.caravan.notify;

import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCall;
import io.caravan.endpoint.EndpointFaults;
import io.caravan.endpoint.EndpointPlace;
import io.caravan.endpoint.KafkaFile;
import io.caravan.endpoint.MessageEndpoint;
import io.caravan.error.SettingChecks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;

/** The endpoint of a Kafka topic by settings that are no URI: an idempotent producer, acknowledged by all replicas, in time. */
final class KafkaTopic {

    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final ClientKind<KafkaFile, Component> FILE =
            ClientKind.withoutComponent("kafkaFile", KafkaFile.class);

    private KafkaTopic() {}

    /** {@code propertiesFile}: more settings of the client (security), blank for none. */
    static MessageEndpoint of(String unit, String topic, String servers, String propertiesFile, int timeoutMillis) {
        new SettingChecks(unit)
                .must(TOPIC.matcher(topic).matches(), "target", "be the name of a topic", topic)
                .notBlank("bootstrapServers", servers)
                .check();
        String file = propertiesFile.strip();
        EndpointFaults faults = new EndpointFaults(new EndpointPlace(
                unit,
                "bootstrapServers",
                "a Kafka",
                servers.strip(),
                "target",
                topic,
                file.isEmpty() ? "" : "the account of " + file,
                List.of("kafkaPropertiesFile")));
        return new MessageEndpoint(context ->
                new MessageEndpoint.Made(call(context, unit, topic, servers.strip(), file, timeoutMillis), faults));
    }

    private static EndpointCall call(
            CamelContext context, String unit, String topic, String servers, String file, int timeoutMillis) {
        Map<String, Object> options = new HashMap<>();
        options.put("topic", topic);
        options.put("brokers", servers);
        options.put("requestRequiredAcks", "all");
        options.put("enableIdempotence", true);
        options.put("synchronous", true);
        options.put("lingerMs", 0);
        for (String limit : List.of("maxBlockMs", "deliveryTimeoutMs", "requestTimeoutMs")) {
            options.put(limit, timeoutMillis);
        }
        if (!file.isEmpty()) {
            context.getComponent("kafka"); // before: it wires itself with the only bean of the kind
            Client<KafkaFile> factory =
                    Clients.of(context).get(FILE, List.of(unit, file), () -> new KafkaFile(unit, file));
            options.put("kafkaClientFactory", factory.reference());
        }
        return EndpointCall.of(context, "kafka", options);
    }
}
