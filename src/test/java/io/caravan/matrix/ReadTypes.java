package io.caravan.matrix;

import static io.caravan.endpoint.TestContext.knownTo;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.document.MongoSource;
import io.caravan.format.Columns;
import io.caravan.format.Compression;
import io.caravan.format.CsvFormat;
import io.caravan.format.Format;
import io.caravan.format.JsonlFormat;
import io.caravan.format.ParquetForm;
import io.caravan.format.RecordWriter;
import io.caravan.jdbc.JdbcSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.bson.BsonBinary;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/** What a value of each type of a store is in a record. */
final class ReadTypes {

    private static final String POSTGRES =
            "text 'a', varchar 'a', char(2) 'a', smallint '1', integer '1', bigint '1', numeric"
                    + " '1.5', real '1.5', double precision '1.5', boolean 't', uuid '6f9619ff-8b86-d011-b42d-00c04fc964ff',"
                    + " date '2024-02-29', time '07:08', timestamp '2024-02-29 07:08', timestamptz '2024-02-29 07:08+01', bytea"
                    + " '\\x00', json '{\"a\":1}', jsonb '[1]', inet '10.0.0.1', text[] '{a}'";

    /** By source, by kind: the types that give it. */
    Map<String, Map<String, String>> table() throws Exception {
        Map<String, Map<String, String>> table = new LinkedHashMap<>();
        table.put("`jdbc-source`: PostgreSQL", postgres());
        table.put("`mongodb-source`: BSON", mongo());
        table.put("`objects-source`: jsonl, json", jsonl());
        table.put("csv", csv());
        table.put("parquet", parquet());
        return table;
    }

    private static Map<String, String> postgres() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        StringBuilder query = new StringBuilder("select 1 as id");
        for (String column : POSTGRES.split(", (?![0-9])")) {
            int value = column.indexOf(" '");
            String type = column.substring(0, value);
            query.append(", ")
                    .append(column.substring(value + 1))
                    .append("::")
                    .append(type)
                    .append(" as \"")
                    .append(type)
                    .append('"');
        }
        Source source = knownTo(new JdbcSource(
                database.uri(),
                database.user(),
                database.password(),
                "types",
                query.toString(),
                "id",
                "",
                "",
                0,
                0,
                100,
                1_000,
                30_000));
        return kinds(first(source.open(source.objects().next())), "id");
    }

    private static Map<String, String> mongo() {
        String uri = TestStores.mongo().uri();
        try (MongoClient client = MongoClients.create(uri)) {
            var things = client.getDatabase("types_test").getCollection("read");
            things.drop();
            things.insertOne(new Document("_id", "1")
                    .append("string", "a")
                    .append("int32", 1)
                    .append("int64", 1L)
                    .append("double", 1.5)
                    .append("decimal128", Decimal128.parse("1.5"))
                    .append("bool", true)
                    .append("date", new Date())
                    .append("objectId", new ObjectId())
                    .append("binary", new byte[] {1})
                    .append("binary (UUID)", new BsonBinary(UUID.randomUUID()))
                    .append("array", List.of(1))
                    .append("document", new Document("a", 1))
                    .append("null", null));
            try (MongoSource source = knownTo(new MongoSource(
                    uri,
                    "",
                    "",
                    "types_test",
                    "read",
                    "{}",
                    "",
                    "_id",
                    "_id",
                    "",
                    "",
                    0,
                    0,
                    100,
                    1,
                    1,
                    2_000,
                    10_000))) {
                return kinds(first(source.open(source.objects().next())), "_id");
            }
        }
    }

    private static Map<String, String> jsonl() {
        String line =
                "{\"k\":\"1\",\"string\":\"a\",\"whole number\":1,\"whole number beyond 64 bits\":12345678901234567890,"
                        + "\"1.5, 5.0, 1e3\":1.5,\"true\":true,\"null\":null,\"array\":[1],\"object\":{}}";
        return kinds(first(open(new JsonlFormat(), line.getBytes(UTF_8), "k")), "k");
    }

    private static Map<String, String> csv() {
        return kinds(first(open(new CsvFormat(",", List.of()), "k,any,nothing\n1,2,\n".getBytes(UTF_8), "k")), "k");
    }

    private static Map<String, String> parquet() throws Exception {
        Map<String, Object> samples = Samples.all();
        Map<String, String> all = new TreeMap<>();
        for (String kind : samples.keySet()) {
            Record row = Record.read(
                    "1", Fields.of("k", kind), new Object[] {"1", samples.get(kind)}, new Origin("o", 1), Hash.NONE);
            ParquetForm form = new ParquetForm(Compression.NONE);
            Columns columns = new Columns();
            columns.add(row);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (RecordWriter writer = form.write(bytes, columns)) {
                writer.write(row);
            }
            String read =
                    Samples.kind(first(form.open(new ByteArrayInputStream(bytes.toByteArray()), "o", List.of("k")))
                            .at(1));
            String type = columns.since(new Columns()).get(1).replace("new " + kind + " ", "");
            all.merge(read, type, (a, b) -> a.contains(b) ? a : a + ", " + b);
        }
        return all;
    }

    private static RecordReader open(Format format, byte[] bytes, String key) {
        return format.open(new ByteArrayInputStream(bytes), "o", List.of(key));
    }

    private static Record first(RecordReader reader) {
        try (reader) {
            return reader.read(bad -> {
                        throw new AssertionError(bad.reason());
                    })
                    .orElseThrow();
        }
    }

    private static Map<String, String> kinds(Record record, String key) {
        Map<String, String> kinds = new TreeMap<>();
        for (int i = 0; i < record.fields().size(); i++) {
            String type = record.fields().names().get(i);
            if (!type.equals(key)) kinds.merge(Samples.kind(record.at(i)), type, (a, b) -> a + ", " + b);
        }
        return kinds;
    }
}
