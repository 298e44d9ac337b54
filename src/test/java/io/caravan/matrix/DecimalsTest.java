package io.caravan.matrix;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.document.MongoSink;
import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.JsonlForm;
import io.caravan.format.ParquetForm;
import io.caravan.format.WritableFormat;
import io.caravan.graph.Neo4jSink;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.local.TestStores;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectsSink;
import io.caravan.object.ObjectsSinks;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import io.caravan.table.DecimalNumbers;
import io.caravan.vector.LuceneSink;
import io.caravan.warehouse.WarehouseSink;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.neo4j.driver.Session;

/** Any decimal that a sink takes comes back as the same number, read by the store's own client; what it cannot hold is refused. */
class DecimalsTest {

    private final Map<String, BigDecimal> numbers = DecimalNumbers.all();

    @TempDir
    Path folder;

    @Test
    void fromAWarehouse() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        Path table = Files.writeString(
                folder.resolve("table.yaml"),
                "table: numbers\ncolumns:\n  - {name: id, type: text, key: true}\n  - {name: n, type: numeric}\n");
        try (WarehouseSink sink = knownTo(new WarehouseSink(
                        "w",
                        database.uri(),
                        database.user(),
                        database.password(),
                        "public",
                        table.toString(),
                        2_000,
                        10_000));
                Connection c = TestStores.dataSource(database).getConnection()) {
            assertThat(write(sink)).isEqualTo(numbers.keySet());
            Map<String, BigDecimal> held = new HashMap<>();
            try (ResultSet rows = c.createStatement().executeQuery("select id, n from numbers")) {
                while (rows.next()) held.put(rows.getString(1), rows.getBigDecimal(2));
            }
            same(held);
        }
    }

    @Test
    void fromMongo() {
        String uri = TestStores.mongo().uri();
        try (MongoSink sink = knownTo(
                        new MongoSink("m", uri, "", "", "types_test", "decimals", "", "", "remove", 1_500, 10_000));
                MongoClient client = MongoClients.create(uri)) {
            Set<String> taken = write(sink);
            Map<String, BigDecimal> held = new HashMap<>();
            for (Document d :
                    client.getDatabase("types_test").getCollection("decimals").find()) {
                held.put(d.getString("_id"), d.get("n", Decimal128.class).bigDecimalValue());
            }
            refusedAbove(34, taken);
            assertThat(held.keySet()).isEqualTo(taken);
            same(held);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "{field: n, type: decimal}", "{field: n, type: text}"})
    void fromAGraph(String property) throws Exception {
        Path mapping = Files.writeString(
                folder.resolve("graph.yaml"),
                "record: t\nnodes:\n  t: {label: DecimalsTest, key: id, properties: {n: " + property + "}}\n");
        Endpoint graph = TestNeo4j.endpoint();
        try (Neo4jSink sink = knownTo(new Neo4jSink(
                        "g", graph.uri(), "neo4j", graph.password(), "neo4j", mapping.toString(), 10_000, 60_000));
                Session session = TestNeo4j.driver().session()) {
            session.run("MATCH (n:DecimalsTest) DETACH DELETE n").consume();
            Set<String> taken = write(sink);
            Map<String, BigDecimal> held = new HashMap<>();
            session.run("MATCH (n:DecimalsTest) RETURN n.id, n.n")
                    .forEachRemaining(row -> held.put(
                            row.get(0).asString(),
                            new BigDecimal(row.get(1).asObject().toString())));
            if (property.contains("text")) assertThat(taken).isEqualTo(numbers.keySet());
            else refusedAbove(17, taken);
            assertThat(held.keySet()).isEqualTo(taken);
            same(held);
            session.run("MATCH (n:DecimalsTest) DETACH DELETE n").consume();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonl", "csv", "parquet"})
    void fromObjects(String format) throws Exception {
        try (ObjectsSink sink = ObjectsSinks.of(
                "o",
                folder.toString(),
                "out/",
                format,
                "none",
                3,
                "",
                "_key",
                "",
                ",",
                false,
                false,
                ObjectAccess.DEFAULT)) {
            assertThat(write(sink)).isEqualTo(numbers.keySet());
        }
        Map<String, BigDecimal> held = new HashMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("part-"))
                    .toList()) {
                try (InputStream bytes = Files.newInputStream(file);
                        RecordReader reader = form(format).open(bytes, "o", List.of("_key"))) {
                    for (Optional<Record> r = read(reader); r.isPresent(); r = read(reader)) {
                        held.put(
                                r.get().key(),
                                new BigDecimal(r.get().get("n").orElseThrow().toString()));
                    }
                }
            }
        }
        same(held);
    }

    @Test
    void fromAnIndexOfVectors() {
        try (LuceneSink sink =
                new LuceneSink("l", folder.resolve("lucene").toString(), "things", "id", "vector", 2, "n", 1_000)) {
            assertThat(write(sink)).isEqualTo(numbers.keySet());
        }
    }

    /** What it took; the sink says of each that it holds exactly that, and of none that it holds a neighbour. */
    private Set<String> write(Sink sink) {
        List<Record> all = new ArrayList<>();
        numbers.forEach((key, number) -> all.add(record(key, number)));
        Set<String> refused =
                sink.write(all).stream().map(Refusal::record).map(Record::key).collect(Collectors.toSet());
        assertThat(sink.flush()).isEmpty();
        List<Record> taken =
                all.stream().filter(r -> !refused.contains(r.key())).toList();
        assertThat(sink.differing(taken)).isEmpty();
        List<Record> neighbours = taken.stream()
                .map(r -> record(r.key(), DecimalNumbers.neighbour(numbers.get(r.key()))))
                .toList();
        assertThat(sink.differing(neighbours)).hasSameSizeAs(neighbours);
        return taken.stream().map(Record::key).collect(Collectors.toSet());
    }

    private void refusedAbove(int digits, Set<String> taken) {
        numbers.forEach((key, number) -> {
            int has = number.stripTrailingZeros().precision();
            if (!taken.contains(key)) assertThat(has).isGreaterThan(Math.min(digits, 15));
            if (has > digits) assertThat(taken).doesNotContain(key);
        });
    }

    private void same(Map<String, BigDecimal> held) {
        assertThat(held).isNotEmpty();
        held.forEach((key, number) -> assertThat(number).as(key).isEqualByComparingTo(numbers.get(key)));
    }

    private static Record record(String key, BigDecimal number) {
        return Record.read(
                key,
                Fields.of("id", "n", "vector"),
                new Object[] {key, number, new float[] {1, 0}},
                new Origin("decimals", 1),
                Hash.NONE);
    }

    private static WritableFormat form(String format) {
        return switch (format) {
            case "jsonl" -> new JsonlForm(Compression.NONE);
            case "csv" -> new CsvForm(",", false, Compression.NONE);
            default -> new ParquetForm(Compression.NONE);
        };
    }

    private static Optional<Record> read(RecordReader reader) {
        return reader.read(bad -> {
            throw new AssertionError(bad.reason());
        });
    }
}
