package io.caravan.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.schema.ColumnRules.Checked;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a value becomes, which rule it breaks, and which field of a file is which column. */
class ColumnRulesTest {

    private static final ZoneId UTC = ZoneId.of("UTC");

    @ParameterizedTest
    @CsvSource(delimiter = '~', nullValues = "-", textBlock = """
            {type: integer}                        ~ ' 7.0 ' ~ 7          ~ -
            {type: integer}                        ~ 7.5     ~ -          ~ be a whole number of 64 bits (type)
            {type: integer, minimum: 1}            ~ 0       ~ -          ~ be 1 or more (minimum)
            {type: integer, maximum: 5}            ~ 6       ~ -          ~ be 5 or less (maximum)
            {type: decimal}                        ~ 1e3     ~ 1E+3       ~ -
            {type: decimal}                        ~ nan     ~ -          ~ be a number of at most 1000 digits (type)
            {type: decimal, unit: kg, units: g=0.001} ~ 250 g ~ 0.250     ~ -
            {type: decimal, unit: kg, units: g=0.001} ~ 3kg  ~ 3          ~ -
            {type: decimal, unit: kg, units: g=0.001} ~ 3 lb ~ -          ~ be a number of at most 1000 digits in kg or g (type)
            {type: boolean}                        ~ Yes     ~ true       ~ -
            {type: boolean}                        ~ 2       ~ -          ~ 'be true, false, yes, no, 1 or 0 (type)'
            {type: date}                           ~ 2031-02-29 ~ -       ~ be a date like yyyy-MM-dd (type)
            {type: date, format: dd/MM/yyyy}       ~ 28/02/2031 ~ 2031-02-28 ~ -
            {type: date, minimum: 2000-01-01}      ~ 1999-12-31 ~ -       ~ be 2000-01-01 or more (minimum)
            {type: timestamp, minimum: 2000-01-01} ~ 2031-02-03T04:05:06 ~ 2031-02-03T04:05:06Z ~ -
            {allowed: [a, b]}                      ~ c       ~ -          ~ 'be one of a, b (allowed)'
            {type: decimal, allowed: [1.0]}        ~ 1       ~ 1          ~ -
            {pattern: '[a-z]+'}                    ~ aB      ~ -          ~ match [a-z]+ (pattern)
            """)
    void aTextBecomesWhatItsColumnSays(String column, String value, String becomes, String broken) {
        Checked checked = rules(column).check(value);
        assertThat(Optional.ofNullable(checked.value()).map(Object::toString)).isEqualTo(Optional.ofNullable(becomes));
        assertThat(checked.broken().map(b -> b.sentence("x")))
                .isEqualTo(Optional.ofNullable(broken).map(rule -> "x: c must " + rule + ", got '" + value + "'"));
    }

    @Test
    void aValueThatIsTypedBecomesTheSameAsItsText() {
        assertThat(value("{type: integer}", 5.0)).isEqualTo(5L);
        assertThat(value("{type: decimal}", 0.1)).isEqualTo(new BigDecimal("0.1"));
        assertThat(rules("{type: decimal}").check(Double.NaN).broken()).isPresent();
        assertThat(value("{type: boolean}", 1L)).isEqualTo(true);
        assertThat(value("{type: date}", LocalDateTime.of(2031, 2, 3, 0, 0))).isEqualTo(LocalDate.of(2031, 2, 3));
        assertThat(rules("{type: date}")
                        .check(LocalDateTime.of(2031, 2, 3, 4, 5))
                        .broken())
                .isPresent();
        assertThat(value("{type: timestamp}", LocalDate.of(2031, 2, 3)))
                .isEqualTo(Instant.parse("2031-02-03T00:00:00Z"));
        assertThat(value("{type: string}", new BigDecimal("1E+3"))).isEqualTo("1000");
        assertThat(rules("{type: string}").check(List.of("a")).broken()).isPresent();
        assertThat(value("{type: any}", Map.of("a", 1L))).isEqualTo(Map.of("a", 1L));
    }

    @Test
    void aPersonalValueIsNeverSaid() {
        assertThat(rules("{type: integer, pii: encrypt}")
                        .check("123-45-6789")
                        .broken()
                        .orElseThrow()
                        .sentence("x"))
                .isEqualTo("x: c must be a whole number of 64 bits (type), got '*****'");
    }

    @Test
    void whateverComesIsTypedOrBreaksARule() {
        Random random = new Random(20311);
        List<ColumnRules> all = List.of(
                rules("{type: integer, minimum: -5, maximum: 50}"),
                rules("{type: decimal, unit: kg, units: g=0.001}"),
                rules("{type: boolean}"),
                rules("{type: date}"),
                rules("{type: timestamp}"),
                rules("{pattern: '\\w*'}"));
        String letters = "0123456789.-+eE:TZ/ kgtrueyesno\u0000\ud800٣\n";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) text.append(letters.charAt(random.nextInt(letters.length())));
            for (ColumnRules rules : all) {
                Checked checked = rules.check(text.toString());
                assertThat(checked.value() == null).isEqualTo(checked.broken().isPresent());
                // what it became is of its type for good: it is taken again as it is
                if (checked.value() != null)
                    assertThat(rules.check(checked.value()).value()).isEqualTo(checked.value());
            }
        }
    }

    @Test
    void aFieldIsTheColumnThatItsNameSaysBest() {
        DataSchema schema = SchemaFile.read("s", """
                columns:
                  id: {required: true}
                  name: {aliases: [full name], namePattern: na}
                  hired: {required: true}
                """).schema().orElseThrow();
        ColumnMapping mapping = ColumnMapping.of(schema, List.of("Nachname", "ID", "id", "Full Name", "NAME "));

        assertThat(mapping.field("id")).contains("id");
        assertThat(mapping.field("name")).contains("NAME ");
        assertThat(mapping.missing()).extracting(SchemaColumn::name).containsExactly("hired");
        assertThat(mapping.unknown()).containsExactly("Nachname", "ID", "Full Name");
    }

    @Test
    void ofTwoFieldsThatAreOneColumnTheFirstIsItAndTheOtherIsTold() {
        DataSchema schema = SchemaFile.read("s", "columns: {name: {}}").schema().orElseThrow();
        ColumnMapping mapping = ColumnMapping.of(schema, List.of("NAME", "Name"));
        assertThat(mapping.field("name")).contains("NAME");
        assertThat(mapping.twice()).containsExactly("Name");
    }

    private static Object value(String column, Object of) {
        Checked checked = rules(column).check(of);
        assertThat(checked.broken()).isEmpty();
        return checked.value();
    }

    private static ColumnRules rules(String column) {
        SchemaFile.Found found = SchemaFile.read("s", "columns: {c: " + column + "}");
        assertThat(found.problems()).isEmpty();
        return new ColumnRules(found.schema().orElseThrow().columns().get(0), UTC);
    }
}
