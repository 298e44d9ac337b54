package io.caravan.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.BadRecordException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldTypeTest {

    private static final long SEED = 2_025;
    private static final List<String> MOMENTS =
            List.of("yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd", "dd/MM/yyyy HH:mm", "dd/MM/yyyy");

    private final Random random = new Random(SEED);

    private static Object convert(FieldType type, Object value) {
        return new TypedCell("k.f", type).of(value, null).orElseThrow();
    }

    @Test
    void everyWholeNumberComesBackFromItsText() {
        FieldType type = FieldType.named("integer");
        for (int i = 0; i < 10_000; i++) {
            long number = random.nextLong() >> random.nextInt(64);
            assertThat(convert(type, " " + number + " ")).as("seed " + SEED).isEqualTo(number);
            assertThat(convert(type, number)).isEqualTo(number);
        }
        BigInteger beyond = BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.ONE);
        assertThatThrownBy(() -> convert(type, beyond.toString())).isInstanceOf(BadRecordException.class);
    }

    @Test
    void everyDecimalAndDoubleComesBackFromItsText() {
        for (int i = 0; i < 10_000; i++) {
            BigDecimal decimal = new BigDecimal(new BigInteger(random.nextInt(100), random), random.nextInt(30));
            assertThat((BigDecimal) convert(FieldType.named("decimal"), decimal.toPlainString()))
                    .as("seed " + SEED)
                    .isEqualByComparingTo(decimal);
            double real = random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
            assertThat(convert(FieldType.named("double"), Double.toString(real)))
                    .isEqualTo(real);
        }
    }

    @Test
    void everyTextIsItself() {
        for (int i = 0; i < 10_000; i++) {
            String text = random.ints(1 + random.nextInt(20), 0x20, 0x2fff)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            assertThat(convert(FieldType.named("text"), text))
                    .as("seed " + SEED)
                    .isEqualTo(text);
        }
        assertThat(convert(FieldType.named("text"), 9785308985481L)).isEqualTo("9785308985481");
        assertThat(convert(FieldType.named("text"), new BigDecimal("5.0"))).isEqualTo("5");
    }

    @Test
    void everyTimeComesBackFromEachOfItsForms() {
        FieldType utc = FieldType.dated(true, MOMENTS, ZoneOffset.UTC);
        FieldType berlin = FieldType.dated(true, MOMENTS, ZoneId.of("Europe/Berlin"));
        FieldType day = FieldType.dated(false, List.of("yyyy-MM-dd", "dd/MM/yyyy"), ZoneOffset.UTC);
        for (int i = 0; i < 10_000; i++) {
            LocalDateTime time =
                    LocalDateTime.ofEpochSecond(random.nextInt(Integer.MAX_VALUE) / 60 * 60L, 0, ZoneOffset.UTC);
            LocalDate date = time.toLocalDate();
            for (String pattern : MOMENTS) {
                String text = DateTimeFormatter.ofPattern(pattern).format(time);
                LocalDateTime said = pattern.contains("H") ? time : date.atStartOfDay();
                assertThat(convert(utc, text))
                        .as("seed " + SEED + ", " + text)
                        .isEqualTo(said.toInstant(ZoneOffset.UTC));
                assertThat(convert(berlin, text))
                        .isEqualTo(said.atZone(ZoneId.of("Europe/Berlin")).toInstant());
            }
            assertThat(convert(day, date.toString())).isEqualTo(date);
            assertThat(convert(day, DateTimeFormatter.ofPattern("dd/MM/yyyy").format(date)))
                    .isEqualTo(date);
            Instant typed = time.toInstant(ZoneOffset.UTC);
            assertThat(convert(utc, typed)).isEqualTo(typed);
            assertThat(convert(utc, date)).isEqualTo(date.atStartOfDay().toInstant(ZoneOffset.UTC));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2025-02-30",
                "30/02/2025",
                "2025-2-3",
                "yesterday",
                "2025-01-01 25:00",
                "2025-01-01T10:00:00Z",
                "20250101"
            })
    void aTimeOfAnotherFormIsRefused(String text) {
        assertThatThrownBy(() -> convert(FieldType.dated(true, MOMENTS, ZoneOffset.UTC), text))
                .isInstanceOf(BadRecordException.class)
                .hasMessage(
                        "shape-documents-action: k.f must be a time like yyyy-MM-dd HH:mm or yyyy-MM-dd HH:mm:ss or "
                                + "yyyy-MM-dd or dd/MM/yyyy HH:mm or dd/MM/yyyy, got '" + text
                                + "'; write it like yyyy-MM-dd HH:mm in the cell, or give the field another type");
    }

    @Test
    void isoTimesMayHaveAnOffset() {
        FieldType iso = FieldType.dated(true, List.of("yyyy-MM-dd'T'HH:mm[:ss][.SSS]XXX"), ZoneOffset.UTC);
        assertThat(convert(iso, "2025-01-01T10:00:00+02:00")).isEqualTo(Instant.parse("2025-01-01T08:00:00Z"));
        assertThat(convert(iso, "2025-01-01T10:00Z")).isEqualTo(Instant.parse("2025-01-01T10:00:00Z"));
    }

    @Test
    void truthIsOfTwoWordsOnly() {
        FieldType type = FieldType.named("boolean");
        assertThat(convert(type, "TRUE")).isEqualTo(true);
        assertThat(convert(type, "FALSE")).isEqualTo(false);
        for (String other : List.of("true", "False", "yes", "0", "1", "TRUE FALSE", "T")) {
            assertThatThrownBy(() -> convert(type, other)).isInstanceOf(BadRecordException.class);
        }
    }

    @Test
    void whatIsShownOfAValueIsShortAndOnOneLine() {
        assertThatThrownBy(() -> convert(FieldType.named("integer"), "a\nb\0" + "x".repeat(5_000)))
                .hasMessageMatching(
                        "shape-documents-action: k.f must be a whole number of 64 bits, got 'a␣b␣x{96}…'; .*");
    }
}
