package io.caravan.matrix;

import io.caravan.http.StatefulApi;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code http-sink} on an API that can list what it holds: record by record, and in batches with results. */
final class HttpSinkCells implements Supplier<List<Connector.Sink>> {

    @Override
    public List<Connector.Sink> get() {
        return List.of(
                new Api("record", Map.of()),
                new Api(
                        "batch",
                        Map.of(
                                "mode", "batch",
                                "method", "POST",
                                "deletes", "tombstone",
                                "results", "key",
                                "resultsPath", "results",
                                "resultKeyField", "id",
                                "messagePath", "why")));
    }

    private record Api(String mode, Map<String, String> settings) implements Connector.Sink {

        @Override
        public String name() {
            return "http-sink: " + mode;
        }

        @Override
        public String kamelet() {
            return "http-sink";
        }

        @Override
        public Map<String, String> parameters(String cell) {
            String things = new StatefulApi().server.url("/things");
            Map<String, String> parameters = new LinkedHashMap<>(settings);
            parameters.putAll(Map.of(
                    "url", things,
                    "readUrl", things,
                    "readRecordsPath", "items",
                    "readKeyFields", "id",
                    "paging", "cursor",
                    "nextPath", "cursor",
                    "pageParameter", "after"));
            return parameters;
        }
    }
}
