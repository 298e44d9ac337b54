package io.caravan.matrix;

import io.caravan.http.ApiServer;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code notify-sink} by HTTP POST: it holds nothing that could be verified. */
final class NotifySinkCells implements Supplier<List<Connector.Sink>> {

    @Override
    public List<Connector.Sink> get() {
        return List.of(new Post());
    }

    private static final class Post implements Connector.Sink {

        private final ApiServer server = new ApiServer(exchange -> {
            exchange.getRequestBody().readAllBytes();
            ApiServer.answer(exchange, 200, "");
        });

        @Override
        public String name() {
            return "notify-sink: HTTP";
        }

        @Override
        public String kamelet() {
            return "notify-sink";
        }

        @Override
        public boolean verifiable() {
            return false;
        }

        @Override
        public Map<String, String> parameters(String cell) {
            return Map.of("pipeline", cell, "channel", "http", "target", server.url("/hook"));
        }
    }
}
