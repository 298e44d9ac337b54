package io.caravan.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.http.HttpApi;
import io.caravan.http.HttpSource;
import io.caravan.http.Paging;
import io.caravan.source.Source;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Pages of an API in this JVM, which answers with texts made before ({@value #DIFFERENT} of them, in turns: 4 MB of the
 * heap); the bare client is the JDK's with Jackson.
 */
final class HttpReading implements Reading {

    private static final int PAGE = 1_000;
    private static final int DIFFERENT = 16;
    private static final TypeReference<Map<String, List<Map<String, Object>>>> ANSWER = new TypeReference<>() {};
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_LONG_FOR_INTS);

    private final List<byte[]> pages =
            IntStream.range(0, DIFFERENT).mapToObj(HttpReading::page).toList();
    private final byte[] noMore = "{\"items\":[]}".getBytes(StandardCharsets.US_ASCII);
    private final CamelContext context = new DefaultCamelContext();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private int records;

    HttpReading() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private static byte[] page(int number) {
        return IntStream.range(number * PAGE, (number + 1) * PAGE)
                .mapToObj(i -> JsonlReading.line(i).strip())
                .collect(Collectors.joining(",", "{\"items\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            int number = Integer.parseInt(exchange.getRequestURI().getQuery().replaceFirst(".*page=(\\d+).*", "$1"));
            byte[] page = (number - 1) * PAGE < records ? pages.get(number % DIFFERENT) : noMore;
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        }
    }

    @Override
    public String name() {
        return "http-source, pages of 1,000";
    }

    @Override
    public void prepare(int wanted) {
        records = wanted;
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/orders";
    }

    @Override
    public Source source() {
        HttpApi api = new HttpApi("http-source", url(), "none", "", "", "", 0, 5_000, 60_000, 5, 500, 120_000);
        context.start();
        api.setCamelContext(context);
        Paging paging = new Paging("http-source", "page", "", "page", "", "", PAGE, "empty", 100_000);
        return new HttpSource(api, paging, "items", Orders.KEY, 64 << 20);
    }

    @Override
    public long bare() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        long read = 0;
        for (int number = 1; ; number++) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "?page=" + number))
                    .build();
            try (InputStream body =
                    client.send(request, BodyHandlers.ofInputStream()).body()) {
                List<Map<String, Object>> items = JSON.readValue(body, ANSWER).get("items");
                if (items.isEmpty()) return read;
                read += items.size();
            }
        }
    }

    @Override
    public void close() {
        context.stop();
        server.stop(0);
        threads.shutdownNow();
    }
}
