package io.caravan.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/**
 * BigQuery's REST interface that counts the rows of load jobs and keeps none, so that the client is what is measured. Tables
 * are what was created; a job is done when it is accepted.
 */
final class ForgetfulBigQuery implements AutoCloseable {

    static final String PROJECT = "bench-project";
    static final String DATASET = "bench";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = "/bigquery/v2/projects/" + PROJECT;

    private final Map<String, ObjectNode> tables = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> jobs = new ConcurrentHashMap<>();
    private final AtomicLong rows = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private ObjectNode uploading;

    ForgetfulBigQuery() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String host() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Rows that load jobs brought since {@link #clear}. */
    long rows() {
        return rows.get();
    }

    void clear() {
        rows.set(0);
        tables.clear();
        jobs.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("PUT")) {
                upload(exchange);
                return;
            }
            boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream in = exchange.getRequestBody();
            byte[] body = (packed ? new GZIPInputStream(in) : in).readAllBytes();
            ObjectNode sent = body.length == 0 ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(body);
            if (path.startsWith("/upload/")) {
                uploading = sent;
                exchange.getResponseHeaders().add("Location", host() + "/upload" + BASE + "/jobs?upload_id=1");
                answer(exchange, 200, JSON.createObjectNode());
            } else if (path.equals(BASE + "/jobs")) {
                answer(exchange, 200, accept(sent));
            } else if (path.startsWith(BASE + "/jobs/")) {
                answer(exchange, jobs.get(path.substring((BASE + "/jobs/").length())));
            } else if (path.equals(BASE + "/datasets/" + DATASET)) {
                ObjectNode dataset = JSON.createObjectNode().put("location", "EU");
                dataset.putObject("datasetReference").put("projectId", PROJECT).put("datasetId", DATASET);
                answer(exchange, 200, dataset);
            } else {
                table(exchange, path.replaceFirst(".*/tables/?", ""), sent);
            }
        }
    }

    private void table(HttpExchange exchange, String id, ObjectNode sent) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            tables.put(sent.at("/tableReference/tableId").asText(), sent.put("type", "TABLE"));
            answer(exchange, 200, sent);
        } else if (exchange.getRequestMethod().equals("DELETE")) {
            tables.remove(id);
            exchange.sendResponseHeaders(204, -1);
        } else {
            answer(exchange, tables.get(id));
        }
    }

    private void upload(HttpExchange exchange) throws IOException {
        byte[] buffer = new byte[64 << 10];
        InputStream in = exchange.getRequestBody();
        long found = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            for (int i = 0; i < n; i++) if (buffer[i] == '\n') found++;
        }
        rows.addAndGet(found);
        boolean more = exchange.getRequestHeaders().getFirst("Content-Range").endsWith("/*");
        if (more) exchange.sendResponseHeaders(308, -1);
        else answer(exchange, 200, accept(uploading));
    }

    private ObjectNode accept(ObjectNode job) {
        job.putObject("status").put("state", "DONE");
        job.putObject("statistics").put("creationTime", Long.toString(System.currentTimeMillis()));
        jobs.put(job.at("/jobReference/jobId").asText(), job);
        return job;
    }

    private static void answer(HttpExchange exchange, ObjectNode found) throws IOException {
        if (found != null) {
            answer(exchange, 200, found);
            return;
        }
        ObjectNode error = JSON.createObjectNode();
        error.putObject("error").put("code", 404).put("message", "Not found");
        answer(exchange, 404, error);
    }

    private static void answer(HttpExchange exchange, int status, ObjectNode json) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(json);
        exchange.getResponseHeaders().add("Content-Type", "application/json; charset=UTF-8");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
