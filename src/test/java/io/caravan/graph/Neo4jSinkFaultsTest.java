package io.caravan.graph;

import static io.caravan.endpoint.TestContext.knownTo;

import io.caravan.FaultProxy;
import io.caravan.delivery.SinkFaults;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class Neo4jSinkFaultsTest {

    private static final Fields FIELDS = Fields.of("record_id", "user_id", "message", "campaign", "timestamp");
    private static final Instant NOON = Instant.parse("2025-11-03T12:00:00.123456Z");

    @Test
    void nothingIsLostAndNothingIsThereTwiceWhateverTheNetworkDoes() throws IOException {
        Endpoint endpoint = TestNeo4j.endpoint();
        TestNeo4j.clear();
        String server = endpoint.uri().replaceFirst("^[a-z0-9+]*://", "");
        try (FaultProxy proxy = new FaultProxy(server);
                Neo4jSink broken = sink(endpoint, "bolt://" + proxy.address());
                Neo4jSink direct = sink(endpoint, endpoint.uri())) {
            new SinkFaults(
                            (key, n) -> Record.read(
                                    key,
                                    FIELDS,
                                    new Object[] {key, "user " + n % 7, "text " + n, "campaign " + n % 5, NOON},
                                    new Origin("a", n),
                                    Hash.NONE),
                            key -> Record.tombstone(key, Fields.of("record_id"), new Object[] {key}, 1))
                    // the driver tries again by itself, a second later
                    .survives(proxy, broken, direct, 1);
        }
    }

    private static Neo4jSink sink(Endpoint endpoint, String uri) {
        return knownTo(new Neo4jSink(
                "graph",
                uri,
                endpoint.user(),
                endpoint.password(),
                "neo4j",
                "classpath:routes/personalization/graph.yaml",
                10_000,
                60_000));
    }
}
