package io.caravan.bench;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.delivery.Sink;
import io.caravan.document.MongoSink;

/** A collection of the MongoDB stand-in. */
final class DocumentWriting implements Writing {

    private static final String DATABASE = "bench_writing";

    private final String uri;
    private final MongoClient client;

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

    /** The stand-in would need minutes for a million documents. */
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
        return new MongoSink("documents", uri, "", "", DATABASE, "orders", "", 5_000, 60_000);
    }

    @Override
    public long held() {
        return client.getDatabase(DATABASE).getCollection("orders").countDocuments();
    }

    @Override
    public void close() {
        empty();
        client.close();
    }
}
