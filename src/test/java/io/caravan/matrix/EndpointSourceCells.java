package io.caravan.matrix;

import io.caravan.endpoint.TestContext;
import io.caravan.message.Mailbox;
import io.caravan.message.Mailboxes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** {@code endpoint-source}: a file that holds many records, and messages of Kafka of which each is one. What is gone, a message says. */
final class EndpointSourceCells implements Supplier<List<Connector.Source>> {

    @Override
    public List<Connector.Source> get() {
        return List.of(
                new Messages("file", "jsonl", Set.of("warehouse-sink", "objects-sink: file, jsonl")),
                new Messages("Kafka", "record", Set.of("warehouse-sink")));
    }

    private static final class Messages implements Connector.Source {

        private final String kind;
        private final String format;
        /** The sinks that every run of the matrix tries it with. */
        private final Set<String> few;

        private Mailbox box;
        /** By key, what the messages so far say that there is. */
        private Map<Object, Map<String, Object>> told;

        Messages(String kind, String format, Set<String> few) {
            this.kind = kind;
            this.format = format;
            this.few = few;
        }

        @Override
        public String name() {
            return "endpoint-source: " + kind + ", " + format;
        }

        @Override
        public String kamelet() {
            return "endpoint-source";
        }

        @Override
        public boolean always(Connector sink) {
            return few.contains(sink.name());
        }

        @Override
        public boolean hasAllRows() {
            return false;
        }

        /** A server takes a message of a megabyte at most. */
        @Override
        public int longestText() {
            return format.equals("record") ? 100_000 : 1 << 20;
        }

        @Override
        public void begin() throws Exception {
            box = Mailboxes.fresh(kind.toLowerCase(java.util.Locale.ROOT), TestContext.get());
            told = new LinkedHashMap<>();
        }

        @Override
        public Map<String, String> holding(List<Map<String, Object>> rows) throws Exception {
            if (box == null) begin();
            Map<Object, Map<String, Object>> now = new LinkedHashMap<>();
            rows.forEach(row -> now.put(row.get("id"), new LinkedHashMap<>(row)));
            List<Object> news = new ArrayList<>(now.keySet());
            news.removeIf(key -> now.get(key).equals(told.get(key)));
            List<Object> gone = new ArrayList<>(told.keySet());
            gone.removeAll(now.keySet());
            if (format.equals("record")) {
                for (Object key : news) box.send(key.toString(), Json.text(now.get(key)));
                for (Object key : gone) box.send(Json.text(Map.of("id", key)), null);
            } else if (news.size() + gone.size() > 0) {
                StringBuilder lines = new StringBuilder();
                for (Object key : news) lines.append(Json.text(now.get(key))).append('\n');
                for (Object key : gone)
                    lines.append(Json.text(Map.of("id", key, "op", "d"))).append('\n');
                box.send("", lines.toString());
            }
            told = now;
            return Map.of(
                    "uri", "RAW{" + box.uri() + "}",
                    "format", format,
                    "keyFields", "id",
                    "deletedField", "op=d",
                    "messages", "5000",
                    "idleMillis", "300");
        }
    }
}
