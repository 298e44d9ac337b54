package io.caravan.http;

import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointAnswer;
import io.caravan.endpoint.EndpointCall;
import io.caravan.endpoint.EndpointException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpComponent;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * The calls of one API. They go by an endpoint of camel-http with the API's scheme, host and port; path and query are told it in
 * headers, percent-encoded. An address that an answer led to goes to the client itself where it is that of another host, or holds
 * a character that means something to Camel, so that it arrives literally. Thread-safe.
 */
final class HttpCalls {

    private static final Pattern MEANS_NOTHING = Pattern.compile("[A-Za-z0-9._!*'+,;:@&=/%-]*");
    /** What every request says besides. */
    static final Map<String, String> HEADERS = Map.of("Accept", "application/json", "User-Agent", "caravan");

    private static final String FILTER = "caravanHttpHeaders";

    private final CamelContext context;
    private final Address address;
    private final Client<ApiClient> client;
    private final EndpointCall endpoint;
    private final Auth auth;

    /** {@code verified}: whether the server must show a certificate that we trust. */
    HttpCalls(
            CamelContext context,
            Address address,
            Auth auth,
            Duration connectTimeout,
            Duration timeout,
            boolean verified) {
        String scheme = address.uri().getScheme().toLowerCase(Locale.ROOT);
        this.context = context;
        this.address = address;
        auth.in(context);
        Client<HttpClient> shared = verified ? shared(scheme) : unverified(scheme);
        boolean ours = !verified
                || Clients.of(context).made(shared)
                        && context.getComponent(scheme, HttpComponent.class).getClientConnectionManager() == null;
        this.client = Clients.of(context)
                .get(
                        new ClientKind<>("httpApi", ApiClient.class, scheme, "", HttpComponent.class, c -> null),
                        List.of(
                                address.origin(),
                                auth.same(),
                                connectTimeout,
                                timeout,
                                System.identityHashCode(shared.peek())),
                        () -> new ApiClient(shared.peek(), ours, address, auth, connectTimeout, timeout));
        // of those that sign alike one has the token
        this.auth = client.peek().auth();
        if (context.getRegistry().lookupByName(FILTER) == null) {
            context.getRegistry().bind(FILTER, new OwnHeaders());
        }
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("httpUri", address.authority());
        parameters.put("httpClient", client.reference());
        parameters.put("headerFilterStrategy", "#bean:" + FILTER);
        parameters.put("bridgeEndpoint", true);
        parameters.put("copyHeaders", false);
        parameters.put("disableStreamCache", true);
        parameters.put("throwExceptionOnFailure", false);
        // a user's settings for other endpoints of the component must not make ours ask something else
        for (String skip : List.of("skipControlHeaders", "skipRequestHeaders", "skipResponseHeaders")) {
            parameters.put(skip, false);
        }
        this.endpoint = EndpointCall.of(context, scheme, parameters);
    }

    /** Sees to it that calls can be signed; tells the token that they are signed with, if it is one that ends. */
    Optional<String> ready() {
        return auth.ready();
    }

    /** Hears that the server did not take that token. */
    void refused(String token) {
        auth.refused(token);
    }

    /** Whether these are calls of that context. */
    boolean of(CamelContext other) {
        return context == other;
    }

    private Client<HttpClient> shared(String scheme) {
        return Clients.of(context)
                .get(
                        new ClientKind<>("httpClient", HttpClient.class, scheme, "", HttpComponent.class, c -> null),
                        scheme,
                        () -> SharedClient.make(context, scheme));
    }

    /** Never one that a user supplied: that is for servers that he trusts. */
    private Client<HttpClient> unverified(String scheme) {
        return Clients.of(context)
                .get(
                        new ClientKind<>(
                                "unverifiedHttpClient",
                                HttpClient.class,
                                scheme,
                                "",
                                HttpComponent.class,
                                c -> null,
                                false),
                        scheme + " unverified",
                        () -> SharedClient.unverified(context, scheme));
    }

    /**
     * Sends a request once.
     *
     * @param most bytes of the answer
     * @param whole whether the time limit is that of the whole answer
     */
    HttpAnswer send(HttpApi.Call call, long most, boolean whole) throws IOException {
        URI uri = URI.create(call.uri().toASCIIString());
        // of a host in brackets, IPv6, the component makes something else
        boolean plain = !address.authority().startsWith("[")
                && MEANS_NOTHING.matcher(path(uri)).matches()
                && (uri.getRawQuery() == null
                        || MEANS_NOTHING
                                .matcher(uri.getRawQuery().replace('?', '/'))
                                .matches());
        Map<String, String> headers = new HashMap<>(HEADERS);
        headers.putAll(call.headers());
        return plain && address.own(uri)
                ? byEndpoint(call, uri, headers, whole, most)
                : byClient(call, uri, headers, whole, most);
    }

    private HttpAnswer byEndpoint(HttpApi.Call call, URI uri, Map<String, String> texts, boolean whole, long most)
            throws IOException {
        Map<String, Object> headers = new HashMap<>(texts);
        if (call.body() != null) headers.putIfAbsent(Exchange.CONTENT_TYPE, "application/json");
        headers.put(Exchange.HTTP_METHOD, call.method());
        // the component takes one slash away
        if (!path(uri).isEmpty())
            headers.put(Exchange.HTTP_PATH, path(uri).startsWith("//") ? "/" + path(uri) : path(uri));
        if (uri.getRawQuery() != null) headers.put(Exchange.HTTP_RAW_QUERY, uri.getRawQuery());
        try {
            EndpointAnswer answer = endpoint.open(call.body(), headers);
            Message message = answer.message();
            // as Camel has it: what says no status is well
            int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
            HttpBody body = message.getBody() instanceof HttpBody arriving
                    ? arriving
                    : client.peek().body(bytes(message));
            return new HttpAnswer(
                    status, HttpAnswer.headers(message.getHeaders()), body.limited(whole, most, answer::close));
        } catch (EndpointException e) {
            // the outermost one: what is below it says less
            if (e.getCause() instanceof IOException outermost) throw outermost;
            throw e.cause(IOException.class).orElseThrow(() -> e);
        }
    }

    private static InputStream bytes(Message message) {
        InputStream bytes = message.getBody(InputStream.class);
        return bytes == null ? InputStream.nullInputStream() : bytes;
    }

    private HttpAnswer byClient(HttpApi.Call call, URI uri, Map<String, String> headers, boolean whole, long most)
            throws IOException {
        HttpUriRequestBase request = new HttpUriRequestBase(call.method(), uri);
        headers.forEach(request::setHeader);
        if (call.body() != null) {
            String type = headers.getOrDefault(Exchange.CONTENT_TYPE, "application/json");
            request.setEntity(new ByteArrayEntity(call.body(), ContentType.parse(type)));
        }
        ApiClient direct = client.use();
        ClassicHttpResponse answer = direct.executeOpen(HttpHost.create(uri), request, HttpClientContext.create());
        Map<String, List<String>> found = HttpAnswer.headers(
                Arrays.stream(answer.getHeaders()).collect(HashMap::new, (all, h) -> add(all, h), HashMap::putAll));
        HttpBody body = answer.getEntity() == null
                ? direct.body(InputStream.nullInputStream())
                : (HttpBody) answer.getEntity().getContent();
        return new HttpAnswer(answer.getCode(), found, body.limited(whole, most, () -> {}));
    }

    private static void add(Map<String, Object> all, Header header) {
        all.merge(header.getName().toLowerCase(Locale.ROOT), List.of(header.getValue()), (before, one) -> {
            List<Object> both = new ArrayList<>((List<?>) before);
            both.addAll((List<?>) one);
            return both;
        });
    }

    private static String path(URI uri) {
        return uri.getRawPath() == null ? "" : uri.getRawPath();
    }
}
