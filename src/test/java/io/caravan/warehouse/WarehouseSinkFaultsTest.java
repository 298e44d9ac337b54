package io.caravan.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.FaultProxy;
import io.caravan.delivery.SinkFaults;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WarehouseSinkFaultsTest {

    private static final Fields FIELDS = Fields.of("id", "version", "text");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"merge", "append", "history"})
    void nothingIsLostAndNothingIsThereTwiceWhateverTheNetworkDoes(String mode) throws IOException, SQLException {
        Database database = Database.fresh();
        Path table = Files.writeString(folder.resolve("table.yaml"), """
                table: rows
                columns:
                  - {name: id, type: text, key: true}
                  - {name: version, type: bigint}
                  - {name: text, type: text}
                """);
        String server = database.uri().replaceFirst("^jdbc:postgresql://([^/]*)/.*$", "$1");
        try (FaultProxy proxy = new FaultProxy(server);
                WarehouseSink broken = sink(database, database.uri().replace(server, proxy.address()), table, mode);
                WarehouseSink direct = sink(database, database.uri(), table, mode)) {
            new SinkFaults(
                            (key, n) -> Record.read(
                                    key,
                                    FIELDS,
                                    new Object[] {key, (long) n, "x".repeat(n % 500)},
                                    new Origin("a", n),
                                    Hash.NONE),
                            key -> Record.tombstone(key, Fields.of("id"), new Object[] {key}, 1))
                    .survives(proxy, broken, direct, 3);
        }
        // each form has a number of its own, and rows that say a record is gone repeat its last
        String live = mode.equals("append") ? " where not is_deleted" : "";
        assertThat(database.rows("select id, version from rows" + live + " group by id, version having count(*) > 1"))
                .isEmpty();
    }

    private static WarehouseSink sink(Database database, String uri, Path table, String mode) {
        return new WarehouseSink(
                "warehouse",
                uri,
                database.user(),
                database.password(),
                "public",
                table.toString(),
                5_000,
                10_000,
                mode);
    }
}
