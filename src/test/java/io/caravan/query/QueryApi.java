package io.caravan.query;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collection;
import java.util.Properties;
import org.apache.camel.main.Main;

/** The routes of the query API as they ship, on plain Camel and a free port, and a client that asks them. */
public final class QueryApi implements AutoCloseable {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Main main = new Main();
    final int port = freePort();

    public QueryApi(Properties settings) throws Exception {
        Properties all = new Properties();
        all.putAll(settings);
        // beside routes of the test's own
        all.merge(
                "camel.main.routes-include-pattern",
                "classpath:routes/query/*.camel.yaml",
                (own, shipped) -> own + "," + shipped);
        all.setProperty("camel.server.enabled", "true");
        all.putIfAbsent("caravan.api.warmUpMillis", "0");
        all.setProperty("caravan.api.port", Integer.toString(port));
        main.setOverrideProperties(all);
        main.start();
    }

    public HttpResponse<String> get(String pathAndQuery, String... headers) {
        return send("GET", pathAndQuery, headers);
    }

    HttpResponse<String> send(String method, String pathAndQuery, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + pathAndQuery))
                .method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        return send(request.build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(request + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The bean of this type that the routes have. */
    <T> T bean(Class<T> type) {
        return main.getCamelContext().getRegistry().findSingleByType(type);
    }

    /** The questions to the graph that the routes have. */
    Collection<AskGraph> graphQuestions() {
        return main.getCamelContext().getRegistry().findByType(AskGraph.class);
    }

    @Override
    public void close() {
        main.stop();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
