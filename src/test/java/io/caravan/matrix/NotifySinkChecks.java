package io.caravan.matrix;

import static io.caravan.matrix.Wrong.with;

import io.caravan.Peers;
import io.caravan.http.ApiServer;
import io.caravan.notify.KafkaServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code notify-sink}, wrongly, on each channel. */
final class NotifySinkChecks implements Supplier<List<Wrong>> {

    private static final String ARN = "arn:aws:sns:us-east-1:123456789012:none";

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>();
        http().forEach(wrong -> all.add(wrong.of("http")));
        kafka().forEach(wrong -> all.add(wrong.of("kafka")));
        sns().forEach(wrong -> all.add(wrong.of("sns")));
        return all;
    }

    private static List<Wrong> http() {
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                "store",
                "target",
                "an API",
                HttpSourceChecks::url,
                at -> channel("http", "target", HttpSourceChecks.url(at), "auth", "bearer", "authSecret", Wrong.SECRET),
                Map.of()));
        all.add(new Wrong("wrong token", () -> {
            String url = HttpSourceChecks.answering(401, "");
            return new Wrong.Seen(
                    channel("http", "target", url, "auth", "bearer", "authSecret", Wrong.SECRET),
                    "store: authentication failed for auth 'bearer' at " + url + " (status 401);"
                            + " correct 'auth', 'authName' and 'authSecret'");
        }));
        return all;
    }

    private static List<Wrong> kafka() {
        String mute = "(it accepts connections and does not answer as Kafka does); look at its log, or correct"
                + " 'bootstrapServers'";
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                "store",
                "bootstrapServers",
                "a Kafka",
                at -> at,
                at -> channel("kafka", "target", "published", "bootstrapServers", at),
                Map.of(Wrong.CLOSING, mute, Wrong.SILENT, mute, Wrong.HTML, mute)));
        all.add(new Wrong(
                "no such topic",
                () -> new Wrong.Seen(
                        channel("kafka", "target", "none", "bootstrapServers", Kafka.SERVER.address()),
                        "store: target must exist at " + Kafka.SERVER.address()
                                + ", got 'none'; create it or correct 'target'")));
        all.add(new Wrong("wrong password", () -> {
            Path file = Files.createTempFile("checks", ".properties");
            file.toFile().deleteOnExit();
            Files.writeString(file, """
                    security.protocol=SASL_PLAINTEXT
                    sasl.mechanism=PLAIN
                    sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
                      username="caravan" password="%s";
                    """.formatted(Wrong.SECRET));
            String at = Kafka.SERVER.loginAddress();
            return new Wrong.Seen(
                    channel("kafka", "target", "none", "bootstrapServers", at, "kafkaPropertiesFile", file.toString()),
                    "store: authentication failed for the account of " + file + " at " + at
                            + " (Authentication failed:"
                            + " *); correct 'kafkaPropertiesFile'");
        }));
        return all;
    }

    /** Started when first asked for, gone with the test JVM. */
    private static final class Kafka {

        private static final KafkaServer SERVER = started();

        private static KafkaServer started() {
            try {
                KafkaServer kafka = new KafkaServer(Files.createTempDirectory("kafka"));
                Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
                return kafka;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<Wrong> sns() {
        Map<String, String> keys =
                channel("sns", "target", ARN, "accessKey", "an-access-key", "secretKey", Wrong.SECRET);
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                "store",
                "endpoint",
                "Amazon SNS",
                at -> "http://" + at,
                at -> with(keys, "endpoint", "http://" + at),
                Map.of()));
        all.add(new Wrong("no such topic", () -> {
            String at = "http://" + Peers.address("moto");
            return new Wrong.Seen(
                    with(keys, "endpoint", at),
                    "store: target must exist at " + at + ", got '" + ARN + "' (404 NotFound); create it or correct"
                            + " 'target'");
        }));
        all.add(new Wrong("wrong secret key", () -> {
            byte[] answer = ("<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code>"
                            + "<Message>no</Message></Error></ErrorResponse>")
                    .getBytes(StandardCharsets.UTF_8);
            String at = new ApiServer(exchange -> {
                        exchange.getResponseHeaders().set("Content-Type", "text/xml");
                        exchange.sendResponseHeaders(403, answer.length);
                        exchange.getResponseBody().write(answer);
                    })
                    .url("");
            return new Wrong.Seen(
                    with(keys, "endpoint", at),
                    "store: access denied for an access key at " + at
                            + " (403 SignatureDoesNotMatch); grant it the rights it needs, or correct 'accessKey' and 'secretKey'");
        }));
        return all;
    }

    private static Map<String, String> channel(String kind, String... namesAndValues) {
        return with(
                Map.of("pipeline", "checked", "channel", kind, "timeoutMillis", kind.equals("kafka") ? "2000" : "1500"),
                namesAndValues);
    }
}
