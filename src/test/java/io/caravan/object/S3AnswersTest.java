package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.endpoint.TestContext;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.aws2.s3.AWS2S3Component;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no peer can be made to answer. */
class S3AnswersTest {

    private static final Pattern MARKER = Pattern.compile("marker=n/(\\d+)");

    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;

    /** Answers a request by its method and query. */
    private interface Answer {
        void to(HttpExchange exchange, String query) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aHundredThousandKeysAreListedPageByPage() {
        serve((exchange, query) -> {
            Matcher marker = MARKER.matcher(query);
            send(exchange, 200, page(marker.find() ? Integer.parseInt(marker.group(1)) + 1 : 0));
        });
        Iterator<SourceObject> objects = store().list("n/", new Glob("*"));
        assertThat(requests).as("nothing is asked for before it is needed").hasValue(0);
        String last = objects.next().name();
        assertThat(requests).hasValue(1);
        int count = 1;
        for (; objects.hasNext(); count++) {
            String name = objects.next().name();
            assertThat(name).isGreaterThan(last);
            last = name;
        }
        assertThat(count).isEqualTo(100_000);
        assertThat(requests).hasValue(100);
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, access denied for",
        "403, InvalidAccessKeyId, access denied for",
        "404, NoSuchBucket, must exist at",
        "301, PermanentRedirect, ; correct",
        "400, AuthorizationHeaderMalformed, ; correct",
    })
    void aWrongSettingIsSaidWithItsRemedy(int status, String code, String words) {
        assertThat(failure(status, code))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("s3://bucket")
                .hasMessageContaining(status + " " + code)
                .hasMessageContaining(words.replace("\\", ""));
    }

    @ParameterizedTest
    @CsvSource({"503, SlowDown", "500, InternalError", "429, TooManyRequests"})
    void aServerThatIsBusyIsAskedAgainAndThenUnavailable(int status, String code) {
        assertThat(failure(status, code))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining(status + " " + code);
        assertThat(requests.get()).isGreaterThan(1);
    }

    @Test
    void anUploadThatWasCompletedBeforeItsReplyWasLostIsKnownByItsEtag() throws Exception {
        byte[] bytes = new byte[PartsOutput.PART + 1];
        byte[] digests = Arrays.copyOf(PartsOutput.md5(bytes, PartsOutput.PART), 32);
        System.arraycopy(PartsOutput.md5(bytes, 1), 0, digests, 16, 16);
        String etag = "\"" + HexFormat.of().formatHex(PartsOutput.md5(digests, 32)) + "-2\"";
        AtomicReference<String> now = new AtomicReference<>(etag);
        List<String> asked = new CopyOnWriteArrayList<>();
        serve((exchange, query) -> {
            asked.add(exchange.getRequestMethod());
            if (query.startsWith("uploads")) {
                send(
                        exchange,
                        200,
                        "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
            } else if (exchange.getRequestMethod().equals("POST")) {
                send(exchange, 404, "<Error><Code>NoSuchUpload</Code></Error>");
            } else {
                exchange.getResponseHeaders().add("ETag", now.get());
                exchange.sendResponseHeaders(200, -1);
            }
        });
        try (ObjectStore store = store()) {
            assertThat(store.put("a", out -> out.write(bytes))).isEqualTo(etag);
            assertThat(asked).containsExactly("POST", "PUT", "PUT", "POST", "HEAD");
            now.set("\"another\"");
            assertThatThrownBy(() -> store.put("a", out -> out.write(bytes)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("a: the upload was lost before it was complete");
            assertThat(asked).endsWith("HEAD", "DELETE");
        }
    }

    /** 409: another one writes it at this moment; 412: it is not what was expected. */
    @Test
    void aWriteThatMeetsAnotherLooksAndTriesAgainOnlyWhileThereIsWhatItExpected() {
        List<String> asked = new CopyOnWriteArrayList<>();
        Deque<Integer> refusals = new ConcurrentLinkedDeque<>();
        AtomicReference<String> there = new AtomicReference<>("");
        serve((exchange, query) -> {
            asked.add(exchange.getRequestMethod());
            boolean put = exchange.getRequestMethod().equals("PUT");
            if (put && !refusals.isEmpty()) {
                send(exchange, refusals.remove(), "<Error><Code>Conflict</Code></Error>");
                return;
            }
            String etag = put ? "\"mine\"" : there.get();
            if (!etag.isEmpty()) exchange.getResponseHeaders().add("ETag", etag);
            exchange.sendResponseHeaders(etag.isEmpty() ? 404 : 200, -1);
        });
        try (ObjectStore store = store()) {
            refusals.addAll(List.of(409, 409));
            assertThat(store.create("a", out -> out.write(1))).contains("\"mine\"");
            assertThat(asked).containsExactly("PUT", "HEAD", "PUT", "HEAD", "PUT");

            there.set("\"old\"");
            refusals.add(409);
            assertThat(store.replace("a", "\"old\"", out -> out.write(1))).contains("\"mine\"");

            for (int status : List.of(409, 412)) {
                asked.clear();
                there.set("\"another\"");
                refusals.add(status);
                assertThat(store.replace("a", "\"old\"", out -> out.write(1))).isEmpty();
                refusals.add(status);
                assertThat(store.create("a", out -> out.write(1))).isEmpty();
                assertThat(asked).as("%s", status).containsExactly("PUT", "HEAD", "PUT", "HEAD");
            }
        }
    }

    @Test
    void aListingThatDoesNotSayWhetherMoreFollowsIsNotTakenForAWholeOne() {
        serve((exchange, query) -> send(exchange, 200, "<ListBucketResult></ListBucketResult>"));
        assertThatThrownBy(() -> store().list("", new Glob("*")).hasNext())
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("cannot list s3://bucket");
    }

    @Test
    void onlyWhatIsNeededIsAskedFor() {
        List<String> asked = new CopyOnWriteArrayList<>();
        serve((exchange, query) -> {
            asked.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            boolean put = exchange.getRequestMethod().equals("PUT");
            if (put) exchange.getResponseHeaders().add("ETag", "\"e\"");
            // who may neither list nor see the bucket may write to it
            send(exchange, put ? 200 : 403, put ? "" : "<Error><Code>AccessDenied</Code></Error>");
        });
        ObjectStore store = store();
        for (String name : List.of("a", "b", "${env:HOME}")) {
            assertThat(store.put(name, out -> out.write(1))).isEqualTo("\"e\"");
        }
        assertThat(asked).containsExactly("PUT /bucket/a", "PUT /bucket/b", "PUT /bucket/${env:HOME}");
    }

    @Test
    void whatTheUserSetForTheComponentCountsWhereTheAccessSaysNothing() throws Exception {
        List<String> who = new CopyOnWriteArrayList<>();
        serve((exchange, query) -> {
            who.add(exchange.getRequestHeaders().getFirst("Authorization").replaceAll(".*Credential=|,.*|/\\d{8}", ""));
            send(exchange, 200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
        });
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            AWS2S3Configuration given =
                    context.getComponent("aws2-s3", AWS2S3Component.class).getConfiguration();
            given.setAccessKey("users-id");
            given.setSecretKey("users-secret");
            given.setRegion("eu-west-3");
            given.setOverrideEndpoint(true);
            given.setUriEndpointOverride(
                    "http://127.0.0.1:" + server.getAddress().getPort());
            given.setForcePathStyle(true);
            for (ObjectAccess access : List.of(
                    ObjectAccess.DEFAULT, ObjectAccess.of("", "", "our-id", "our-secret", "", "", "", "", 5000))) {
                ObjectStore store = ObjectStores.of("test", "input", "s3://bucket", access);
                CamelContextAware.trySetCamelContext(store, context);
                assertThat(store.list("", new Glob("*")).hasNext()).isFalse();
            }
        }
        assertThat(who).containsExactly("users-id/eu-west-3/s3/aws4_request", "our-id/eu-west-3/s3/aws4_request");
    }

    @Test
    void noSecretIsShown() {
        ObjectAccess access = ObjectAccess.of("https://host:9", "", "my-id", 4711, "", "", "", "", 1000);
        assertThat(access.toString()).isEqualTo("access to https://host:9");
        assertThatThrownBy(() -> ObjectAccess.of("http://me:pw@host", "eu west", "my-id", "", "", "", "k", "c=pw", 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "objects: endpoint must be http(s)://<host>:<port> without user or password, got 'one with @'",
                        "objects: region must be a region such as eu-central-1, got 'eu west'",
                        "objects: accessKey must come with secretKey, got 'one of them'",
                        "objects: accountKey must come with account, got 'no account'",
                        "objects: connectionString must stand alone, without account and accountKey, got 'both'",
                        "objects: timeoutMillis must be 1 to 3600000, got '0'"));
        assertThatThrownBy(() -> TestContext.knownTo(
                                ObjectStores.of("test", "input", "azure://things", ObjectAccess.DEFAULT))
                        .check())
                .hasMessage("test: account must be set for azure:, or connectionString, or endpoint, got ''");
    }

    private CaravanException failure(int status, String code) {
        String body = "<Error><Code>" + code + "</Code><Message>no</Message></Error>";
        serve((exchange, query) -> send(exchange, status, body));
        try (ObjectStore store = store()) {
            Iterator<SourceObject> objects = store.list("", new Glob("*"));
            return catchThrowableOfType(CaravanException.class, objects::hasNext);
        }
    }

    private void serve(Answer answer) {
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            answer.to(exchange, String.valueOf(exchange.getRequestURI().getQuery()));
            exchange.close();
        });
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private ObjectStore store() {
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        ObjectAccess access = ObjectAccess.of(endpoint, "", "my-id", "my-secret", "", "", "", "", 5000);
        return TestContext.knownTo(ObjectStores.of("test", "input", "s3://bucket", access));
    }

    private static String page(int from) {
        StringBuilder xml = new StringBuilder("<ListBucketResult><EncodingType>url</EncodingType>");
        for (int i = from; i < from + 1000; i++) {
            xml.append("<Contents><Key>n%2F%06d</Key><ETag>\"e\"</ETag><Size>1</Size></Contents>"
                    .replace("%06d", "%06d".formatted(i)));
        }
        int next = from + 1000;
        xml.append("<IsTruncated>").append(next < 100_000).append("</IsTruncated>");
        return xml.append("</ListBucketResult>").toString();
    }
}
