package io.caravan.matrix;

import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code neo4j-sink} on Neo4j: a node a record, one a topic, and what joins them. */
final class Neo4jSinkCells implements Supplier<List<Connector.Sink>> {

    @Override
    public List<Connector.Sink> get() {
        return List.of(new Connector.Sink() {
            @Override
            public String name() {
                return "neo4j-sink";
            }

            @Override
            public String kamelet() {
                return "neo4j-sink";
            }

            @Override
            public Map<String, String> parameters(String cell) throws Exception {
                Path mapping = Files.createTempFile("matrix", ".yaml");
                mapping.toFile().deleteOnExit();
                Files.writeString(mapping, """
                        record: thing
                        nodes:
                          thing:
                            label: Thing_%1$s
                            key: id
                            properties: {text: text, big: big, amount: amount, at: at, day: day, size: size, note: note}
                          topic:
                            label: Topic_%1$s
                            key: topic
                        relationships:
                          - {from: thing, type: ABOUT, to: topic}
                        """.formatted(cell));
                Endpoint graph = TestNeo4j.endpoint();
                return Map.of(
                        "uri", graph.uri(),
                        "user", graph.user(),
                        "password", graph.password(),
                        "mapping", mapping.toString());
            }
        });
    }
}
