package io.caravan.matrix;

import io.caravan.endpoint.TestContext;
import io.caravan.message.AmazonMailboxes;
import io.caravan.message.Mailbox;
import io.caravan.message.Mailboxes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/**
 * {@code endpoint-source}: files and mails that hold many records, and messages of Kafka and JMS of which each is one. What is gone, a
 * message says.
 */
final class EndpointSourceCells implements Supplier<List<Connector.Source>> {

    /** GreenMail makes a mail anew for each piece of 16 KiB that is asked for otherwise. */
    static final String WHOLE_MAILS = "&fetchSize=-1";

    @Override
    public List<Connector.Source> get() {
        return List.of(
                new Messages("file, jsonl", "file", Set.of("warehouse-sink", "objects-sink: file, jsonl")),
                new Messages("Kafka, record", "kafka", Set.of("warehouse-sink")),
                new Messages("JMS (Artemis), record", "jms", Set.of("warehouse-sink")),
                new Messages("SFTP (Apache MINA), jsonl", "sftp", Set.of("warehouse-sink")),
                new Messages("SQS (moto), jsonl", "sqs", Set.of("warehouse-sink")),
                new Messages("mail (GreenMail), jsonl", "imap", Set.of("warehouse-sink")));
    }

    /** A place of its own on the real server of that kind. */
    static Mailbox fresh(String kind) throws Exception {
        return kind.equals("sqs") ? AmazonMailboxes.orderedQueue() : Mailboxes.fresh(kind, TestContext.get());
    }

    private static final class Messages implements Connector.Source {

        /** A message of SQS has 256 KiB at most, less than what a run has to tell. */
        private static final int MOST_CHARACTERS_OF_SQS = 100_000;

        private final String name;
        private final String kind;
        /** The sinks that every run of the matrix tries it with. */
        private final Set<String> few;

        private Mailbox box;
        /** By key, what the messages so far say that there is. */
        private Map<Object, Map<String, Object>> told;

        Messages(String name, String kind, Set<String> few) {
            this.name = name;
            this.kind = kind;
            this.few = few;
        }

        @Override
        public String name() {
            return "endpoint-source: " + name;
        }

        /** What a message holds. */
        private String format() {
            return name.substring(name.lastIndexOf(' ') + 1);
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

        /** SQS takes a message of 256 KiB, Kafka one of a megabyte, and a server of mail is not quick with long ones. */
        @Override
        public int longestText() {
            return Map.of("sqs", 30_000, "kafka", 100_000, "imap", 100_000).getOrDefault(kind, 1 << 20);
        }

        @Override
        public void bindTo(CamelContext camel) throws Exception {
            Mailboxes.bindTo(camel);
        }

        @Override
        public void begin() throws Exception {
            box = fresh(kind);
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
            if (format().equals("record")) {
                for (Object key : news) box.send(key.toString(), Json.text(now.get(key)));
                // a message of Kafka without a body has the key's fields as its key
                for (Object key : gone) {
                    if (kind.equals("kafka")) box.send(Json.text(Map.of("id", key)), null);
                    else box.send(key.toString(), Json.text(gone(key)));
                }
            } else {
                StringBuilder lines = new StringBuilder();
                for (Object key : news) line(lines, now.get(key));
                for (Object key : gone) line(lines, gone(key));
                if (lines.length() > 0) box.send("more", lines.toString());
            }
            told = now;
            return Map.of(
                    "uri", "RAW{" + box.uri() + (kind.equals("imap") ? WHOLE_MAILS : "") + "}",
                    "format", format(),
                    "keyFields", "id",
                    "deletedField", "op=d",
                    "messages", "5000",
                    "idleMillis", "300");
        }

        private static Map<String, Object> gone(Object key) {
            return Map.of("id", key, "op", "d");
        }

        private void line(StringBuilder lines, Map<String, Object> row) throws Exception {
            String line = Json.text(row);
            if (kind.equals("sqs") && lines.length() + line.length() > MOST_CHARACTERS_OF_SQS) {
                box.send("more", lines.toString());
                lines.setLength(0);
            }
            lines.append(line).append('\n');
        }
    }
}
