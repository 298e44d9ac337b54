package io.caravan.message;

import static io.caravan.message.EndpointSinks.gone;
import static io.caravan.message.EndpointSinks.record;
import static io.caravan.message.EndpointSinks.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.Refusal;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.http.ApiServer;
import io.caravan.record.Record;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.management.ObjectName;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.InterceptSendToMockEndpointStrategy;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.URISupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent, what an endpoint's failure means, and what nobody may see. */
class EndpointSinkTest {

    private static final String SECRET = "s3cr3t-T0k3n";

    @Test
    void aMessageOfManySaysAllOfThemAndIsCutByItsSize() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.start();
            EndpointSink sink = new EndpointSinks().batches(2).body("jsonl").to(camel, "mock:out");
            assertThat(sink.write(List.of(record("a", "x"), gone("b"), record("c", null))))
                    .isEmpty();
            MockEndpoint out = camel.getEndpoint("mock:out", MockEndpoint.class);
            assertThat(out.getExchanges().stream().map(e -> e.getMessage().getBody(String.class)))
                    .containsExactly(
                            "{\"id\":\"a\",\"name\":\"x\"}\n{\"id\":\"b\",\"deleted\":true}\n",
                            "{\"id\":\"c\",\"name\":null}\n");
            assertThat(out.getExchanges())
                    .allSatisfy(e ->
                            assertThat(e.getMessage().getHeader("Content-Type")).isEqualTo("application/x-ndjson"));
        }
    }

    @Test
    void aMessageThatIsRefusedIsSentByHalvesUntilTheGuiltyStandAlone() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            List<String> taken = new CopyOnWriteArrayList<>();
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in").process(e -> {
                        String body = e.getMessage().getBody(String.class);
                        if (body.contains("\"k13\"") || body.contains("\"k77\"")) {
                            throw new IllegalArgumentException("no such number: " + SECRET);
                        }
                        taken.add(body);
                    });
                }
            });
            camel.start();
            EndpointSink sink = new EndpointSinks()
                    .batches(50)
                    .to(camel, "direct:in?exchangePattern=InOnly&failIfNoConsumers=RAW(true)");
            List<Refusal> refused = sink.write(records(100));
            assertThat(refused).extracting(r -> r.record().key()).containsExactly("k13", "k77");
            String all = String.join("", taken);
            for (Record record : records(100)) {
                boolean guilty = record.key().equals("k13") || record.key().equals("k77");
                assertThat(all.split("\"" + record.key() + "\"", -1)).hasSize(guilty ? 1 : 2);
            }
        }
    }

    /** The code alone is the same for whatever is wrong with a message. */
    @Test
    void whatAmazonRefusesIsALetterWithItsWords() {
        try (ApiServer server = new ApiServer(exchange -> {
            exchange.getRequestBody().readAllBytes();
            ApiServer.answer(
                    exchange,
                    400,
                    "{\"__type\":\"com.amazonaws.sqs#InvalidParameterValue\",\"message\":\"Message must be shorter than"
                            + " 262144 bytes, says " + SECRET + "\"}");
        })) {
            EndpointSink sink = new EndpointSinks()
                    .to("aws2-sqs:orders?region=us-east-1&accessKey=me&secretKey=RAW(" + SECRET
                            + ")&overrideEndpoint=true&uriEndpointOverride=" + server.url("") + "&queueUrl="
                            + server.url("/1/orders"));
            assertThat(sink.write(records(1)))
                    .extracting(Refusal::reason)
                    .containsExactly(
                            "events: 400 InvalidParameterValue: Message must be shorter than 262144 bytes, says"
                                    + " *****");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "503, '', '', away",
        "429, '', '', away",
        "401, '', '', wrong",
        "301, '', '', wrong",
        "400, '', '', refused",
        "404, '', '', refused",
        "404, '404', '', away",
        "409, 4xx, '', away",
        "500, '', '', away",
        "500, '', 5xx, refused",
        "503, '', HttpOperationFailedException, refused",
        "409, org.apache.camel.http.base.HttpOperationFailedException, '', away",
    })
    void aStatusMeansWhatItUsuallyDoesUnlessTheUserSaysOtherwise(
            int status, String unavailable, String refused, String meaning) {
        try (ApiServer server = new ApiServer(exchange -> {
            exchange.getRequestBody().readAllBytes();
            ApiServer.answer(exchange, status, "{\"message\":\"no: " + SECRET + "\"}");
        })) {
            EndpointSink sink = new EndpointSinks()
                    .unavailable(unavailable)
                    .refused(refused)
                    .to(server.url("/hooks/" + SECRET) + "?httpMethod=POST");
            switch (meaning) {
                case "away" ->
                    assertThatThrownBy(() -> sink.write(records(1)))
                            .isInstanceOf(UnavailableException.class)
                            .hasMessageStartingWith("events: uri must lead to a server that answers, got '"
                                    + server.url("/...") + "' (status " + status)
                            .hasMessageNotContaining(SECRET);
                case "wrong" ->
                    assertThatThrownBy(() -> sink.write(records(1)))
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessageContaining("status " + status)
                            .hasMessageNotContaining(SECRET);
                default ->
                    assertThat(sink.write(records(1))).singleElement().satisfies(r -> assertThat(r.reason())
                            .startsWith("events: status " + status)
                            .doesNotContain(SECRET));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "java.lang.IllegalStateException, '', '', refused",
        "java.lang.IllegalStateException, IllegalStateException, '', away",
        "java.lang.IllegalArgumentException, '', '', refused",
        "java.lang.NullPointerException, NullPointerException, java.lang.RuntimeException, refused",
        "java.io.FileNotFoundException, '', '', away",
        "java.io.FileNotFoundException, '', FileNotFoundException, refused",
        "java.util.concurrent.TimeoutException, '', '', away",
        "org.apache.camel.component.file.GenericFileOperationFailedException, '', '', away",
        "org.apache.kafka.common.errors.RecordTooLargeException, '', '', refused",
        "org.apache.kafka.common.errors.TopicAuthorizationException, '', '', wrong",
        "jakarta.jms.IllegalStateException, '', '', away",
        "org.apache.kafka.common.config.ConfigException, '', '', wrong",
    })
    void anExceptionMeansWhatItUsuallyDoesUnlessTheUserSaysOtherwise(
            Class<? extends Exception> thrown, String unavailable, String refused, String meaning) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in").process(e -> {
                        if (!e.getMessage().getBody(String.class).contains("\"k1\"")) return;
                        throw new RuntimeCamelException(
                                thrown.getConstructor(String.class).newInstance("no k1"));
                    });
                }
            });
            camel.start();
            EndpointSink sink = new EndpointSinks()
                    .unavailable(unavailable)
                    .refused(refused)
                    .to(camel, "direct:in");
            switch (meaning) {
                case "away" ->
                    assertThatThrownBy(() -> sink.write(records(3))).isInstanceOf(UnavailableException.class);
                case "wrong" ->
                    assertThatThrownBy(() -> sink.write(records(3))).isInstanceOf(ConfigurationException.class);
                default ->
                    assertThat(sink.write(records(3))).singleElement().satisfies(r -> {
                        assertThat(r.record().key()).isEqualTo("k1");
                        assertThat(r.reason()).startsWith("events: no k1");
                    });
            }
        }
    }

    @Test
    void aCircuitBreakerThatIsOpenMeansThatTheServerIsAwayAndAsksItNoMore() throws Exception {
        try (ApiServer server = new ApiServer(exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    ApiServer.answer(exchange, 500, "");
                });
                DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:guarded")
                            .circuitBreaker()
                            .resilience4jConfiguration()
                            .minimumNumberOfCalls(2)
                            .failureRateThreshold(50)
                            .end()
                            .to(server.url("/in"))
                            .end();
                }
            });
            camel.start();
            EndpointSink sink = new EndpointSinks().to(camel, "direct:guarded");
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> sink.write(records(1)))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageStartingWith("events: uri must lead to a server that answers, got 'direct:guarded'");
            }
            assertThat(server.asked).hasSize(2);
        }
    }

    @Test
    void anEndpointThatCannotBeStartedIsAFaultOfTheSettingsAndOfNoRecord() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.start();
            EndpointSink sink = new EndpointSinks().to(camel, "jms:queue:orders");
            assertThat(sink.check()).hasValueSatisfying(said -> assertThat(said)
                    .startsWith("events: uri must be an endpoint that can be used, got 'jms:queue:orders'")
                    .endsWith("; correct 'uri'"));
            assertThatThrownBy(() -> sink.write(records(1))).isInstanceOf(ConfigurationException.class);
        }
    }

    @Test
    void whatIsSentAgainHasTheSameIdempotencyHeaderAndAnEarlierFormAnother() {
        List<String> ids = new ArrayList<>();
        try (ApiServer server = new ApiServer(exchange -> {
            exchange.getRequestBody().readAllBytes();
            ids.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            ApiServer.answer(exchange, 200, "");
        })) {
            EndpointSink one = new EndpointSinks().to(server.url("/in"));
            one.write(List.of(record("a", "x")));
            one.write(List.of(record("a", "x")));
            one.write(List.of(record("a", "x").changedIn(9)));
            one.write(List.of(record("a", "y")));
            one.write(List.of(record("b", "x")));
            one.write(List.of(gone("a")));
            new EndpointSinks().batches(9).to(server.url("/in")).write(List.of(record("a", "x"), record("b", "x")));
            assertThat(ids.get(1)).isEqualTo(ids.get(0)).matches("[0-9a-f]{32}");
            assertThat(ids.subList(1, 7)).doesNotHaveDuplicates();
        }
    }

    @Test
    void anEndpointThatIsNotThereSaysWhatIsMissing() {
        assertThatThrownBy(() -> new EndpointSinks()
                        .to("nats:orders?servers=x&password=" + SECRET)
                        .write(records(1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("events: uri must begin with a component that is on the class path, got 'nats:orders'; add"
                        + " org.apache.camel:camel-nats:4.17.0");
        assertThatThrownBy(() -> new EndpointSinks().to("hazelcast-queue:x").write(records(1)))
                .hasMessageContaining("org.apache.camel:camel-hazelcast:4.17.0");
        assertThatThrownBy(() -> new EndpointSinks().to("").write(records(1)))
                .hasMessage("events: uri must be a URI of Camel such as kafka:orders?brokers=localhost:9092, got ''");
        assertThat(new EndpointSinks()
                        .to("kafka:orders?nothing=1&saslJaasConfig=RAW(" + SECRET + ")")
                        .check())
                .get()
                .asString()
                .startsWith("events: uri must be an endpoint that can be used, got 'kafka:orders'")
                .contains("nothing")
                .doesNotContain(SECRET);
    }

    @Test
    void headersAreTakenLiterallyAndNoneTellsAComponentWhatToDo() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.start();
            camel.getCamelContextExtension()
                    .registerEndpointCallback(new InterceptSendToMockEndpointStrategy("seda:*", true));
            EndpointSink sink = new EndpointSinks()
                    .headers("a=${body}, b=x=y")
                    .keyHeader("recordKey")
                    .to(camel, "seda:somewhere");
            assertThat(sink.write(List.of(record("${camelId}", "x")))).isEmpty();
            assertThat(camel.getEndpoint("mock:seda:somewhere", MockEndpoint.class)
                            .getExchanges()
                            .get(0)
                            .getMessage()
                            .getHeaders())
                    .containsEntry("a", "${body}")
                    .containsEntry("b", "x=y")
                    .containsEntry("recordKey", "${camelId}");
        }
        for (String bad : List.of("CamelFileName=x", "camelHttpUri=y", "a b=c", "nothing")) {
            assertThatThrownBy(() -> new EndpointSinks().headers(bad).to("mock:x"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("events: headers must be ");
        }
        assertThatThrownBy(() -> new EndpointSinks().keyHeader("CamelFileName").to("mock:x"))
                .hasMessage("events: keyHeader must be the name of a header that does not begin with Camel, got"
                        + " 'CamelFileName'");
        assertThatThrownBy(() ->
                        new EndpointSinks().batches(2).deletes("null-body").to("mock:x"))
                .hasMessage("events: deletes must be tombstone or skip where send is batch, got 'null-body'");
        assertThatThrownBy(() -> new EndpointSinks().refused("a b").to("mock:x"))
                .hasMessage(
                        "endpoint-sink: refused must list names of exceptions and statuses like 503 or 5xx, got 'a b'");
    }

    @Test
    void nobodyCanAskAnEndpointAndItSaysSo() {
        EndpointSink sink = new EndpointSinks().to("mock:x");
        assertThatThrownBy(sink::keys)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("events: what was sent cannot be verified: nobody can ask an endpoint what it holds");
        assertThatThrownBy(() -> sink.differing(List.of())).isInstanceOf(UnsupportedOperationException.class);
        assertThat(sink.marks()).isFalse();
        assertThat(sink.check()).isEmpty();
    }

    @Test
    void camelShowsNothingOfWhatIsMarkedAsRawNorThePathOfAWebAddress() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (ApiServer server = new ApiServer(exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                    ApiServer.answer(exchange, 200, "");
                });
                DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getManagementStrategy().getManagementAgent().setRegisterAlways(true);
            camel.start();
            new EndpointSinks()
                    .to(camel, "log:hidden?level=OFF&marker=RAW(" + SECRET + ")")
                    .write(records(1));
            for (String options : List.of("", "?a=b&httpMethod=PUT", "?bridgeEndpoint=true")) {
                EndpointSink web = new EndpointSinks().to(camel, server.url("/hooks/" + SECRET) + options);
                assertThat(web.check()).isEmpty();
                assertThat(web.write(records(1))).isEmpty();
            }
            assertThat(asked)
                    .containsExactly(
                            "OPTIONS /hooks/" + SECRET,
                            "POST /hooks/" + SECRET,
                            "OPTIONS /hooks/" + SECRET + "?a=b",
                            "PUT /hooks/" + SECRET + "?a=b",
                            "OPTIONS /hooks/" + SECRET,
                            "POST /hooks/" + SECRET);
            assertThat(camel.getEndpoints()).hasSizeGreaterThan(3).allSatisfy(e -> assertThat(
                            URISupport.sanitizeUri(e.getEndpointUri()))
                    .doesNotContain(SECRET));
            Set<ObjectName> beans = ManagementFactory.getPlatformMBeanServer()
                    .queryNames(new ObjectName("org.apache.camel:type=endpoints,*"), null);
            assertThat(beans).isNotEmpty();
            for (ObjectName bean : beans) {
                assertThat(bean.toString()).doesNotContain(SECRET);
                assertThat(ManagementFactory.getPlatformMBeanServer()
                                .getAttribute(bean, "EndpointUri")
                                .toString())
                        .doesNotContain(SECRET);
            }
        }
    }
}
