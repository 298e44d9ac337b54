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
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.Session;

/** The numbers of a property, on a real Neo4j: node, shared node, relationship, list. */
class GraphNumbersTest {

    private static final Fields FIELDS = Fields.of("id", "price", "shop");

    private final Endpoint endpoint = TestNeo4j.endpoint();
    private final List<Neo4jSink> sinks = new ArrayList<>();

    @TempDir
    Path folder;

    private Neo4jSink sink;

    @BeforeEach
    void open() throws IOException {
        TestNeo4j.clear();
        sink = sink("price");
    }

    @AfterEach
    void close() {
        sinks.forEach(Neo4jSink::close);
        TestNeo4j.clear();
    }

    @Test
    void wholeNumbersAndDecimalsOfAPropertyAreOneType() {
        List<Record> batch = List.of(record("1", 10L), record("2", decimal("10.5")), record("3", decimal("9.99")));

        assertThat(sink.write(batch)).isEmpty();

        assertThat(cells("MATCH (p:Product) WHERE p.price > 9.5 RETURN p.id ORDER BY p.id"))
                .containsExactly("1", "2", "3");
        onlyFloats();
        assertThat(sink.differing(batch)).isEmpty();
    }

    @Test
    void theFirstDecimalMakesDoublesOfTheNumbersThatAreThere() throws IOException {
        List<Record> whole = List.of(record("1", 10L), record("2", List.of(1L, 2L)), record("3", null));
        sink.write(whole);
        assertThat(cells("MATCH (p:Product {id: '1'}) RETURN valueType(p.price)"))
                .containsExactly("INTEGER NOT NULL");

        sink.write(List.of(record("4", decimal("10.5"))));
        onlyFloats();
        assertThat(sink("price").differing(whole)).isEmpty();

        sink("price").write(List.of(record("5", 11L)));
        onlyFloats();
    }

    @Test
    void aNumberThatADoubleWouldRoundIsRefusedOrOfADeclaredType() throws IOException {
        Record many = record("1", decimal("0.12345678901234567890"));
        Record large = record("2", (1L << 53) + 1);
        List<Record> batch = List.of(many, large, record("3", decimal("0.5")));

        assertThat(sink.write(batch))
                .extracting(refusal -> refusal.record().key())
                .containsExactly("1", "2");

        TestNeo4j.clear();
        Neo4jSink texts = sink("{ field: price, type: text }");
        assertThat(texts.write(batch)).isEmpty();
        assertThat(cells("MATCH (p:Product) RETURN p.price ORDER BY p.id"))
                .containsExactly("0.1234567890123456789", "9007199254740993", "0.5");
        assertThat(texts.differing(batch)).isEmpty();
    }

    @Test
    void numbersThatAreEqualNameOneNode() {
        Record whole = record("1", 10L, 5L);
        Record decimal = record("2", 10L, decimal("5.0"));

        assertThat(sink.write(List.of(whole, decimal))).isEmpty();

        assertThat(cells("MATCH (s:Shop) RETURN s.shop")).containsExactly(5L);
        assertThat(sink.differing(List.of(whole, decimal))).isEmpty();
    }

    private static void onlyFloats() {
        String everywhere = "MATCH (p:Product)-[r:SOLD_BY]->(s:Shop) UNWIND [p.price, r.price, s.price] AS price"
                + " WITH price WHERE price IS NOT NULL RETURN DISTINCT valueType(price)";
        assertThat(cells(everywhere))
                .contains("FLOAT NOT NULL")
                .isSubsetOf("FLOAT NOT NULL", "LIST<FLOAT NOT NULL> NOT NULL");
    }

    private Neo4jSink sink(String price) throws IOException {
        Path mapping = Files.writeString(Files.createTempFile(folder, "graph", ".yaml"), """
                record: product
                nodes:
                  product: { label: Product, key: id, properties: { price: PRICE } }
                  shop: { label: Shop, key: shop, properties: { price: PRICE }, when: { shop: present } }
                relationships:
                  - { from: product, type: SOLD_BY, to: shop, properties: { price: PRICE } }
                """.replace("PRICE", price));
        Neo4jSink made = knownTo(new Neo4jSink(
                "graph", endpoint.uri(), "neo4j", endpoint.password(), "neo4j", mapping.toString(), 10_000, 60_000));
        sinks.add(made);
        return made;
    }

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }

    private static Record record(String id, Object price) {
        return record(id, price, "shop " + id);
    }

    private static Record record(String id, Object price, Object shop) {
        return Record.read(id, FIELDS, new Object[] {id, price, shop}, new Origin("test", 1), Hash.NONE);
    }

    private static List<Object> cells(String cypher) {
        try (Session session = TestNeo4j.driver().session()) {
            return session.run(cypher).list(row -> row.get(0).asObject());
        }
    }
}
