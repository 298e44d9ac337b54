package io.caravan.matrix;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code warehouse-sink} on PostgreSQL. */
final class WarehouseSinkCells implements Supplier<List<Connector.Sink>> {

    static final String COLUMNS = """
            columns:
              - {name: id, type: text, key: true}
              - {name: topic, type: text}
              - {name: text, type: text}
              - {name: big, type: bigint}
              - {name: amount, type: numeric}
              - {name: at, type: timestamptz}
              - {name: day, type: date}
              - {name: size, type: bigint}
              - {name: note, type: text}
              - {name: nested, type: jsonb}
            """;

    @Override
    public List<Connector.Sink> get() {
        Endpoint database = TestStores.freshDatabase();
        return List.of(new Connector.Sink() {
            @Override
            public String name() {
                return "warehouse-sink";
            }

            @Override
            public String kamelet() {
                return "warehouse-sink";
            }

            @Override
            public Map<String, String> parameters(String cell) throws Exception {
                Path table = Files.createTempFile("matrix", ".yaml");
                table.toFile().deleteOnExit();
                Files.writeString(table, "table: " + cell + "\n" + COLUMNS);
                return Map.of(
                        "uri", database.uri(),
                        "user", database.user(),
                        "password", database.password(),
                        "table", table.toString());
            }
        });
    }
}
