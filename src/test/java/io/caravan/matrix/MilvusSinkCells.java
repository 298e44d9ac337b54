package io.caravan.matrix;

import io.caravan.Peers;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code milvus-sink} on Milvus Lite. */
final class MilvusSinkCells implements Supplier<List<Connector.Sink>> {

    @Override
    public List<Connector.Sink> get() {
        return List.of(new Connector.Sink() {
            @Override
            public String name() {
                return "milvus-sink";
            }

            @Override
            public String kamelet() {
                return "milvus-sink";
            }

            @Override
            public Map<String, String> parameters(String cell) {
                return Map.of(
                        "uri", "http://" + Peers.address("milvus-lite"),
                        "collection", cell,
                        "keyField", "id",
                        "vectorField", "vector",
                        "dimensions", "384",
                        "fields", "topic");
            }

            @Override
            public boolean vectors() {
                return true;
            }
        });
    }
}
