package io.caravan.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a schema makes of records, and what it says of those that break it. */
class ApplySchemaTest {

    private static final String STAFF = """
            columns:
              id: {type: integer, aliases: [badge], required: true, minimum: 1}
              status: {allowed: [active, left]}
              hired: {type: date}
              ssn: {pii: drop, pattern: "\\\\d{3}"}
            nullTexts: [n/a]
            """;

    @TempDir
    Path folder;

    private final List<String> refused = new ArrayList<>();

    @Test
    void aRecordGetsTheColumnsOfTheSchemaInItsOrder() throws IOException {
        Record made = apply(
                        STAFF,
                        "agency",
                        row("STATUS", "active", "agency", "x", "badge", "7", "ssn", "123", "other", "o"))
                .get(0);
        assertThat(made.fields().names()).containsExactly("id", "status", "hired", "agency");
        assertThat(made.get("id")).contains(7L);
        assertThat(made.get("agency")).contains("x");
        assertThat(made.get("hired")).isEmpty();
        assertThat(refused).isEmpty();
    }

    @Test
    void allThatIsBrokenIsSaidWithFieldRuleAndValueButNothingPersonal() throws IOException {
        assertThat(apply(STAFF, "", row("id", "0", "status", "gone", "hired", "2031-02-30", "ssn", "12-secret")))
                .isEmpty();
        assertThat(refused)
                .containsExactly("apply-schema-action: id must be 1 or more (minimum), found '0';"
                        + " apply-schema-action: status must be one of active, left (allowed), found 'gone';"
                        + " apply-schema-action: hired must be a date like yyyy-MM-dd (type), found '2031-02-30';"
                        + " apply-schema-action: ssn must match \\d{3} (pattern), found '*****'");
        apply(STAFF, "", row("id", "n/a", "status", "active"));
        apply(STAFF, "", row("status", "active"));
        assertThat(refused.subList(1, 3))
                .containsExactly(
                        "apply-schema-action: id must not be blank (required), found 'n/a'",
                        "apply-schema-action: id must be there (required), found 'no such column'");
    }

    @Test
    void unknownColumnsAreLeftOutKeptOrRefused() throws IOException {
        Record row = row("id", "1", "other", "o");
        assertThat(apply(STAFF + "unknownColumns: keep\n", "", row).get(0).get("other"))
                .contains("o");
        assertThat(apply(STAFF + "unknownColumns: refuse\n", "", row)).isEmpty();
        assertThat(refused)
                .containsExactly(
                        "apply-schema-action: other must be a column of the schema (unknownColumns), found 'other'");
    }

    @Test
    void whatIsToBeEncryptedMustBeSealedBehindIt() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "columns: {mail: {pii: encrypt}, id: {}}\n");
        assertThatThrownBy(() -> new ApplySchema(file.toString(), "", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "apply-schema-action: sealed must name the columns that the schema says are to be encrypted, got"
                                + " ''; put encrypt-fields-action behind it with the fields mail, and name them here too");
        assertThat(new ApplySchema(file.toString(), "", "mail")
                        .seal()
                        .orElseThrow()
                        .apply("a@example.org"))
                .as("a letter, were no step to seal it behind")
                .doesNotContain("example");
    }

    @Test
    void whateverComesIsRefusedOrHeldToTheSchemaAndTwiceIsOnce() throws IOException {
        Random random = new Random(31);
        String[] names = {"id", "badge", "ID", "status", "hired", "ssn", "x"};
        String[] values = {"1", "0", "active", "2031-02-03", "", "n/a", "\0", "123", null};
        for (int i = 0; i < 500; i++) {
            List<String> pairs = new ArrayList<>();
            for (String name : names) {
                if (random.nextBoolean()) {
                    pairs.add(name);
                    pairs.add(values[random.nextInt(values.length)]);
                }
            }
            Record row = row(pairs.toArray(String[]::new));
            refused.clear();
            List<Record> made = apply(STAFF, "", row);
            assertThat(made.size() + refused.size()).isEqualTo(1);
            for (Record one : made) {
                assertThat(one.get("id").orElseThrow()).isInstanceOf(Long.class);
                one.get("hired").ifPresent(date -> assertThat(date).isInstanceOf(LocalDate.class));
                Record again = apply(STAFF, "", one).get(0);
                assertThat(again.get("id")).isEqualTo(one.get("id"));
                assertThat(again.get("status")).isEqualTo(one.get("status"));
            }
        }
    }

    private List<Record> apply(String schema, String keep, Record record) throws IOException {
        Path file = Files.writeString(folder.resolve("schema.yaml"), schema);
        return new ApplySchema(file.toString(), keep, "")
                .apply(List.of(record), (r, reason) -> refused.add(reason.getMessage()));
    }

    private static Record row(String... pairs) {
        List<String> names = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            names.add(pairs[i]);
            values.add(pairs[i + 1]);
        }
        return Record.read("k", new Fields(names), values.toArray(), new Origin("o", 1));
    }
}
