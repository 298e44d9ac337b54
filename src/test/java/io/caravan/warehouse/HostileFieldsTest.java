package io.caravan.warehouse;

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
        List<String> names = Hostile.names(1_000);
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) records.add(record("k" + i, names.get(i), "value " + i));
        Database database = Database.fresh();
        Path table = Files.writeString(folder.resolve("table.yaml"), """
                table: rows
                columns:
                  - {name: id, type: text, key: true}
                  - {name: nested, type: jsonb}
                """);
        try (WarehouseSink sink = new WarehouseSink(
                "warehouse",
                database.uri(),
                database.user(),
                database.password(),
                "public",
                table.toString(),
                5_000,
                10_000)) {
            Map<Record, String> refused = Hostile.deliver(sink, records);
            assertThat(refused).hasSizeBetween(3, 200);
            List<Record> taken =
                    records.stream().filter(r -> !refused.containsKey(r)).toList();
            assertThat(sink.differing(taken)).isEmpty();
            assertThat(database.rows("select id from rows"))
                    .containsExactlyInAnyOrderElementsOf(
                            taken.stream().map(Record::key).toList());
        }
        for (int i = 0; i < names.size(); i++) {
            List<String> row = database.rows("select nested from rows where id = 'k" + i + "'");
            if (row.isEmpty()) continue;
            JsonNode nested = new ObjectMapper().readTree(row.get(0));
            assertThat(nested.fieldNames()).toIterable().containsExactly(names.get(i));
            assertThat(nested.get(names.get(i)).textValue()).isEqualTo("value " + i);
        }
        assertThat(database.rows("select table_name, column_name from information_schema.columns"
                        + " where table_schema = 'public' order by ordinal_position"))
                .containsExactly("rows|id", "rows|nested");
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
