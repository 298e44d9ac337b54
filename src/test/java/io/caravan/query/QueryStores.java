package io.caravan.query;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.Sink;
import io.caravan.graph.Neo4jSink;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Runs;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.vector.LuceneSink;
import io.caravan.warehouse.WarehouseSink;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Real stores with what the personalization pipeline would write into them, and the settings that lead to them. */
final class QueryStores {

    static final int DIMENSIONS = 384;

    private static final Fields FIELDS =
            Fields.of("record_id", "user_id", "message", "campaign", "timestamp", "text_embedding");

    final Endpoint database = TestStores.freshDatabase();
    final Endpoint graph = TestNeo4j.endpoint();
    final Path vectors;

    QueryStores(Path folder) {
        vectors = folder.resolve("vectors");
        TestNeo4j.clear();
    }

    static Record event(String id, String user, String campaign, String time, float... vector) {
        float[] whole = new float[DIMENSIONS];
        System.arraycopy(vector, 0, whole, 0, vector.length);
        Object[] values = {id, user, "text", campaign, Instant.parse(time), whole};
        return Record.read(id, FIELDS, values, new Origin("events.csv", 1), Hash.NONE);
    }

    void write(List<Record> events) throws Exception {
        try (LuceneSink lucene = new LuceneSink(
                        "v", vectors.toString(), "user_data", "record_id", "text_embedding", 384, "user_id", 1);
                Neo4jSink neo4j = knownTo(new Neo4jSink(
                        "g",
                        graph.uri(),
                        graph.user(),
                        graph.password(),
                        "",
                        "routes/personalization/graph.yaml",
                        10_000,
                        60_000));
                WarehouseSink warehouse = new WarehouseSink(
                        "w",
                        database.uri(),
                        database.user(),
                        database.password(),
                        "public",
                        "routes/personalization/warehouse.yaml",
                        5_000,
                        60_000)) {
            for (Sink sink : List.of(lucene, neo4j, warehouse))
                assertThat(sink.write(events)).isEmpty();
        }
    }

    /** What the ledger knows after a run of the pipeline that ended so. */
    void run(String pipeline, String mode, String status) {
        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password())) {
            new PlainTransactions(ledger).in(c -> {
                Flow flow = Flows.of(c, pipeline);
                Runs.finish(c, Runs.start(c, flow, mode), status, 1, "", Map.of());
                return null;
            });
        }
    }

    Properties settings() {
        Properties settings = new Properties();
        settings.setProperty("caravan.ledger.uri", database.uri());
        settings.setProperty("caravan.ledger.user", database.user());
        settings.setProperty("caravan.ledger.password", database.password());
        settings.setProperty("caravan.warehouse.uri", database.uri());
        settings.setProperty("caravan.warehouse.user", database.user());
        settings.setProperty("caravan.warehouse.password", database.password());
        settings.setProperty("caravan.graph.uri", graph.uri());
        settings.setProperty("caravan.graph.user", graph.user());
        settings.setProperty("caravan.graph.password", graph.password());
        settings.setProperty("caravan.vectors.path", vectors.toString());
        return settings;
    }
}
