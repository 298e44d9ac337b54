package io.caravan.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ContentHashTest {

    private final ContentHash hasher = new ContentHash();

    // ---- known answers, computed from docs/records.md by a program in another language (Python's hashlib and struct)

    @Test
    void anEmptyRecordHasTheKnownHash() {
        assertThat(hash()).isEqualTo("8ee7e389b35415731fa4fd254991bfd8");
    }

    @Test
    void textsNullAndEmptyHaveTheKnownHash() {
        assertThat(hash("record_id", "8f3a99d9", "user_id", "user_27", "message", null, "campaign", ""))
                .isEqualTo("d276bcd897a7457bd2dadf03e405c17c");
    }

    @Test
    void numbersHaveTheKnownHash() {
        assertThat(hash(
                        "long",
                        -1200L,
                        "decimal",
                        new BigDecimal("12.50"),
                        "double",
                        0.1,
                        "zero",
                        -0.0,
                        "big",
                        new BigDecimal(BigInteger.ONE.shiftLeft(70))))
                .isEqualTo("0effb4fbf4d8995e536bf470b6a2403e");
    }

    @Test
    void timesHaveTheKnownHash() {
        assertThat(hash(
                        "instant", Instant.parse("2025-11-03T22:34:41.495680Z"),
                        "local", LocalDateTime.parse("2025-11-03T22:34:41"),
                        "day", LocalDate.parse("2025-11-03")))
                .isEqualTo("1ae3bf21a032f321292e714a3b590388");
    }

    @Test
    void textsBeyondAsciiHaveTheKnownHash() {
        assertThat(hash("näme", "Grüße 😀 e\u0301", "nul", "\0", "alone", "\ud83d"))
                .isEqualTo("816f45806e982c0508b11368fa55a89b");
    }

    @Test
    void nestedAndBinaryValuesHaveTheKnownHash() {
        assertThat(hash(
                        "flags",
                        Arrays.asList(true, false, null),
                        "map",
                        Map.of("b", List.of(1L), "a", Map.of()),
                        "bytes",
                        new byte[] {0, -1},
                        "vector",
                        new float[] {-0f, -1.5f},
                        "nan",
                        Double.NaN,
                        "inf",
                        Double.POSITIVE_INFINITY,
                        "ninf",
                        Double.NEGATIVE_INFINITY))
                .isEqualTo("c1b7e368cb23c78b015963336edbd0ae");
    }

    // ---- what is the same and what is not

    @Test
    void numbersOfOneValueAreTheSame() {
        List<Object> ones = List.of(
                1L, 1.0, new BigDecimal("1"), new BigDecimal("1.000"), new BigDecimal("10E-1"), new BigDecimal("1e0"));
        assertThat(ones).extracting(one -> hash("n", one)).containsOnly(hash("n", 1L));
        assertThat(hash("n", 0.0)).isEqualTo(hash("n", -0.0)).isEqualTo(hash("n", new BigDecimal("0.00")));
        assertThat(hash("n", 1e22)).isEqualTo(hash("n", new BigDecimal("1E+22")));
        assertThat(hash("n", Double.NaN)).isEqualTo(hash("n", Double.longBitsToDouble(0x7ff8000000000001L)));
    }

    @Test
    void nullAbsentAndEmptyAreThreeThings() {
        assertThat(List.of(hash("a", "x"), hash("a", "x", "b", null), hash("a", "x", "b", "")))
                .doesNotHaveDuplicates();
    }

    @Test
    void likenessIsNotEnough() {
        assertThat(List.of(
                        hash("a", "1"),
                        hash("a", 1L),
                        hash("a", true),
                        hash("a", "é"),
                        hash("a", "e\u0301"),
                        hash("a", "?"),
                        hash("a", "\ud800"),
                        hash("a", "\ufffd"),
                        hash("a", Instant.parse("2025-11-03T00:00:00Z")),
                        hash("a", LocalDateTime.parse("2025-11-03T00:00:00")),
                        hash("a", LocalDate.parse("2025-11-03")),
                        hash("a", List.of("1")),
                        hash("a", List.of(List.of("1"))),
                        hash("a", Map.of("1", "1")),
                        hash("a", new byte[] {1}),
                        hash("a", new float[] {1})))
                .doesNotHaveDuplicates();
    }

    @Test
    void aValueCannotPretendToBeTwo() {
        assertThat(hash("a", "xs", "b", "")).isNotEqualTo(hash("a", "x", "b", "s"));
        assertThat(hash("ab", "x")).isNotEqualTo(hash("a", "bx"));
        assertThat(hash("a", List.of("x", "y"), "b", null)).isNotEqualTo(hash("a", List.of("x"), "b", "y"));
    }

    @Test
    void aTypeRecordsDoNotAllowIsRefusedAndSpoilsNothing() {
        String before = hash("a", "x");
        assertThatThrownBy(() -> hash("a", "x", "b", 'y'))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("record: value must be of a type that records allow, got 'a value of another kind'");
        assertThat(hash("a", "x")).isEqualTo(before);
    }

    @Property(tries = 300)
    void theOrderOfFieldsDoesNotMatter(@ForAll("values") List<Object> values, @ForAll long seed) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) order.add(i);
        Collections.shuffle(order, new Random(seed));
        Fields straight = new Fields(order.stream().sorted().map(i -> "f" + i).toList());
        Fields shuffled = new Fields(order.stream().map(i -> "f" + i).toList());
        assertThat(hasher.of(shuffled, order.stream().map(values::get).toArray()))
                .isEqualTo(hasher.of(straight, values.toArray()));
    }

    @Property(tries = 3000)
    void twoRecordsHaveOneHashExactlyWhenTheySayTheSame(
            @ForAll("values") List<Object> one, @ForAll("values") List<Object> other) {
        assertThat(hashOf(one).equals(hashOf(other))).isEqualTo(meaning(one).equals(meaning(other)));
    }

    @Property(tries = 200)
    void aLongTextIsHashedAsAWhole(@ForAll int seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        int length = 4080 + random.nextInt(40);
        while (text.length() < length) text.appendCodePoint(random.nextBoolean() ? 'a' : 0xE0 + random.nextInt(0x500));
        String changed = text.substring(0, text.length() - 1) + "!";
        assertThat(hash("a", text.toString()))
                .isEqualTo(hash("a", text.toString()))
                .isNotEqualTo(hash("a", changed));
    }

    /** Few and tricky values, so that pairs often say the same. */
    @Provide
    Arbitrary<List<Object>> values() {
        Arbitrary<Object> plain = Arbitraries.of(
                        "",
                        "1",
                        "a",
                        "ab",
                        "b",
                        "n",
                        "\0",
                        "\0\0\0\1s",
                        "\ud83d\ude00",
                        "\ud83d",
                        "é",
                        "e\u0301",
                        0L,
                        1L,
                        10L,
                        -10L,
                        Long.MIN_VALUE,
                        1.0,
                        -0.0,
                        1e1,
                        0.1,
                        Double.NaN,
                        Double.MIN_VALUE,
                        true,
                        false,
                        new BigDecimal("0.10"),
                        new BigDecimal("1.0"),
                        new BigDecimal("1E1"),
                        new BigDecimal("-9223372036854775808"),
                        Instant.EPOCH,
                        Instant.parse("1970-01-01T00:00:00.5Z"),
                        LocalDate.EPOCH,
                        LocalDateTime.parse("1970-01-01T00:00:00"))
                .map(Object.class::cast)
                .injectNull(0.1);
        Arbitrary<Object> nested = Arbitraries.lazyOf(
                () -> plain,
                () -> plain,
                () -> plain.list().ofMaxSize(2).map(Object.class::cast),
                () -> Arbitraries.maps(Arbitraries.of("a", "b"), plain).map(LinkedHashMap::new));
        return nested.list().ofMaxSize(2);
    }

    private Hash hashOf(List<Object> values) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) names.add("f" + i);
        return hasher.of(new Fields(names), values.toArray());
    }

    /** The same idea of sameness, said with Java's own equals. */
    private static Object meaning(Object value) {
        if (value instanceof List<?> list)
            return list.stream().map(ContentHashTest::meaning).toList();
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((k, v) -> sorted.put(k.toString(), meaning(v)));
            return sorted;
        }
        if (value instanceof Long whole) return "number " + new BigDecimal(whole).stripTrailingZeros();
        if (value instanceof Double real && !real.isNaN()) {
            return "number " + BigDecimal.valueOf(real).add(BigDecimal.ZERO).stripTrailingZeros();
        }
        if (value instanceof BigDecimal decimal) return "number " + decimal.stripTrailingZeros();
        return value == null ? "nothing" : value.getClass().getSimpleName() + " " + value;
    }

    private String hash(Object... namesAndValues) {
        List<String> names = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            names.add((String) namesAndValues[i]);
            values.add(namesAndValues[i + 1]);
        }
        return hasher.of(new Fields(names), values.toArray()).toString();
    }
}
