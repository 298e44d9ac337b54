package io.caravan.graph;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.Hostile;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.Session;

/** Names of fields that mean to do harm are no properties, labels or Cypher: the mapping alone names what is kept. */
class HostileFieldsTest {

    @Test
    void fieldsThatTheMappingDoesNotNameAreLeftOutAndValuesReadBack() {
        List<String> names = Hostile.names(1_000);
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) records.add(record("k" + i, names.get(i)));
        Endpoint endpoint = TestNeo4j.endpoint();
        TestNeo4j.clear();
        try (Neo4jSink sink = knownTo(new Neo4jSink(
                        "graph",
                        endpoint.uri(),
                        endpoint.user(),
                        endpoint.password(),
                        "neo4j",
                        "classpath:routes/personalization/graph.yaml",
                        10_000,
                        60_000));
                Session session = TestNeo4j.driver().session()) {
            Map<Record, String> refused = Hostile.deliver(sink, records);
            // blank campaigns are no refusal; half surrogate pairs are
            assertThat(refused).hasSizeBetween(3, 200);
            List<Record> taken =
                    records.stream().filter(r -> !refused.containsKey(r)).toList();
            assertThat(sink.differing(taken)).isEmpty();
            session.run("MATCH (e:Event) RETURN e").forEachRemaining(row -> {
                Map<String, Object> properties = row.get("e").asMap();
                int i = Integer.parseInt(properties.get("record_id").toString().substring(1));
                assertThat(properties).isEqualTo(Map.of("record_id", "k" + i, "message", names.get(i)));
            });
            assertThat(session.run("MATCH (n) UNWIND labels(n) AS l RETURN DISTINCT l ORDER BY l")
                            .list(row -> row.get("l").asString()))
                    .containsExactly("Campaign", "Event", "User");
            assertThat(session.run("MATCH (e:Event) RETURN count(e) AS n")
                            .single()
                            .get("n")
                            .asInt())
                    .isEqualTo(taken.size());
        }
    }

    private static Record record(String key, String hostile) {
        return Record.read(
                key,
                Fields.of("record_id", "user_id", "message", "campaign", hostile, "nested"),
                new Object[] {key, "u", hostile, hostile, hostile, Map.of(hostile, hostile)},
                new Origin("a", 1),
                Hash.NONE);
    }
}
