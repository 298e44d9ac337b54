package io.caravan.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvertTypesTest {

    private static final Fields FIELDS = Fields.of("id", "v");
    private final List<String> refused = new ArrayList<>();

    @Test
    void eachTypeHasItsValues() {
        assertThat(converted("string", " a ")).isEqualTo(" a ");
        assertThat(converted("integer", "-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(converted("integer", "+007")).isEqualTo(7L);
        assertThat(converted("decimal", "12.50")).isEqualTo(new BigDecimal("12.50"));
        assertThat(converted("decimal", "-.5e-3")).isEqualTo(new BigDecimal("-0.0005"));
        assertThat(converted("double", "1e3")).isEqualTo(1000.0);
        assertThat(converted("boolean", "TRUE")).isEqualTo(true);
        assertThat(converted("boolean", "false")).isEqualTo(false);
        assertThat(converted("integer", "7.0")).isEqualTo(7L); // as a column of whole numbers takes it
        assertThat(converted("json", "{\"a\": [1, 1.50]}")).isEqualTo(Map.of("a", List.of(1L, new BigDecimal("1.50"))));
        assertThat(converted("date", "2024-02-29")).isEqualTo(LocalDate.of(2024, 2, 29));
        assertThat(converted("date(dd.MM.yyyy)", "29.02.2024")).isEqualTo(LocalDate.of(2024, 2, 29));
        assertThat(converted("timestamp", "2025-11-03T22:34:41.5Z"))
                .isEqualTo(Instant.parse("2025-11-03T22:34:41.500Z"));
        assertThat(converted("timestamp", "2025-11-03T22:34:41")).isEqualTo(Instant.parse("2025-11-03T22:34:41Z"));
        assertThat(converted("timestamp", "2025-11-03T22:34:41+02:00"))
                .isEqualTo(Instant.parse("2025-11-03T20:34:41Z"));
    }

    @Test
    void aTimestampOfThePatternIsUtc() {
        assertThat(converted("timestamp(yyyy-MM-dd HH:mm:ss.SSSSSS)", "2025-11-03 22:34:41.495680"))
                .isEqualTo(Instant.parse("2025-11-03T22:34:41.495680Z"));
        assertThat(converted(
                        "timestamp(d MMM yyyy, HH:mm 'o''clock, year' xxx)", "3 Nov 2025, 22:34 o'clock, year +02:00"))
                .isEqualTo(Instant.parse("2025-11-03T20:34:00Z"));
    }

    @Test
    void numbersAreReadAsASampleSays() {
        assertThat(converted("decimal(1.234,56)", "-1.234.567,8")).isEqualTo(new BigDecimal("-1234567.8"));
        assertThat(converted("decimal(1.234,56)", "1234,50")).isEqualTo(new BigDecimal("1234.50"));
        assertThat(converted("decimal(1.234,56)", "7")).isEqualTo(new BigDecimal("7"));
        assertThat(converted("decimal(0,0)", "1,5")).isEqualTo(new BigDecimal("1.5"));
        assertThat(converted("decimal(1 234,5)", "12\u202f345,5")).isEqualTo(new BigDecimal("12345.5"));
        assertThat(converted("decimal(1'234.5)", "1\u2019234.5")).isEqualTo(new BigDecimal("1234.5"));
        assertThat(converted("decimal(€ 1.234,56)", "€\u00a0-1.234,56")).isEqualTo(new BigDecimal("-1234.56"));
        assertThat(converted("decimal(1,234.56 USD)", "1,234.56USD")).isEqualTo(new BigDecimal("1234.56"));
        assertThat(converted("decimal($1,234.56)", "-$5.00")).isEqualTo(new BigDecimal("-5.00"));
        assertThat(converted("decimal(12,5 %)", "12,5%")).isEqualTo(new BigDecimal("0.125"));
        assertThat(converted("decimal(1.5%)", "\u2212100%")).isEqualTo(new BigDecimal("-1.00"));
        assertThat(converted("integer(1.234)", "1.234.567")).isEqualTo(1_234_567L);
        assertThat(converted("double(1.234,5)", "1.234,5")).isEqualTo(1234.5);
    }

    @Test
    void datesHaveTheMonthsOfTheirLanguageAndSomeTextsAreNull() {
        assertThat(converted("string", "007")).isEqualTo("007");
        ConvertTypes german = new ConvertTypes("v=date(d. MMMM yyyy)", "", "UTC", "de", "n/a,NULL,\\N,0");
        assertThat(apply(german, record("3. März 2024")).get(0).at(1)).isEqualTo(LocalDate.of(2024, 3, 3));
        assertThat(apply(german, record("3. märz 2024"))).hasSize(1);
        assertThat(apply(german, record("3. March 2024"))).isEmpty();
        for (String text : List.of("n/a", "NULL", "\\N", "0")) {
            assertThat(apply(german, record(text)).get(0).at(1)).isNull();
        }
        assertThat(apply(german, record("null"))).as("letter by letter").isEmpty();
        assertThat(apply(new ConvertTypes("v=string", "", "UTC", "", "NULL"), record("NULL"))
                        .get(0)
                        .at(1))
                .isNull();
        assertThat(apply(new ConvertTypes("id=string", "", "UTC", "", "NULL"), record("NULL"))
                        .get(0)
                        .at(1))
                .as("a field without a type")
                .isEqualTo("NULL");
        assertThatThrownBy(() -> new ConvertTypes("v=string", "", "UTC", "no such", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "convert-types-action: locale must be a language that Java knows, such as de or pt-BR, got 'no such'");
        assertThatThrownBy(() -> new ConvertTypes("v=decimal(1,2,3.4.5)", ""))
                .hasMessage("convert-types-action: type of v must have a sample of its numbers like 1.234,56 or 12.5 %,"
                        + " got '1,2,3.4.5'");
    }

    @Property(tries = 300)
    void everyMicrosecondSurvives(
            @ForAll @LongRange(min = -62135596800_000000L, max = 253402300799_999999L) long micros) {
        Instant time = Instant.EPOCH
                .plusSeconds(Math.floorDiv(micros, 1_000_000))
                .plusNanos(1000 * Math.floorMod(micros, 1_000_000L));
        var utc = time.atOffset(ZoneOffset.UTC);
        String text = String.format(
                Locale.ROOT,
                "%04d-%02d-%02d %02d:%02d:%02d.%06d",
                utc.getYear(),
                utc.getMonthValue(),
                utc.getDayOfMonth(),
                utc.getHour(),
                utc.getMinute(),
                utc.getSecond(),
                utc.getNano() / 1000);
        assertThat(converted("timestamp(yyyy-MM-dd HH:mm:ss.SSSSSS)", text)).isEqualTo(time);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "integer|1.5|be a whole number of 64 bits",
                "integer|9223372036854775808|be a whole number of 64 bits",
                "integer|' 1'|be a whole number of 64 bits",
                "integer|٣|be a whole number of 64 bits",
                "decimal|1,5|be a number of at most 1000 digits",
                "decimal|NaN|be a number of at most 1000 digits",
                "decimal|1E1001|be a number of at most 1000 digits",
                "decimal|.|be a number of at most 1000 digits",
                "decimal(1.234,56)|1.5|be a number like 1.234,56",
                "decimal(1.234,56)|1,234.56|be a number like 1.234,56",
                "decimal(1.234,56)|12.34.567|be a number like 1.234,56",
                "decimal(1.234,56)|1.234,|be a number like 1.234,56",
                "decimal(€ 1,5)|1,5|be a number like € 1,5",
                "decimal(€ 1,5)|-€ -1,5|be a number like € 1,5",
                "decimal(5%)|5|be a number like 5%",
                "integer(1,234)|1,234.5|be a whole number like 1,234",
                "double|1e999|be a number of 64 bits",
                "double|1e-400|be a number of 64 bits",
                "double|0x1p3|be a number of 64 bits",
                "double|1d|be a number of 64 bits",
                "json|not json|be JSON",
                "boolean|yes|be true or false",
                "date|2025-02-30|be a date like yyyy-MM-dd",
                "date(dd.MM.yyyy)|30.02.2025|be a date like dd.MM.yyyy",
                "timestamp|2025-11-03|be an ISO-8601 time",
                "timestamp(yyyy-MM-dd HH:mm:ss)|2025-02-29 00:00:00|be a time like yyyy-MM-dd HH:mm:ss",
                "timestamp(yyyy-MM-dd HH:mm:ss)|2025-11-03 24:00:00|be a time like yyyy-MM-dd HH:mm:ss",
                "timestamp(yyyy-MM-dd HH:mm:ss)|2025-11-03 10:00:00Z|be a time like yyyy-MM-dd HH:mm:ss",
            })
    void aValueThatIsNotOfItsTypeToTheLastCharacterIsRefused(String type, String text, String rule) {
        assertThat(apply(new ConvertTypes("v=" + type, ""), record(text))).isEmpty();
        assertThat(refused).containsExactly("convert-types-action: v must " + rule + ", got '" + text + "'");
    }

    @Test
    void theReasonIsShortAndOneLine() {
        apply(new ConvertTypes("v=integer", ""), record("a\n\0" + "x".repeat(1000)));
        assertThat(refused)
                .containsExactly(
                        "convert-types-action: v must be a whole number of 64 bits, got 'a␣␣" + "x".repeat(97) + "…'");
    }

    @Test
    void nullStaysNullAndAnEmptyTextBecomesNullUnlessItIsAText() {
        assertThat(converted("integer", null)).isNull();
        assertThat(converted("integer", "")).isNull();
        assertThat(converted("timestamp(yyyyMMddHH)", "")).isNull();
        assertThat(converted("string", "")).isEqualTo("");
    }

    @Test
    void whatIsTypedAlreadyIsKeptOrConvertedFromItsText() {
        Instant time = Instant.parse("2025-11-03T22:34:41Z");
        assertThat(converted("timestamp(yyyyMMddHH)", time)).isEqualTo(time);
        assertThat(converted("decimal", 5L)).isEqualTo(new BigDecimal("5"));
        assertThat(converted("string", 5L)).isEqualTo("5");
    }

    @Test
    void requiredFieldsMustHaveAValue() {
        ConvertTypes step = new ConvertTypes("id=integer", "v, absent");
        assertThat(apply(step, record(null), record(" "), record("x"))).isEmpty();
        assertThat(refused)
                .containsExactly(
                        "convert-types-action: absent must not be blank, got ''",
                        "convert-types-action: absent must not be blank, got ''",
                        "convert-types-action: absent must not be blank, got ''");
        refused.clear();
        assertThat(apply(new ConvertTypes("", "v"), record(null), record(" "), record("x")))
                .hasSize(1);
        assertThat(refused)
                .containsExactly(
                        "convert-types-action: v must not be blank, got ''",
                        "convert-types-action: v must not be blank, got ' '");
    }

    @Test
    void theRestOfTheBatchGoesOnInOrderWithKeyOriginAndHash() {
        Record tombstone = Record.tombstone("9", Fields.of("id"), new Object[] {"9"}, 3);
        List<Record> out =
                apply(new ConvertTypes("v=integer,other=date", ""), record("1"), record("x"), tombstone, record("3"));
        assertThat(out).extracting(r -> r.get("v").orElse("none")).containsExactly(1L, "none", 3L);
        assertThat(out.get(1)).isSameAs(tombstone);
        assertThat(out.get(0).key()).isEqualTo("k");
        assertThat(out.get(0).hash()).isEqualTo(new Hash(1, 2));
        assertThat(out.get(0).origin()).isEqualTo(new Origin("o.csv", 2));
    }

    @Test
    void allProblemsOfTheSettingsAreReported() {
        assertThatThrownBy(() -> new ConvertTypes(
                        "a=int,b,c=date(qq),t=timestamp(yyyy-MM-dd),d=integer(x),e=integer,e=date", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "convert-types-action: type of a must be string, integer, decimal, double, boolean, json, date, timestamp;"
                                + " date(pattern) or timestamp(pattern); or integer, decimal or double(sample), as in decimal(1.234,56), got 'int'",
                        "convert-types-action: types must be field=type, ..., got 'b'",
                        "convert-types-action: type of c must have a pattern like yyyy-MM-dd HH:mm:ss that says all of it,"
                                + " got 'qq'",
                        "convert-types-action: type of t must have a pattern like yyyy-MM-dd HH:mm:ss that says all of it,"
                                + " got 'yyyy-MM-dd'",
                        "convert-types-action: type of d must have a sample of its numbers like 1.234,56 or 12.5 %, got 'x'",
                        "convert-types-action: types must name a field once, got 'e'"));
        assertThatThrownBy(() -> new ConvertTypes(" ", " "))
                .hasMessage("convert-types-action: types must name at least one field, got ' '");
    }

    private Object converted(String type, Object value) {
        List<Record> out = apply(new ConvertTypes("v=" + type, ""), record(value));
        assertThat(refused).isEmpty();
        return out.get(0).get("v").orElse(null);
    }

    private List<Record> apply(ConvertTypes step, Record... batch) {
        return step.apply(List.of(batch), (record, reason) -> refused.add(reason.getMessage()));
    }

    private static Record record(Object value) {
        return Record.read("k", FIELDS, new Object[] {"1", value}, new Origin("o.csv", 2), new Hash(1, 2));
    }
}
