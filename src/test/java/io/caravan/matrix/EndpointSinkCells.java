package io.caravan.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.http.ApiServer;
import io.caravan.message.Mailbox;
import io.caravan.message.Mailboxes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * {@code endpoint-sink} by HTTP, and on servers of Kafka, JMS, SFTP, SQS and mail, each with another form of message. Nobody can ask an
 * endpoint what it holds: what arrived there is read by Camel's own consumer, message by message.
 */
final class EndpointSinkCells implements Supplier<List<Connector.Sink>> {

    private static final long LONGEST_WAIT_MILLIS = 20_000;
    /** For a consumer that polls, and would begin after a second. */
    private static final String AT_ONCE = "&initialDelay=0&delay=20";

    @Override
    public List<Connector.Sink> get() {
        return List.of(
                new Lines(),
                new Box(
                        "Kafka, a record",
                        "kafka",
                        "&maxRequestSize=10000000&compressionCodec=gzip",
                        "&autoOffsetReset=earliest",
                        Map.of()),
                new Box("JMS (Artemis), batches of json", "jms", "", "", Map.of("send", "batch")),
                new Box(
                        "SFTP (Apache MINA), a file of jsonl",
                        "sftp",
                        "&fileName=all.jsonl&fileExist=Append",
                        "",
                        Map.of("send", "batch", "body", "jsonl")),
                new Box(
                        "SQS (moto), batches of jsonl",
                        "sqs",
                        "",
                        "&maxMessagesPerPoll=10" + AT_ONCE,
                        Map.of("send", "batch", "body", "jsonl")),
                new Box(
                        "mail (GreenMail), batches of json",
                        "imap",
                        "&subject=orders",
                        "&closeFolder=false" + EndpointSourceCells.WHOLE_MAILS + AT_ONCE,
                        Map.of("send", "batch")));
    }

    /** What messages say in all: by key, the size of each record of which the newest did not say that it is gone. */
    private static final class Told {

        private final Map<String, String> sizes = new TreeMap<>();

        synchronized void add(String body) throws IOException {
            try (MappingIterator<JsonNode> records =
                    new ObjectMapper().readerFor(JsonNode.class).readValues(body)) {
                while (records.hasNext()) {
                    JsonNode record = records.next();
                    String key = record.get("id").asText();
                    if (record.path("deleted").asBoolean()) sizes.remove(key);
                    else sizes.put(key, record.get("size").asText());
                }
            }
        }

        synchronized Map<String, String> sizes() {
            return Map.copyOf(sizes);
        }
    }

    private static final class Lines implements Connector.Sink {

        private final Map<String, Told> told = new ConcurrentHashMap<>();
        private final ApiServer server = new ApiServer(exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            at(exchange.getRequestURI().getPath()).add(body);
            ApiServer.answer(exchange, 200, "");
        });

        private Told at(String path) {
            return told.computeIfAbsent(path, p -> new Told());
        }

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

        @Override
        public void assertTold(String cell, Map<String, String> sizes) {
            assertThat(at("/" + cell).sizes()).isEqualTo(sizes);
        }
    }

    /** A place on a server, of its own for each cell. */
    private static final class Box implements Connector.Sink {

        private final Map<String, Mailbox> places = new ConcurrentHashMap<>();
        private final String name;
        private final String kind;
        private final String sending;
        private final String reading;
        private final Map<String, String> form;

        /** {@code sending} and {@code reading}: options of its URI. */
        Box(String name, String kind, String sending, String reading, Map<String, String> form) {
            this.name = name;
            this.kind = kind;
            this.sending = sending;
            this.reading = reading;
            this.form = form;
        }

        @Override
        public String name() {
            return "endpoint-sink: " + name;
        }

        @Override
        public String kamelet() {
            return "endpoint-sink";
        }

        @Override
        public boolean always(Connector source) {
            boolean twice = !kind.equals("sqs") && !kind.equals("imap");
            return source.name().equals("objects-source: file, csv")
                    || (twice && source.name().startsWith("jdbc-source"));
        }

        @Override
        public boolean verifiable() {
            return false;
        }

        /** SQS takes a message of 256 KiB at most, and a server of mail is not quick with long ones. */
        @Override
        public int longestText() {
            return Map.of("sqs", 30_000, "imap", 100_000).getOrDefault(kind, 1 << 20);
        }

        @Override
        public void bindTo(CamelContext camel) throws Exception {
            Mailboxes.bindTo(camel);
        }

        @Override
        public Map<String, String> parameters(String cell) throws Exception {
            Mailbox place = EndpointSourceCells.fresh(kind);
            places.put(cell, place);
            Map<String, String> parameters = new TreeMap<>(form);
            parameters.put("uri", "RAW{" + place.target() + sending + "}");
            return parameters;
        }

        @Override
        public void assertTold(String cell, Map<String, String> sizes) throws Exception {
            Told told = new Told();
            try (DefaultCamelContext camel = new DefaultCamelContext()) {
                bindTo(camel);
                camel.start();
                try (ConsumerTemplate consumer = camel.createConsumerTemplate()) {
                    while (!told.sizes().equals(sizes)) {
                        Exchange message = consumer.receive(places.get(cell).uri() + reading, LONGEST_WAIT_MILLIS);
                        if (message == null) break;
                        told.add(message.getMessage().getBody(String.class));
                        consumer.doneUoW(message);
                    }
                }
            }
            assertThat(told.sizes()).isEqualTo(sizes);
        }
    }
}
