package io.caravan.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.Refusal;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.table.KeyTexts;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record's key and a row's key are one thing. */
class WarehouseKeysTest {

    private static final Fields ROW = Fields.of("id", "v");
    private static final Fields ID = Fields.of("id");

    private static Database database;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        database = Database.fresh();
    }

    @BeforeEach
    void drop() throws Exception {
        database.run("drop table if exists t");
    }

    @Test
    void ofTwoTextsOfOneNumberTheOneThatIsNotWrittenAsTheNumberIsRefused() throws Exception {
        try (WarehouseSink sink = sink("bigint")) {
            List<Refusal> refused = sink.write(List.of(record("7", "seven"), record("007", "double-oh-seven")));
            assertThat(refused)
                    .extracting(Refusal::reason)
                    .containsExactly("warehouse: key column 'id' must hold the number as it is written, 7, got '007';"
                            + " write it so in the source, or make the column text");
            assertThat(database.rows("select id, v from t")).containsExactly("7|seven");
            assertThat(sink.differing(List.of(record("7", "seven"), record("007", "double-oh-seven"))))
                    .containsExactly("007");
        }
    }

    @Test
    void theDeleteOfAKeyThatNoRowCanHaveTakesNoOtherRowAway() throws Exception {
        try (WarehouseSink sink = sink("bigint")) {
            sink.write(List.of(record("7", "seven")));
            assertThat(sink.write(List.of(gone("007"), gone("+7"), gone("7.0"), gone("seven"), gone("1e400"))))
                    .isEmpty();
            assertThat(database.rows("select id, v from t")).containsExactly("7|seven");
            assertThat(sink.differing(List.of(gone("007"), gone("seven")))).isEmpty();
            assertThat(sink.differing(List.of(gone("7")))).containsExactly("7");
            assertThat(sink.write(List.of(gone("7")))).isEmpty();
            assertThat(database.rows("select id from t")).isEmpty();
        }
    }

    /** Key text to column and back: of whatever is written, the table holds exactly the keys that were taken. */
    @ParameterizedTest
    @ValueSource(strings = {"bigint", "date", "text"})
    void theKeysOfTheRowsAreThoseOfTheRecordsWhateverTheyLookLike(String type) throws Exception {
        try (WarehouseSink sink = sink(type)) {
            List<String> texts = KeyTexts.all();
            List<Record> batch = texts.stream().map(key -> record(key, key)).toList();
            Set<String> taken = new HashSet<>(texts);
            for (Refusal refusal : sink.write(batch))
                taken.remove(refusal.record().key());
            assertThat(keys(sink)).containsExactlyInAnyOrderElementsOf(taken);
            assertThat(taken).as("not all refused").isNotEmpty();
            for (Record record : batch) {
                if (!taken.contains(record.key())) sink.write(List.of(gone(record.key())));
            }
            assertThat(keys(sink))
                    .as("after the deletes of what was refused")
                    .containsExactlyInAnyOrderElementsOf(taken);
            assertThat(sink.write(taken.stream().map(WarehouseKeysTest::gone).toList()))
                    .isEmpty();
            assertThat(keys(sink)).isEmpty();
        }
    }

    @Test
    void aTypedValueIsItsKeysText() throws Exception {
        try (WarehouseSink sink = sink("text")) {
            List<Object> values =
                    List.of(9007199254740993L, new BigDecimal("5.0"), new BigDecimal("1e30"), true, 2.5e-7, -0.0);
            for (Object value : values) {
                Record record =
                        Record.read(Keys.text(value).orElseThrow(), ROW, new Object[] {value, "x"}, new Origin("o", 1));
                assertThat(sink.write(List.of(record))).isEmpty();
            }
            assertThat(keys(sink))
                    .containsExactlyInAnyOrder(
                            "9007199254740993", "5", "1000000000000000000000000000000", "true", "0.00000025", "0");
        }
    }

    @Test
    void aKeyFieldThatAStepChangedIsRefused() throws Exception {
        try (WarehouseSink sink = sink("text")) {
            Record changed = record("a", "x").with("id", "A");
            assertThat(sink.write(List.of(changed)))
                    .extracting(Refusal::reason)
                    .containsExactly("warehouse: key column 'id' must hold what is in the record's key, a, got 'A';"
                            + " let no step change a key field");
        }
        try (WarehouseSink sink = sink("date")) {
            Record day = record("06/05/2024", "x").with("id", LocalDate.parse("2024-05-06"));
            assertThat(sink.write(List.of(day)))
                    .extracting(Refusal::reason)
                    .containsExactly("warehouse: key column 'id' must hold the date as it is written, 2024-05-06, got"
                            + " '06/05/2024'; write it so in the source, or make the column text");
        }
    }

    private static Record record(String key, String v) {
        return Record.read(key, ROW, new Object[] {key, v}, new Origin("o", 1));
    }

    private static Record gone(String key) {
        return Record.tombstone(key, ID, new Object[] {key}, 2);
    }

    private static List<String> keys(WarehouseSink sink) {
        try (Stream<String> keys = sink.keys()) {
            return new ArrayList<>(keys.toList());
        }
    }

    private WarehouseSink sink(String type) throws Exception {
        database.run("drop table if exists t");
        Path table = folder.resolve(type + ".yaml");
        Files.writeString(table, """
                table: t
                columns:
                - {name: id, type: %s, key: true}
                - {name: v, type: text}
                """.formatted(type));
        return new WarehouseSink(
                "warehouse",
                database.uri(),
                database.user(),
                database.password(),
                "public",
                table.toString(),
                10_000,
                60_000);
    }
}
