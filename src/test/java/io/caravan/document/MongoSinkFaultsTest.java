package io.caravan.document;

import io.caravan.FaultProxy;
import io.caravan.delivery.SinkFaults;
import io.caravan.endpoint.TestContext;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MongoSinkFaultsTest {

    private static final Fields FIELDS = Fields.of("id", "version", "text");

    @Test
    void nothingIsLostAndNothingIsThereTwiceWhateverTheNetworkDoes() throws IOException {
        String uri = TestStores.mongo().uri();
        try (FaultProxy proxy = new FaultProxy(uri.replace("mongodb://", ""));
                MongoSink broken = sink("mongodb://" + proxy.address());
                MongoSink direct = sink(uri)) {
            new SinkFaults(
                            (key, n) -> Record.read(
                                    key,
                                    FIELDS,
                                    new Object[] {key, (long) n, "x".repeat(n % 500)},
                                    new Origin("a", n),
                                    Hash.NONE),
                            key -> Record.tombstone(key, Fields.of("id"), new Object[] {key}, 1))
                    .survives(proxy, broken, direct, 3);
        }
    }

    private static MongoSink sink(String uri) {
        return TestContext.knownTo(
                new MongoSink("documents", uri, "", "", "document_faults", "rows", "", "", "remove", 5_000, 10_000));
    }
}
