package io.caravan.message;

import io.caravan.endpoint.TestContext;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;

/** Sinks of endpoints as the Kamelet makes them, and records for them. */
final class EndpointSinks {

    private String send = "record";
    private String body = "json";
    private String headers = "";
    private String keyHeader = "";
    private String deletes = "tombstone";
    private String unavailable = "";
    private String refused = "";
    private int batchSize = 500;

    EndpointSinks batches(int size) {
        send = "batch";
        batchSize = size;
        return this;
    }

    EndpointSinks body(String form) {
        body = form;
        return this;
    }

    EndpointSinks headers(String fixed) {
        headers = fixed;
        return this;
    }

    EndpointSinks keyHeader(String name) {
        keyHeader = name;
        return this;
    }

    EndpointSinks deletes(String how) {
        deletes = how;
        return this;
    }

    EndpointSinks unavailable(String names) {
        unavailable = names;
        return this;
    }

    EndpointSinks refused(String names) {
        refused = names;
        return this;
    }

    EndpointSink to(String uri) {
        return TestContext.knownTo(made(uri));
    }

    EndpointSink to(CamelContext context, String uri) {
        EndpointSink sink = made(uri);
        sink.setCamelContext(context);
        return sink;
    }

    private EndpointSink made(String uri) {
        Messages messages = new Messages(
                "events", "orders", send, batchSize, body, headers, keyHeader, "Idempotency-Key", deletes, "deleted");
        return new EndpointSink("events", uri, messages, unavailable, refused);
    }

    static List<Record> records(int count) {
        return IntStream.range(0, count).mapToObj(i -> record("k" + i, "n" + i)).toList();
    }

    static Record record(String key, Object name) {
        return Record.read(
                        key,
                        Fields.of("id", "name"),
                        new Object[] {key, name},
                        new Origin("a.csv", 1),
                        new Hash(1, key.hashCode()))
                .changedIn(5);
    }

    static Record gone(String key) {
        return Record.tombstone(key, Fields.of("id"), new Object[] {key}, 6);
    }
}
