package io.caravan.matrix;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.bigquery.BigQuerySink;
import io.caravan.bigquery.BigQueryStub;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.document.MongoSink;
import io.caravan.graph.Neo4jSink;
import io.caravan.http.StatefulApi;
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
import io.caravan.table.ColumnType;
import io.caravan.vector.LuceneSink;
import io.caravan.vector.MilvusForm;
import io.caravan.warehouse.WarehouseSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.bson.BsonDocument;
import org.neo4j.driver.Session;

/** What each store on this machine holds of a value of each kind, as its own client says. */
final class HeldTypes {

    private static final String REFUSED = "refused";

    private final Path folder;
    private final List<String> kinds = List.copyOf(Samples.all().keySet());

    HeldTypes(Path folder) {
        this.folder = folder;
    }

    /** By sink, by kind. */
    Map<String, Map<String, String>> table() throws Exception {
        Map<String, Map<String, String>> table = new LinkedHashMap<>();
        table.put("`warehouse-sink`: columns that take it", warehouse());
        table.put("`bigquery-sink`: columns that take it", bigquery());
        table.put("`mongodb-sink`: BSON", mongo());
        table.put("`neo4j-sink`: property", neo4j());
        table.put("`lucene-sink`: field", lucene());
        table.put("`milvus-sink`: VARCHAR", milvus());
        for (String format : List.of("jsonl", "csv", "parquet")) {
            table.put("`objects-sink`: " + format, objects(format));
        }
        table.put("`http-sink`: JSON", http());
        return table;
    }

    private Map<String, String> warehouse() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        List<String> types = new ArrayList<>(types());
        types.remove("bignumeric"); // numeric, in PostgreSQL
        return columns(
                types,
                table -> knownTo(new WarehouseSink(
                        "w", database.uri(), database.user(), database.password(), "public", table, 2_000, 10_000)));
    }

    private Map<String, String> bigquery() throws Exception {
        try (BigQueryStub stub = new BigQueryStub()) {
            return columns(
                    types(),
                    table -> knownTo(new BigQuerySink(
                            "b",
                            BigQueryStub.PROJECT,
                            BigQueryStub.DATASET,
                            table,
                            "",
                            stub.host(),
                            1,
                            2_000,
                            10_000,
                            0)));
        }
    }

    private static List<String> types() {
        List<String> types = new ArrayList<>(Arrays.stream(ColumnType.values())
                .map(type -> type.words().get(0))
                .toList());
        types.addAll(List.of("array<text>", "array<numeric>"));
        return types;
    }

    /** By kind, the types of column that take it. */
    private <S extends Sink & AutoCloseable> Map<String, String> columns(List<String> types, Function<String, S> sinks)
            throws Exception {
        Map<String, List<String>> taken = new LinkedHashMap<>();
        kinds.forEach(kind -> taken.put(kind, new ArrayList<>()));
        for (String type : types) {
            Path table = Files.writeString(
                    folder.resolve("table.yaml"),
                    "table: t" + types.indexOf(type) + "\ncolumns:\n  - {name: id, type: text, key: true}\n"
                            + "  - {name: v, type: \"" + type + "\"}\n");
            try (S sink = sinks.apply(table.toString())) {
                write(sink, "v").forEach(kind -> taken.get(kind).add("`" + type + "`"));
            }
        }
        return taken.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        e -> e.getValue().isEmpty()
                                ? REFUSED
                                : e.getValue().size() == types.size() ? "any" : String.join(", ", e.getValue())));
    }

    private Map<String, String> mongo() throws Exception {
        String uri = TestStores.mongo().uri();
        try (MongoSink sink = knownTo(
                        new MongoSink("m", uri, "", "", "types_test", "things", "", "", "remove", 1_500, 10_000));
                MongoClient client = MongoClients.create(uri)) {
            Set<String> held = write(sink, "v");
            var things = client.getDatabase("types_test").getCollection("things", BsonDocument.class);
            Map<String, String> cells = refused();
            for (BsonDocument thing : things.find()) {
                String kind = thing.getString("_id").getValue();
                if (!held.contains(kind)) continue;
                String type = thing.get("v").getBsonType().toString().toLowerCase(java.util.Locale.ROOT);
                cells.put(kind, type.replace('_', ' ') + (thing.containsKey("exact_times") ? " + `exact_times`" : ""));
            }
            return cells;
        }
    }

    private Map<String, String> neo4j() throws Exception {
        String properties =
                kinds.stream().map(kind -> place(kind) + ": " + place(kind)).collect(Collectors.joining(", "));
        Path mapping = Files.writeString(
                folder.resolve("graph.yaml"),
                "record: t\nnodes:\n  t: {label: TypesTest, key: id, properties: {" + properties + "}}\n");
        Endpoint graph = TestNeo4j.endpoint();
        try (Neo4jSink sink = knownTo(new Neo4jSink(
                        "g", graph.uri(), "neo4j", graph.password(), "neo4j", mapping.toString(), 10_000, 60_000));
                Session session = TestNeo4j.driver().session()) {
            Set<String> held = write(sink, "");
            Map<String, String> cells = refused();
            for (String kind : held) {
                String type = session.run(
                                "MATCH (n:TypesTest {id: $id}) RETURN valueType(n[$p])",
                                Map.of("id", kind, "p", place(kind)))
                        .single()
                        .get(0)
                        .asString();
                cells.put(kind, type.equals("NULL") ? "absent" : type.replace(" NOT NULL", ""));
            }
            session.run("MATCH (n:TypesTest) DETACH DELETE n").consume();
            return cells;
        }
    }

    private Map<String, String> lucene() throws Exception {
        try (LuceneSink sink =
                new LuceneSink("l", folder.resolve("lucene").toString(), "things", "id", "vector", 2, "v", 1_000)) {
            Set<String> held = write(sink, "v");
            Map<String, String> cells = refused();
            held.forEach(kind -> cells.put(kind, kind.equals("null") ? "absent" : "text"));
            cells.put("vector", "`vectorField`");
            return cells;
        }
    }

    /** As it is sent: a server is not on every machine. */
    private Map<String, String> milvus() {
        Map<String, String> cells = refused();
        for (String kind : kinds) {
            MilvusForm.of(record(kind, "v", true), "v")
                    .ifPresent(sent -> cells.put(kind, sent.equals("null") ? "null" : "`" + sent + "`"));
        }
        cells.put("vector", "`vectorField`, FLOAT_VECTOR");
        return cells;
    }

    private Map<String, String> http() {
        try (StatefulApi api = new StatefulApi()) {
            Map<String, String> cells = refused();
            for (String kind : write(api.sink(), "v")) {
                JsonNode held = api.held.get(kind).path("v");
                cells.put(kind, held.isMissingNode() ? "absent" : "`" + held + "`");
            }
            return cells;
        }
    }

    private Map<String, String> objects(String format) throws Exception {
        Map<String, String> cells = refused();
        for (String kind : kinds) {
            Path out = folder.resolve(format + kinds.indexOf(kind));
            Files.createDirectories(out);
            try (ObjectsSink sink = ObjectsSinks.of(
                    "o",
                    out.toString(),
                    "",
                    format,
                    "none",
                    1,
                    "",
                    "_key",
                    "",
                    ",",
                    false,
                    false,
                    ObjectAccess.DEFAULT)) {
                Record record = record(kind, "v", false);
                if (!sink.write(List.of(record)).isEmpty()) continue;
                sink.flush();
                assertThat(sink.differing(List.of(record)))
                        .as(format + " " + kind)
                        .isEmpty();
            }
            try (Stream<Path> files = Files.list(out)) {
                Path file = files.filter(f -> f.getFileName().toString().startsWith("part-"))
                        .findFirst()
                        .orElseThrow();
                cells.put(kind, format.equals("parquet") ? parquet(file) : shown(file, kind));
            }
        }
        return cells;
    }

    /** The value as the last row has it. */
    private static String shown(Path file, String kind) throws Exception {
        List<String> lines = Files.readAllLines(file);
        String row = lines.get(lines.size() - 1);
        String value = file.toString().endsWith(".csv")
                ? row.substring(kind.length() + 1)
                : row.substring(row.indexOf("\"v\":") + 4, row.length() - 1);
        return value.isEmpty() ? "nothing" : "`" + value + "`";
    }

    private static String parquet(Path file) throws Exception {
        var options =
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            var type = reader.getFileMetaData().getSchema().getType("v");
            var logical = type.getLogicalTypeAnnotation();
            String primitive = type.isPrimitive()
                    ? type.asPrimitiveType().getPrimitiveTypeName().toString()
                    : "FLOAT";
            return logical == null ? primitive : logical + (type.isPrimitive() ? "" : " of " + primitive);
        }
    }

    /** The kinds that the sink took; of each it holds the very value. Each in the field, or in one of its own. */
    private Set<String> write(Sink sink, String field) {
        List<Record> all = kinds.stream()
                .map(kind -> record(kind, field.isEmpty() ? place(kind) : field, !field.isEmpty()))
                .toList();
        Set<String> refused =
                sink.write(all).stream().map(Refusal::record).map(Record::key).collect(Collectors.toSet());
        assertThat(sink.flush()).isEmpty();
        List<Record> taken =
                all.stream().filter(record -> !refused.contains(record.key())).toList();
        assertThat(sink.differing(taken)).as(sink.name()).isEmpty();
        return taken.stream().map(Record::key).collect(Collectors.toCollection(java.util.LinkedHashSet::new));
    }

    private static Record record(String kind, String field, boolean more) {
        Fields fields = more ? Fields.of(field, "id", "vector") : Fields.of(field);
        Object value = Samples.all().get(kind);
        Object[] values = more ? new Object[] {value, kind, new float[] {1, 0}} : new Object[] {value};
        return Record.read(kind, fields, values, new Origin("types", 1), Hash.NONE);
    }

    private String place(String kind) {
        return "v" + kinds.indexOf(kind);
    }

    private Map<String, String> refused() {
        return kinds.stream().collect(Collectors.toMap(kind -> kind, kind -> REFUSED));
    }
}
