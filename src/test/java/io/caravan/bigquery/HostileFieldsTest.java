package io.caravan.bigquery;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.Hostile;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of fields that mean to do harm: no columns and no SQL; as names inside a JSON column they stay what they are. */
class HostileFieldsTest {

    @TempDir
    Path folder;

    @Test
    void fieldsThatTheTableDoesNotNameAreLeftOutAndNamesInsideJsonReadBack() throws Exception {
        // the stub's JSON is PostgreSQL's, which has no U+0000
        List<String> names = Hostile.names(1_000).stream()
                .map(name -> name.replace('\0', '0'))
                .toList();
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) records.add(record("k" + i, names.get(i), "value " + i));
        Path table = Files.writeString(folder.resolve("table.yaml"), """
                table: rows
                columns:
                  - {name: id, type: string, key: true}
                  - {name: nested, type: json}
                """);
        try (BigQueryStub bigQuery = new BigQueryStub();
                BigQuerySink sink = knownTo(new BigQuerySink(
                        "analytics",
                        BigQueryStub.PROJECT,
                        BigQueryStub.DATASET,
                        table.toString(),
                        "",
                        bigQuery.host(),
                        1,
                        2_000,
                        30_000,
                        0))) {
            Map<Record, String> refused = Hostile.deliver(sink, records);
            assertThat(refused).hasSizeBetween(3, 200);
            List<Record> taken =
                    records.stream().filter(r -> !refused.containsKey(r)).toList();
            assertThat(sink.differing(taken)).isEmpty();
            for (int i = 0; i < names.size(); i++) {
                List<String> row = bigQuery.rows("select nested from marketing.rows where id = 'k" + i + "'");
                assertThat(row).as(names.get(i)).hasSize(taken.contains(records.get(i)) ? 1 : 0);
                if (row.isEmpty()) continue;
                JsonNode nested = new ObjectMapper().readTree(row.get(0));
                assertThat(nested.fieldNames()).toIterable().containsExactly(names.get(i));
                assertThat(nested.get(names.get(i)).textValue()).isEqualTo("value " + i);
            }
            assertThat(bigQuery.problems).isEmpty();
            assertThat(bigQuery.tables.keySet()).containsExactly("rows");
            assertThat(bigQuery.tables.get("rows").getSchema().getFields())
                    .extracting("name")
                    .containsExactly("id", "nested");
        }
    }

    private static Record record(String key, String name, String value) {
        return Record.read(
                key,
                Fields.of("id", name, "nested"),
                new Object[] {key, value, Map.of(name, value)},
                new Origin("a", 1),
                Hash.NONE);
    }
}
