package io.caravan.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ColumnTypeTest {

    private static final Path PAGE = Path.of("docs/documents-and-warehouse.md");

    @Test
    void everyWordOfATypeMeansThatTypeInAnyCaseAndInAList() {
        for (ColumnType type : ColumnType.values()) {
            for (String word : type.words()) {
                assertThat(column(word).columnType()).as(word).contains(type);
                assertThat(column(word.toUpperCase(Locale.ROOT)).columnType())
                        .as(word)
                        .contains(type);
                assertThat(column(word).list()).isFalse();
                assertThat(column("array<" + word + ">").columnType()).as(word).contains(type);
                assertThat(column("array<" + word + ">").list()).isTrue();
            }
        }
        for (String none : List.of("varchar", "", "array<>", "array", "text[]")) {
            assertThat(column(none).columnType()).as(none).isEmpty();
        }
        assertThat(column(null).columnType()).isEmpty();
    }

    @Test
    void noListOfJsonAndNoKeyThatIsAList() {
        assertThatThrownBy(() -> check("{table: t, columns: [{name: a, type: array<text>, key: true},"
                        + " {name: b, type: array<json>}, {name: c, type: decimal, key: true}]}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "sink: column 'a' type must be text, bigint or date because it is a key, got 'array<text>'",
                        "sink: column 'b' type must be one of text|string, bigint|integer|int64, numeric|decimal,"
                                + " bignumeric, double|float64, boolean|bool, timestamptz|timestamp, datetime, date,"
                                + " jsonb|json, bytea|bytes, or array<...> of one but json, got 'array<json>'",
                        "sink: column 'c' type must be text, bigint or date because it is a key, got 'decimal'"));
    }

    @Test
    void thePageListsEachTypeWithItsWords() throws Exception {
        Pattern row = Pattern.compile("\\| ((?:`[a-z0-9]+`(?:, )?)+) \\| .*");
        List<String> listed = Files.readAllLines(PAGE).stream()
                .takeWhile(line -> !line.startsWith("### Tables and names of users"))
                .map(row::matcher)
                .filter(m -> m.matches())
                .map(m -> m.group(1).replace("`", ""))
                .toList();
        assertThat(listed)
                .isEqualTo(Arrays.stream(ColumnType.values())
                        .map(type -> String.join(", ", type.words()))
                        .collect(Collectors.toList()));
    }

    private static TableDescription.Column column(String type) {
        return new TableDescription.Column("name", null, type, null, false, false);
    }

    private static void check(String yaml) {
        SettingChecks settings = new SettingChecks("sink");
        TableDescription.parse("sink", yaml).check(settings, 10, name -> name);
        settings.check();
    }
}
