package io.caravan.bench;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import io.caravan.delivery.Sink;
import io.caravan.document.MongoSink;
import io.caravan.endpoint.TestContext;

/** A collection of the MongoDB stand-in; heap is measured on one in this JVM's memory, which is ten times as fast. */
final class DocumentWriting implements Writing {

    private static final String DATABASE = "bench_writing";

    private final String uri;
    private final MongoClient client;
    private final MongoServer inMemory = new MongoServer(H2Backend.inMemory());

    DocumentWriting(String uri) {
        this.uri = uri;
        this.client = MongoClients.create(uri);
    }

    @Override
    public String name() {
        return "mongodb-sink";
    }

    @Override
    public int rated() {
        return 20_000;
    }

    /** So that the server in this JVM holds next to nothing. */
    @Override
    public int keys() {
        return 1_000;
    }

    @Override
    public void empty() {
        client.getDatabase(DATABASE).drop();
    }

    @Override
    public Bare bare() {
        return Bare.of(new PlainDocuments(uri, DATABASE));
    }

    @Override
    public Sink sink() {
        return sink(uri);
    }

    @Override
    public Sink heapSink() {
        if (inMemory.getLocalAddress() == null) inMemory.bind();
        return sink("mongodb://127.0.0.1:" + inMemory.getLocalAddress().getPort());
    }

    private static Sink sink(String uri) {
        return TestContext.knownTo(
                new MongoSink("documents", uri, "", "", DATABASE, "orders", "", "", "remove", 5_000, 60_000));
    }

    @Override
    public long held() {
        return client.getDatabase(DATABASE).getCollection("orders").countDocuments();
    }

    @Override
    public void close() {
        empty();
        client.close();
        inMemory.shutdownNow();
    }
}
