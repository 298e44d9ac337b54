package io.caravan.graph;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.neo4j.driver.Session;

/** Whatever comes in whatever order, the graph is the one that a naive model draws from the records of that moment. */
class GraphSupportTest {

    private static final String MAPPING = """
            record: mail
            nodes:
              mail: { label: Mail, key: id, properties: { text: text, time: time } }
              sender: { label: User, key: name, field: sender }
              receiver: { label: User, key: name, field: receiver, when: { receiver: present } }
              topic: { label: Topic, key: name, field: topics, when: { topics: present, text: [a, b] } }
            relationships:
              - { from: sender, type: WROTE, to: mail, properties: { how: text } }
              - { from: mail, type: GOT_BY, to: receiver }
              - { from: mail, type: ABOUT, to: topic }
              - from: sender
                type: KNOWS
                to: receiver
                properties: { since: { earliest: time }, until: { latest: time } }
              - { from: receiver, type: HEARD_OF, to: topic, properties: { first: { earliest: time } } }
              - { from: sender, type: TALKS_OF, to: topic }
            """;

    private static final Fields FIELDS = Fields.of("text", "time", "sender", "receiver", "topics");

    private static Neo4jSink sink;

    /** What comes: a mail, or a tombstone when {@code sender} is empty. */
    record Mail(String id, String text, Instant time, String sender, String receiver, List<String> topics) {

        Record record() {
            if (sender.isEmpty()) return Record.tombstone(id, Fields.of("id"), new Object[] {id}, 1);
            Object[] values = {text, time, sender, receiver, topics};
            return Record.read(id, FIELDS, values, new Origin("test", 1), Hash.NONE);
        }
    }

    @BeforeContainer
    static void open() throws IOException {
        Endpoint e = TestNeo4j.endpoint();
        Path mapping = Files.writeString(Files.createTempFile("graph", ".yaml"), MAPPING);
        sink = knownTo(
                new Neo4jSink("graph", e.uri(), e.user(), e.password(), "neo4j", mapping.toString(), 10_000, 60_000));
        Files.delete(mapping);
        TestNeo4j.clear();
    }

    @AfterContainer
    static void close() {
        sink.close();
    }

    @Property(tries = 40, shrinking = ShrinkingMode.BOUNDED)
    void theGraphIsWhatANaiveModelDraws(@ForAll("batches") List<List<Mail>> batches) {
        try (Session session = TestNeo4j.driver().session()) {
            session.run("MATCH (n) DETACH DELETE n").consume();
        }
        Map<String, Mail> present = new TreeMap<>();
        for (List<Mail> batch : batches) {
            Map<String, Mail> last = new LinkedHashMap<>();
            batch.forEach(mail -> last.put(mail.id(), mail));
            List<Record> records = last.values().stream().map(Mail::record).toList();

            assertThat(sink.write(records)).isEmpty();

            last.forEach((id, mail) -> {
                if (mail.sender().isEmpty()) present.remove(id);
                else present.put(id, mail);
            });
            List<String> drawn = drawing(present.values());
            assertThat(GraphDump.of()).isEqualTo(drawn);
            assertThat(sink.differing(records)).isEmpty();
            assertThat(sink.strays()).isEmpty();
            sink.write(records);
            assertThat(GraphDump.of()).isEqualTo(drawn);
        }
        assertThat(sink.keys()).containsExactlyInAnyOrderElementsOf(present.keySet());
    }

    @Provide
    Arbitrary<List<List<Mail>>> batches() {
        Arbitrary<String> people = Arbitraries.of("ann", "bob", "cy");
        Arbitrary<List<String>> topics = Arbitraries.of("x", "y").list().ofMaxSize(2);
        Arbitrary<Instant> times = Arbitraries.longs().between(0, 5).map(Instant::ofEpochSecond);
        Arbitrary<Mail> mails = Combinators.combine(
                        Arbitraries.of("1", "2", "3", "4", "5", "6"),
                        Arbitraries.of("a", "b", "c").injectNull(0.2),
                        times.injectNull(0.2),
                        Arbitraries.frequencyOf(Tuple.of(3, people), Tuple.of(1, Arbitraries.just(""))),
                        Arbitraries.of("ann", "bob", " ").injectNull(0.2),
                        topics)
                .as(Mail::new);
        return mails.list().ofMinSize(1).ofMaxSize(6).list().ofMinSize(1).ofMaxSize(6);
    }

    private static List<String> drawing(Iterable<Mail> mails) {
        TreeSet<String> shared = new TreeSet<>();
        List<String> lines = new ArrayList<>();
        Map<List<String>, List<Instant>> derived = new HashMap<>();
        for (Mail mail : mails) {
            Map<String, Object> properties = new HashMap<>(Map.of("id", mail.id()));
            if (mail.text() != null) properties.put("text", mail.text());
            if (mail.time() != null) properties.put("time", mail.time().atZone(ZoneOffset.UTC));
            String own = GraphDump.node("Mail", properties);
            String sender = GraphDump.node("User", Map.of("name", mail.sender()));
            boolean hasReceiver = mail.receiver() != null && !mail.receiver().isBlank();
            String receiver = hasReceiver ? GraphDump.node("User", Map.of("name", mail.receiver())) : "";
            lines.add(own);
            shared.add(sender);
            lines.add(
                    GraphDump.line(sender, "WROTE", mail.text() == null ? Map.of() : Map.of("how", mail.text()), own));
            if (hasReceiver) {
                shared.add(receiver);
                lines.add(GraphDump.line(own, "GOT_BY", Map.of(), receiver));
                support(derived, mail, sender, "KNOWS", receiver);
            }
            if (!"a".equals(mail.text()) && !"b".equals(mail.text())) continue;
            for (String name : new TreeSet<>(mail.topics())) {
                String topic = GraphDump.node("Topic", Map.of("name", name));
                shared.add(topic);
                lines.add(GraphDump.line(own, "ABOUT", Map.of(), topic));
                support(derived, mail, sender, "TALKS_OF", topic);
                if (hasReceiver) support(derived, mail, receiver, "HEARD_OF", topic);
            }
        }
        lines.addAll(shared);
        derived.forEach((ends, times) ->
                lines.add(GraphDump.line(ends.get(0), ends.get(1), kept(ends.get(1), times), ends.get(2))));
        Collections.sort(lines);
        return lines;
    }

    private static void support(
            Map<List<String>, List<Instant>> derived, Mail mail, String from, String type, String to) {
        List<Instant> times = derived.computeIfAbsent(List.of(from, type, to), ends -> new ArrayList<>());
        if (mail.time() != null) times.add(mail.time());
    }

    private static Map<String, Object> kept(String type, List<Instant> times) {
        if (times.isEmpty() || type.equals("TALKS_OF")) return Map.of();
        Object first = Collections.min(times).atZone(ZoneOffset.UTC);
        return type.equals("HEARD_OF")
                ? Map.of("first", first)
                : Map.of("since", first, "until", Collections.max(times).atZone(ZoneOffset.UTC));
    }
}
