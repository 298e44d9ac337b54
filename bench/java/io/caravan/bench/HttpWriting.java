package io.caravan.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.delivery.Sink;
import io.caravan.http.BatchResults;
import io.caravan.http.HttpApi;
import io.caravan.http.HttpReads;
import io.caravan.http.HttpRequests;
import io.caravan.http.HttpSink;
import io.caravan.http.Paging;
import io.caravan.record.Record;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/** An API in this JVM that answers at once; the bare client is the JDK's with Jackson, as many requests at a time. */
final class HttpWriting implements Writing {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BATCH = 500;
    private static final int CONCURRENCY = 8;
    private static final int RETRIES = 5;

    private final boolean batches;
    private final CamelContext context = new DefaultCamelContext();
    private final ForgetfulApi server = new ForgetfulApi();

    /** As the Kamelet has it: {@code record} or {@code batch}. */
    HttpWriting(String mode) throws IOException {
        this.batches = mode.equals("batch");
    }

    @Override
    public String name() {
        return batches ? "http-sink, 500 records a request" : "http-sink, a request a record";
    }

    @Override
    public int rated() {
        return batches ? 1_000_000 : 20_000;
    }

    @Override
    public int keys() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void empty() {
        server.requests();
    }

    @Override
    public Bare bare() {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService threads = Executors.newFixedThreadPool(CONCURRENCY);
        return new Bare() {
            @Override
            public void write(List<Record> batch) throws Exception {
                if (batches) {
                    List<Map<String, Object>> rows = new ArrayList<>(batch.size());
                    for (Record r : batch) rows.add(row(r));
                    send(client, "POST", server.url(), JSON.writeValueAsBytes(rows));
                    return;
                }
                List<Callable<Void>> requests = new ArrayList<>(batch.size());
                for (Record r : batch) {
                    requests.add(() -> {
                        send(client, "PUT", server.url() + "/" + r.key(), JSON.writeValueAsBytes(row(r)));
                        return null;
                    });
                }
                for (Future<Void> sent : threads.invokeAll(requests)) sent.get();
            }

            @Override
            public void close() {
                threads.shutdown();
            }
        };
    }

    private static void send(HttpClient client, String method, String url, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofByteArray(body))
                .build();
        for (int attempt = 0; ; attempt++) {
            try {
                int status = client.send(request, BodyHandlers.ofByteArray()).statusCode();
                if (status != 200) throw new IllegalStateException("status " + status);
                return;
            } catch (IOException e) {
                // the JDK's client now and then loses a connection that it takes from its pool
                if (attempt == RETRIES) throw e;
            }
        }
    }

    private static Map<String, Object> row(Record r) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < r.fields().size(); i++) {
            Object value = r.at(i);
            row.put(r.fields().names().get(i), value instanceof Instant ? value.toString() : value);
        }
        return row;
    }

    @Override
    public Sink sink() {
        HttpApi api = new HttpApi("api", server.url(), "none", "", "", "", 0, 5_000, 60_000, RETRIES, 1, 120_000);
        context.start();
        api.setCamelContext(context);
        HttpRequests requests = new HttpRequests(
                "api",
                batches ? "batch" : "record",
                batches ? "POST" : "PUT",
                "/{key}",
                "",
                batches ? "tombstone" : "request",
                "deleted",
                "Idempotency-Key");
        BatchResults results = new BatchResults("api", "none", "", "key", "status", "ok", "message");
        Paging paging = new Paging("api", "none", "", "", "", "", 100, "empty", 100_000);
        HttpReads reads = new HttpReads("api", "", paging, "", "");
        return new HttpSink("api", api, requests, results, reads, BATCH, CONCURRENCY, 16 << 20, "");
    }

    @Override
    public long held() {
        return server.requests() * (batches ? BATCH : 1);
    }

    @Override
    public boolean countsRequests() {
        return true;
    }

    @Override
    public void close() {
        context.stop();
        server.close();
    }
}
