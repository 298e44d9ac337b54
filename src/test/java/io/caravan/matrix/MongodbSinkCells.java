package io.caravan.matrix;

import io.caravan.local.TestStores;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code mongodb-sink} on the stand-in. */
final class MongodbSinkCells implements Supplier<List<Connector.Sink>> {

    @Override
    public List<Connector.Sink> get() {
        return List.of(new Connector.Sink() {
            @Override
            public String name() {
                return "mongodb-sink";
            }

            @Override
            public String kamelet() {
                return "mongodb-sink";
            }

            @Override
            public Map<String, String> parameters(String cell) {
                return Map.of(
                        "uri", TestStores.mongo().uri(), "database", "matrix", "collection", cell, "exclude", "_id");
            }
        });
    }
}
