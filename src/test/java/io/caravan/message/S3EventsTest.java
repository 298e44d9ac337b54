package io.caravan.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3EventsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> KEY = List.of("bucket", "key", "version", "sequencer");
    private static final String TOPIC = "arn:aws:sns:us-east-1:123456789012:bronze";
    private static final String CERTIFICATE = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-ab12.pem";

    private static final String DIRECT = """
            {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1","eventTime":"2026-11-30T12:00:00.123Z",
            "eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"bronze"},"object":{"key":"agency/a+b/files/x%2By.csv","size":12,
            "eTag":"e1","versionId":"v1","sequencer":"0055"}}},
            {"eventSource":"aws:s3","eventTime":"2026-11-30T12:00:01Z","eventName":"ObjectRemoved:Delete",
            "s3":{"bucket":{"name":"bronze"},"object":{"key":"old.csv"}}}]}""";

    private static final String EVENT_BRIDGE = """
            {"version":"0","id":"1","detail-type":"Object Created","source":"aws.s3","time":"2026-11-30T12:00:00Z","region":"us-east-1",
            "detail":{"version":"0","bucket":{"name":"bronze"},"object":{"key":"a+b%2B.csv","size":12,"etag":"e1","version-id":"v1",
            "sequencer":"0055"},"reason":"PutObject"}}""";

    @TempDir
    private static Path folder;

    private static PrivateKey key;
    private static byte[] pem;

    private final List<BadRow> bad = new ArrayList<>();
    private final List<URI> fetched = new ArrayList<>();

    @BeforeAll
    static void certificate() throws Exception {
        Path file = folder.resolve("keys.p12");
        keytool(
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-alias",
                "a",
                "-dname",
                "CN=sns",
                "-keystore",
                file);
        keytool("-exportcert", "-rfc", "-alias", "a", "-file", folder.resolve("a.pem"), "-keystore", file);
        KeyStore keys = KeyStore.getInstance(file.toFile(), "secret".toCharArray());
        key = (PrivateKey) keys.getKey("a", "secret".toCharArray());
        pem = Files.readAllBytes(folder.resolve("a.pem"));
    }

    private static void keytool(Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        for (Object argument : arguments) command.add(argument.toString());
        command.addAll(List.of("-storepass", "secret"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().transferTo(OutputStream.nullOutputStream());
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void eachObjectOfANotificationIsARecord() {
        List<Record> records = read(DIRECT);

        assertThat(records).hasSize(2);
        assertThat(values(records.get(0)))
                .containsExactly(
                        "bronze",
                        "agency/a b/files/x+y.csv",
                        "v1",
                        "0055",
                        "e1",
                        12L,
                        "ObjectCreated:Put",
                        Instant.parse("2026-11-30T12:00:00.123Z"));
        assertThat(values(records.get(1)))
                .as("without a version and a number, its time tells one from another")
                .startsWith("bronze", "old.csv", "null", "2026-11-30T12:00:01Z", null, null);
        assertThat(bad).isEmpty();
    }

    @Test
    void anEnvelopeOfSnsSqsOrBothHoldsTheSame() throws Exception {
        List<List<Object>> direct =
                read(DIRECT).stream().map(S3EventsTest::values).toList();

        for (String envelope : List.of(
                sns(DIRECT).toString(),
                records("body", JSON.getNodeFactory().textNode(DIRECT)),
                records("body", JSON.getNodeFactory().textNode(sns(DIRECT).toString())),
                records("Sns", sns(DIRECT)))) {
            assertThat(read(envelope).stream().map(S3EventsTest::values).toList())
                    .as(envelope)
                    .isEqualTo(direct);
        }
    }

    @Test
    void eventBridgeDoesNotEncodeKeys() {
        assertThat(values(read(EVENT_BRIDGE).get(0)))
                .containsExactly(
                        "bronze",
                        "a+b%2B.csv",
                        "v1",
                        "0055",
                        "e1",
                        12L,
                        "Object Created",
                        Instant.parse("2026-11-30T12:00:00Z"));
    }

    @Test
    void aTestEventIsNoRecord() {
        assertThat(read("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"bronze\"}"))
                .isEmpty();
        assertThat(bad).isEmpty();
    }

    @Test
    void whatIsNoNotificationIsRefusedWithTheRule() {
        for (String other : List.of(
                "", "x", "[]", "1", "{}", "{\"Records\":1}", "{\"Type\":\"Notification\",\"TopicArn\":\"t\"}")) {
            assertThatThrownBy(() -> read(other)).as(other).isInstanceOf(BadRecordException.class);
        }
        assertThatThrownBy(() -> read("{\"a\":1}"))
                .hasMessage(
                        "m: the message must be a notification of S3, by itself or from SNS, SQS or EventBridge, got '{\"a\":1}'");
        assertThatThrownBy(
                        () -> read(
                                "{\"Type\":\"SubscriptionConfirmation\",\"TopicArn\":\"t\",\"SubscribeURL\":\"http://127.0.0.1/\"}"))
                .hasMessageContaining("no URL of a message is called, got 'SubscriptionConfirmation'");
        String deep = DIRECT;
        for (int i = 0; i < 6; i++) deep = sns(deep).toString();
        String tooDeep = deep;
        assertThatThrownBy(() -> read(tooDeep)).hasMessageContaining("have at most 4 envelopes");
    }

    @Test
    void oneWrongRecordIsALetterAndTheOthersAreRead() {
        assertThat(read(DIRECT.replace(
                        "\"name\":\"bronze\"},\"object\":{\"key\":\"old", "\"name\":\"\"},\"object\":{\"key\":\"old")))
                .hasSize(1);
        assertThat(bad).hasSize(1).first().satisfies(row -> {
            assertThat(row.reason()).startsWith("m:2: s3 must have a bucket and a key, got '{\"eventSource\"");
            assertThat(row.raw()).contains("old.csv").doesNotContain("x%2By");
        });
    }

    @Test
    void oneThatNoLetterCanHoldIsNotAcknowledged() {
        String wrong = DIRECT.replace("\"key\":\"old.csv\"", "\"key\":\"\",\"more\":\"" + "x".repeat(70_000) + "\"");

        assertThatThrownBy(() -> read(wrong))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessageContaining("this one was not acknowledged");
    }

    @Test
    void whereTopicsAreNamedOnlyTheirSignedMessagesAreRead() throws Exception {
        for (String version : List.of("1", "2")) {
            ObjectNode good = signed(version);
            assertThat(signed(good)).hasSize(2);
            assertThat(signed(
                            JSON.readTree(records("body", JSON.getNodeFactory().textNode(good.toString())))))
                    .hasSize(2);
        }
        assertThat(fetched).as("once").containsExactly(URI.create(CERTIFICATE));

        refused("TopicArn must be one of " + TOPIC, signed("2").put("TopicArn", TOPIC + "x"));
        refused("Signature must be SNS' own of this message", signed("2").put("Message", EVENT_BRIDGE));
        refused("Signature must be SNS' own of this message", signed("2").put("Timestamp", "2026-11-30T12:00:01Z"));
        refused("Signature must be SNS' own", signed("2").put("Signature", "?"));
        refused("SignatureVersion must be 1 or 2", signed("2").put("SignatureVersion", "3"));
        for (String url : List.of(
                "http://sns.us-east-1.amazonaws.com/SimpleNotificationService-ab12.pem",
                "https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-ab12.pem",
                "https://evil@sns.us-east-1.amazonaws.com/SimpleNotificationService-ab12.pem",
                "https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-ab12.pem",
                "https://sns.us-east-1.amazonaws.com/other.pem",
                "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-ab12.pem?x=1",
                "https://127.0.0.1/SimpleNotificationService-ab12.pem",
                "")) {
            refused("SigningCertURL must be https://sns.", signed("2").put("SigningCertURL", url));
        }
        refused("must come from a topic of snsTopics", JSON.readTree(EVENT_BRIDGE));
        refused("must come from a topic of snsTopics", JSON.readTree(DIRECT));
        refused(
                "must come from a topic of snsTopics",
                JSON.readTree(records("body", JSON.getNodeFactory().textNode(DIRECT))));
    }

    @Test
    void whateverBytesComeEndInRecordsOrOneSentence() throws Exception {
        Random random = new Random(27);
        List<String> seeds = List.of(
                DIRECT, EVENT_BRIDGE, sns(DIRECT).toString(), signed("2").toString());
        int refused = 0;
        for (int i = 0; i < 4000; i++) {
            byte[] body = seeds.get(i % seeds.size()).getBytes(UTF_8);
            for (int n = random.nextInt(4); n >= 0; n--) body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            try {
                new S3Events(KEY, Optional.of(signature())).of("m", body, bad::add);
            } catch (CaravanException e) {
                assertThat(e.getMessage()).startsWith("m");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(2000);
    }

    private void refused(String rule, JsonNode message) {
        assertThatThrownBy(() -> signed(message))
                .isInstanceOf(BadRecordException.class)
                .hasMessageContaining(rule);
    }

    private final SnsSignature one = signature();

    private SnsSignature signature() {
        return new SnsSignature(List.of(TOPIC), uri -> {
            fetched.add(uri);
            return pem;
        });
    }

    private List<Record> signed(JsonNode message) {
        return new S3Events(KEY, Optional.of(one)).of("m", message.toString().getBytes(UTF_8), bad::add);
    }

    private List<Record> read(String message) {
        return new S3Events(KEY, Optional.empty()).of("m", message.getBytes(UTF_8), bad::add);
    }

    private static List<Object> values(Record record) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < record.fields().size(); i++) values.add(record.at(i));
        return values;
    }

    private static String records(String field, JsonNode value) {
        ObjectNode all = JSON.createObjectNode();
        all.putArray("Records").addObject().put("eventSource", "aws").set(field, value);
        return all.toString();
    }

    private static ObjectNode sns(String message) {
        return JSON.createObjectNode()
                .put("Type", "Notification")
                .put("MessageId", "22b80b92")
                .put("TopicArn", TOPIC)
                .put("Subject", "Amazon S3 Notification")
                .put("Message", message)
                .put("Timestamp", "2026-11-30T12:00:00.000Z");
    }

    private static ObjectNode signed(String version) throws Exception {
        ObjectNode message = sns(DIRECT);
        StringBuilder text = new StringBuilder();
        for (String field : List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"))
            text.append(field).append('\n').append(message.get(field).asText()).append('\n');
        Signature signer = Signature.getInstance(version.equals("1") ? "SHA1withRSA" : "SHA256withRSA");
        signer.initSign(key);
        signer.update(text.toString().getBytes(UTF_8));
        return message.put("SignatureVersion", version)
                .put("Signature", Base64.getEncoder().encodeToString(signer.sign()))
                .put("SigningCertURL", CERTIFICATE);
    }
}
