package io.caravan.matrix;

import io.caravan.http.ApiServer;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code endpoint-sink} by HTTP, lines of JSON in a message: nobody can ask an endpoint what it holds. */
final class EndpointSinkCells implements Supplier<List<Connector.Sink>> {

    @Override
    public List<Connector.Sink> get() {
        return List.of(new Lines());
    }

    private static final class Lines implements Connector.Sink {

        private final ApiServer server = new ApiServer(exchange -> {
            exchange.getRequestBody().readAllBytes();
            ApiServer.answer(exchange, 200, "");
        });

        @Override
        public String name() {
            return "endpoint-sink: HTTP, batches of jsonl";
        }

        @Override
        public String kamelet() {
            return "endpoint-sink";
        }

        @Override
        public boolean verifiable() {
            return false;
        }

        @Override
        public Map<String, String> parameters(String cell) {
            return Map.of("uri", server.url("/" + cell), "send", "batch", "body", "jsonl");
        }
    }
}
