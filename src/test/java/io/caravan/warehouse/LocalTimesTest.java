package io.caravan.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.Refusal;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times without a zone in a warehouse. */
class LocalTimesTest {

    private static final Fields FIELDS = Fields.of("id", "t", "text", "json");
    private static final LocalDateTime NOON = LocalDateTime.parse("2024-07-01T12:00");

    @TempDir
    Path folder;

    @Test
    void aColumnForLocalTimesHoldsThemAndTextsKeepTheirSeconds() throws Exception {
        Database database = Database.fresh();
        Record record = record(NOON);
        try (WarehouseSink sink = sink(database, "datetime")) {
            assertThat(sink.write(List.of(record, record("2024-07-01T12:00:01"))))
                    .isEmpty();
            assertThat(sink.differing(List.of(record))).isEmpty();
        }
        assertThat(database.rows("select t, text, json->>'at' from local_times order by t"))
                .containsExactly(
                        "2024-07-01 12:00:00|2024-07-01T12:00:00|2024-07-01T12:00:00",
                        "2024-07-01 12:00:01|2024-07-01T12:00:00|2024-07-01T12:00:00");
    }

    @Test
    void aColumnForInstantsRefusesThemAndSaysTheRemedy() throws Exception {
        try (WarehouseSink sink = sink(Database.fresh(), "timestamptz")) {
            for (Object time : List.of(NOON, "2024-07-01T12:00")) {
                assertThat(sink.write(List.of(record(time))))
                        .extracting(Refusal::reason)
                        .containsExactly("warehouse: column 't' must hold a time with zone of the years 1 to 9999, got"
                                + " '2024-07-01T12:00'; it says no zone: give it one by convert-types-action types:"
                                + " t=timestamp, with zone: Europe/Berlin if its clocks are there, or make the column a"
                                + " datetime");
            }
            assertThat(sink.write(List.of(record("soon"))).get(0).reason()).endsWith(", got 'soon'");
        }
    }

    private WarehouseSink sink(Database database, String type) throws Exception {
        Path table = Files.writeString(folder.resolve(type + ".yaml"), """
                table: local_times
                columns:
                  - {name: id, type: text, key: true}
                  - {name: t, type: %s}
                  - {name: text, type: text}
                  - {name: json, type: jsonb}
                """.formatted(type));
        return new WarehouseSink(
                "warehouse",
                database.uri(),
                database.user(),
                database.password(),
                "public",
                table.toString(),
                2_000,
                10_000);
    }

    private static Record record(Object time) {
        Object[] values = {"k" + time, time, NOON, Map.of("at", NOON)};
        return Record.read("k" + time, FIELDS, values, new Origin("o.csv", 2), new Hash(1, 2));
    }
}
