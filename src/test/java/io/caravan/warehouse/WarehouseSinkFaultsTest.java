package io.caravan.warehouse;

import io.caravan.FaultProxy;
import io.caravan.delivery.SinkFaults;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseSinkFaultsTest {

    private static final Fields FIELDS = Fields.of("id", "version", "text");

    @TempDir
    Path folder;

    @Test
    void nothingIsLostAndNothingIsThereTwiceWhateverTheNetworkDoes() throws IOException {
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
                WarehouseSink broken = sink(database, database.uri().replace(server, proxy.address()), table);
                WarehouseSink direct = sink(database, database.uri(), table)) {
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
    }

    private static WarehouseSink sink(Database database, String uri, Path table) {
        return new WarehouseSink(
                "warehouse", uri, database.user(), database.password(), "public", table.toString(), 5_000, 10_000);
    }
}
