package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.Hostile;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCounts;
import io.caravan.error.UnavailableException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.mock.InterceptSendToMockEndpointStrategy;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Camel user sets, brings, mocks and counts holds for our requests, and the secret is seen nowhere. */
class HttpEndpointTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ApiServer server = new ApiServer(exchange -> {
        exchange.getResponseHeaders().add("camelhttpresponsecode", "500");
        exchange.getResponseHeaders().add("CamelHttpUri", "http://elsewhere/");
        ApiServer.answer(exchange, 200, "{\"ok\":true}");
    });

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
        server.close();
    }

    @Test
    void callsAreCountedAndAnAnswerGivesTheComponentNoInstructions() {
        EndpointCounts counts = EndpointCounts.of(context);
        HttpApi api = api(server.url("/things"), "none", "", "");
        for (int i = 0; i < 3; i++)
            assertThat(get(api, server.url("/things")).status()).isEqualTo(200);
        assertThat(counts.calls()).containsExactly(Map.entry("http", 3L));
        assertThat(Clients.of(context).uses().values()).allMatch(uses -> uses == 0);
    }

    private static final ClientKind<HttpClient, HttpComponent> USERS =
            new ClientKind<>("httpClient", HttpClient.class, "http", "", HttpComponent.class, c -> null);

    @Test
    void aMockTakesTheApisPlace() throws Exception {
        context.getCamelContextExtension()
                .registerEndpointCallback(new InterceptSendToMockEndpointStrategy("http:*", true));
        get(api(server.url("/things"), "none", "", ""), server.url("/things"));
        assertThat(server.asked).isEmpty();
    }

    @Test
    void theClientOfAUserWins() throws Exception {
        List<String> seen = new ArrayList<>();
        try (CloseableHttpClient users = HttpClients.custom()
                .addRequestInterceptorLast((request, entity, to) -> seen.add(request.getRequestUri()))
                .build()) {
            context.getRegistry().bind("mine", HttpClient.class, users);
            get(api(server.url("/things"), "none", "", ""), server.url("/things"));
            context.stop();
            assertThat(seen).containsExactly("/things");
            int still = users.execute(new HttpGet(server.url("/still")), answer -> answer.getCode());
            assertThat(still).as("it stays the user's to close").isEqualTo(200);
        }
    }

    /** Apache's client takes the end of the connection for the end of the head. */
    @Test
    void anAnswerThatEndsWithinItsHeadIsNoneOfAUsersClientEither() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nServer: any\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
        AtomicInteger length = new AtomicInteger();
        try (CloseableHttpClient users =
                        HttpClients.custom().disableAutomaticRetries().build();
                RawServer cut = new RawServer(
                        (request, out) -> out.write(RawServer.ascii((head + "[]").substring(0, length.get()))));
                HttpSink sink = HttpSinkTest.sink(cut.url("/things"), "record", "PUT", "request", "none")) {
            context.getRegistry().bind("mine", HttpClient.class, users);
            CamelContextAware.trySetCamelContext(sink, context);
            for (; length.get() <= head.length(); length.incrementAndGet()) {
                assertThatThrownBy(() -> sink.write(HttpSinkTest.things(1)))
                        .as(length + " bytes")
                        .isInstanceOf(UnavailableException.class);
            }
            length.addAndGet(1);
            assertThat(sink.write(HttpSinkTest.things(1))).as("whole").isEmpty();
            assertThat(Clients.of(context).made(Clients.of(context).get(USERS, "any", () -> users)))
                    .as("it was the user's")
                    .isFalse();
        }
    }

    /** A server that says no length and closes is understood, as long as there is a byte; so are chunks without one. */
    @Test
    void aUsersClientUnderstandsAnswersWithoutLength() throws Exception {
        for (String answer : List.of(
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")) {
            try (CloseableHttpClient users = HttpClients.createDefault();
                    RawServer server = new RawServer((request, out) -> out.write(RawServer.ascii(answer)));
                    HttpSink sink = HttpSinkTest.sink(server.url("/things"), "record", "PUT", "request", "none")) {
                context.getRegistry().bind("mine", HttpClient.class, users);
                CamelContextAware.trySetCamelContext(sink, context);
                assertThat(sink.write(HttpSinkTest.things(1))).as(answer).isEmpty();
            }
        }
    }

    @Test
    void theProxyOfTheComponentWins() {
        HttpComponent component = context.getComponent("http", HttpComponent.class);
        component.setProxyHost("127.0.0.1");
        component.setProxyPort(server.port());
        get(api("http://nowhere.invalid/things", "none", "", ""), "http://nowhere.invalid/things");
        assertThat(server.asked).containsExactly("GET http://nowhere.invalid/things");
    }

    @Test
    void settingsOfTheComponentForOtherEndpointsDoNotMakeUsAskSomethingElse() {
        HttpComponent component = context.getComponent("http", HttpComponent.class);
        component.setSkipControlHeaders(true);
        component.setSkipRequestHeaders(true);
        component.setFollowRedirects(true);
        get(api(server.url("/things"), "header", "X-Key", "secret-key"), server.url("/things/a?b=c"));
        assertThat(server.asked).containsExactly("GET /things/a?b=c");
        assertThat(server.headers.get(0).getFirst("X-Key")).isEqualTo("secret-key");
        assertThat(server.headers.get(0).getFirst("Accept")).isEqualTo("application/json");
    }

    @Test
    void noSecretIsInAnEndpointOrAnExchange() {
        List<String> texts = new ArrayList<>();
        context.getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event instanceof CamelEvent.ExchangeEvent sent) {
                    texts.add(sent.getExchange().getMessage().getHeaders().toString());
                }
            }
        });
        for (String auth : List.of("bearer", "query", "header")) {
            String name = auth.equals("bearer") ? "" : "key";
            get(api(server.url("/things?given=canary-url"), auth, name, "canary-" + auth), server.url("/things"));
        }
        assertThat(server.asked).contains("GET /things?key=canary-query");
        assertThat(server.headers.get(0).getFirst("Authorization")).isEqualTo("Bearer canary-bearer");
        assertThat(server.headers.get(2).getFirst("key")).isEqualTo("canary-header");
        context.getEndpoints().forEach(endpoint -> texts.add(endpoint.getEndpointUri()));
        assertThat(texts).isNotEmpty().noneMatch(text -> text.contains("canary"));
    }

    @Test
    void hostileTextsArriveAsTheyWere() {
        EndpointCounts counts = EndpointCounts.of(context);
        HttpApi api = api(server.url("/things"), "none", "", "");
        List<String> expected = new ArrayList<>();
        for (String name : Hostile.names(200)) {
            URI uri = Address.with(
                    Address.below(URI.create(server.url("/things")), "/" + Address.encoded(name)), "q", name);
            api.exchange(HttpApi.Call.get(uri, Map.of()), 100, true);
            expected.add("GET " + uri.getRawPath() + "?" + uri.getRawQuery());
        }
        assertThat(server.asked).isEqualTo(expected);
        long literal = expected.stream().filter(asked -> asked.contains("~")).count();
        assertThat(counts.calls()).containsExactly(Map.entry("http", 200 - literal));
    }

    @Test
    void anAddressOfAnAnswerThatMeansSomethingToCamelGoesByTheClientLiterally() {
        EndpointCounts counts = EndpointCounts.of(context);
        HttpApi api = api(server.url("/things"), "none", "", "");
        List<String> paths = List.of(
                "/things?$skip=1",
                "/a(b)?c=RAW(x)",
                "/~me",
                "//double//slash",
                "/a/?",
                "/a?b=c?d",
                "/%2e%2e/%7B%7Bx%7D%7D?%24%7Ba%7D");
        for (String path : paths) get(api, server.url(path));
        assertThat(server.asked).isEqualTo(paths.stream().map(p -> "GET " + p).toList());
        assertThat(counts.calls()).containsExactly(Map.entry("http", 4L));
        assertThat(Clients.of(context).uses()).containsEntry("httpApi", 3L);
    }

    private HttpApi api(String url, String auth, String name, String secret) {
        HttpApi api = new HttpApi("things", url, auth, name, secret, "", 0, 1000, 5000, 0, 1, 1000);
        api.setCamelContext(context);
        return api;
    }

    private static HttpApi.Answer get(HttpApi api, String url) {
        return api.exchange(HttpApi.Call.get(URI.create(url), Map.of()), 1 << 16, true);
    }
}
