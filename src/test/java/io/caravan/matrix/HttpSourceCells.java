package io.caravan.matrix;

import io.caravan.http.StatefulApi;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code http-source} on an API that lists by cursor, in pages of a hundred. */
final class HttpSourceCells implements Supplier<List<Connector.Source>> {

    @Override
    public List<Connector.Source> get() {
        return List.of(new Api());
    }

    private static final class Api implements Connector.Source {

        private final StatefulApi api = new StatefulApi();

        @Override
        public String name() {
            return "http-source: cursor";
        }

        @Override
        public String kamelet() {
            return "http-source";
        }

        @Override
        public Map<String, String> holding(List<Map<String, Object>> rows) {
            api.held.clear();
            rows.forEach(row -> api.held.put((String) row.get("id"), StatefulApi.JSON.valueToTree(row)));
            return Map.of(
                    "url", api.server.url("/things"),
                    "recordsPath", "items",
                    "keyFields", "id",
                    "paging", "cursor",
                    "nextPath", "cursor",
                    "pageParameter", "after");
        }
    }
}
