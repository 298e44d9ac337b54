package io.caravan.graph;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.TestNeo4j;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that have a key and nothing else, as most of a graph of who knows whom. */
class KeyOnlyNodesTest {

    private static final Fields FIELDS = Fields.of("id", "cust_id");

    @Test
    void aNodeWithAKeyAndNoOtherPropertyIsWrittenComparedAndDeleted(@TempDir Path folder) throws Exception {
        TestNeo4j.clear();
        Path mapping = Files.writeString(folder.resolve("graph.yaml"), """
                record: order
                nodes:
                  order: { label: KeyOrder, key: id }
                  cust: { label: KeyCust, key: cust_id, field: cust_id }
                relationships:
                  - { from: cust, type: BOUGHT, to: order }
                """);
        try (Neo4jSink sink = knownTo(new Neo4jSink(
                "graph",
                TestNeo4j.endpoint().uri(),
                "neo4j",
                TestNeo4j.endpoint().password(),
                "neo4j",
                mapping.toString(),
                5_000,
                60_000))) {
            Record order = Record.read("7", FIELDS, new Object[] {"7", "c1"}, new Origin("a.jsonl", 1), Hash.NONE);
            assertThat(sink.write(List.of(order))).isEmpty();
            assertThat(sink.keys()).containsExactly("7");
            assertThat(sink.differing(List.of(order))).isEmpty();
            Record moved = Record.read("7", FIELDS, new Object[] {"7", "c2"}, new Origin("a.jsonl", 1), Hash.NONE);
            assertThat(sink.differing(List.of(moved))).containsExactly("7");
            assertThat(sink.write(List.of(moved))).isEmpty();
            assertThat(sink.differing(List.of(moved))).isEmpty();
        }
    }
}
