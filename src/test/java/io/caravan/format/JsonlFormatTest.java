package io.caravan.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonlFormatTest {

    private static final JsonlFormat JSONL = new JsonlFormat();

    @Test
    void aLineBecomesARecordOfTypedValues() {
        Reading reading = read(
                "{\"id\":7,\"a\":\"é😀\\u0000\\ud83d\\ude00\",\"b\":true,\"c\":null,\"d\":[1,{\"x\":\"\"}],\"e\":{}}\n");
        Record record = reading.records().get(0);
        assertThat(record.key()).isEqualTo("7");
        assertThat(record.origin()).isEqualTo(new Origin("o.jsonl", 1));
        assertThat(record.fields().names()).containsExactly("id", "a", "b", "c", "d", "e");
        assertThat(Reading.values(record))
                .isEqualTo(Arrays.asList(7L, "é😀\0😀", true, null, List.of(1L, Map.of("x", "")), Map.of()));
    }

    @Test
    void numbersKeepTheirValue() {
        assertThat(read("{\"id\":\"a\",\"n\":[123456789012345678,9223372036854775807,9223372036854775808,"
                                + "0.1,0.30000000000000000000000000000000000004,1e400,-0,1.50]}\n")
                        .values()
                        .get(0)
                        .get(1))
                .isEqualTo(List.of(
                        123456789012345678L,
                        Long.MAX_VALUE,
                        new BigDecimal("9223372036854775808"),
                        new BigDecimal("0.1"),
                        new BigDecimal("0.30000000000000000000000000000000000004"),
                        new BigDecimal("1e400"),
                        0L,
                        new BigDecimal("1.50")));
    }

    @Test
    void aKeyMayLieInsideObjects() {
        Reading reading = nested(
                "{\"node\":{\"id\":7,\"in\":{\"x\":\"a\"}},\"v\":1}\n{\"v\":2,\"node\":{\"id\":8.0,\"in\":{\"x\":\"b\"}}}\n",
                "node.id",
                "node.in.x");
        assertThat(reading.reasons()).isEmpty();
        assertThat(reading.records()).extracting(Record::key).containsExactly("7|a", "8|b");
        assertThat(reading.records().get(0).fields().names()).containsExactly("node", "v", "node.id", "node.in.x");
        assertThat(reading.values().get(0)).containsExactly(Map.of("id", 7L, "in", Map.of("x", "a")), 1L, 7L, "a");
        assertThat(nested(
                                "{\"node\":1}\n{\"node\":{\"id\":null}}\n{\"node\":[{\"id\":1}]}\n{\"x\":1}\n{\"node\":{\"id\":\"\"}}\n",
                                "node.id")
                        .reasons())
                .containsExactly(
                        "o.jsonl:1: node.id must be there, got ''",
                        "o.jsonl:2: node.id must be there, got ''",
                        "o.jsonl:3: node.id must be there, got ''",
                        "o.jsonl:4: node.id must be there, got ''",
                        "o.jsonl:5: node.id must not be blank, got ''");
        assertThat(nested("{\"node.id\":1,\"node\":{\"id\":2}}\n{\"a.b\":{\"id\":3},\"node.id\":4}\n", "node.id")
                        .records())
                .as("a field of that name comes first")
                .extracting(Record::key)
                .containsExactly("1", "4");
        assertThat(nested("{\"a.b\":{\"id\":3},\"a\":{\"b\":{\"id\":5}}}\n", "a.b.id")
                        .records())
                .extracting(Record::key)
                .containsExactly("3");
    }

    @Test
    void oneNumberIsOneKeyHoweverItIsWritten() {
        assertThat(read("{\"id\":5}\n{\"id\":5.0}\n{\"id\":5e0}\n{\"id\":0.50}\n{\"id\":-0.0}\n{\"id\":true}\n")
                        .records())
                .extracting(Record::key)
                .containsExactly("5", "5", "5", "0.5", "0", "true");
    }

    @Test
    void shapesMayDifferFromLineToLine() {
        assertThat(
                        read("{\"id\":1,\"a\":1}\n{\"a\":2,\"id\":2}\r\n\n  \n{\"id\":3}\n{\"id\":4,\"a\":1,\"b\":2}\n{\"id\":5,\"a\":3}")
                                .records())
                .extracting(r -> r.key() + r.fields() + r.origin().line())
                .containsExactly("1[id, a]1", "2[a, id]2", "3[id]5", "4[id, a, b]6", "5[id, a]7");
    }

    @Test
    void objectsWithoutLineBreaksBetweenThemAreReadOneByOne() {
        Reading reading = read(
                "{\"id\":1}{\"id\":2} {\"a\":3}\t{\"id\":4,\"b\":{\"c\":[{}]}}\n{\"id\":5}\r\n\n{\"id\":6}{\"id\":7}");
        assertThat(reading.records()).extracting(Record::key).containsExactly("1", "2", "4", "5", "6", "7");
        assertThat(reading.records()).extracting(r -> r.origin().line()).containsExactly(1L, 1L, 1L, 2L, 4L, 4L);
        assertThat(reading.reasons()).containsExactly("o.jsonl:1: id must be there, got ''");
        Reading broken = read("{\"id\":1}{\"id\":2},{\"id\":3}\n{\"id\":4}\n");
        assertThat(broken.records()).extracting(Record::key).containsExactly("4");
        assertThat(broken.bad()).hasSize(1);
        for (String cut : List.of("{\"id\":1}{\"id\":2", "{\"id\":1}{", "{\"id\":1}{\"id\":2}{\"id\"")) {
            assertThatThrownBy(() -> read(cut)).isInstanceOf(IncompleteSourceException.class);
        }
        try (RecordReader reader = JSONL.open(
                new ByteArrayInputStream("{\"id\":1}{\"id\":2}".getBytes(UTF_8)), "o.jsonl", List.of("id"))) {
            while (reader.read(bad -> {}).isPresent()) {}
            assertThat(reader.asStored()).as("a store would read one a line").isFalse();
        }
    }

    @Test
    void whatPythonWritesForNumbersThatAreNoneIsNullBySetting() {
        TextOptions text =
                TextOptions.of("auto", 0, "", "fail", "fail", "fail", "", false, "asNull", "fail", "first", "number");
        String line = "{\"id\":1,\"a\":NaN,\"b\":[Infinity,-Infinity,2]}";
        List<Object> values = Arrays.asList(1L, null, Arrays.asList(null, null, 2L));
        assertThat(Reading.of(new JsonlFormat(text), "o.jsonl", line + "\n" + line.replace("1", "NaN"), "id")
                        .values())
                .containsExactly(values);
        assertThat(Reading.of(new JsonFormat("", text), "o.json", "[" + line + "]", "id")
                        .values())
                .containsExactly(values);
        assertThatThrownBy(() -> Reading.of(new JsonFormat(""), "o.json", "[" + line + "]", "id"))
                .hasMessageContaining("NaN, which JSON does not have")
                .hasMessageEndingWith("; nan: asNull takes it for null");
        assertThat(new JsonlFormat(text).form("o.jsonl")).isEmpty();
    }

    @Test
    void linesThatAreNoRecordsAreHandedOverAndTheRestGoesOn() {
        Reading reading = read(String.join(
                "\n",
                "[1]",
                "{\"id\":1} 2",
                "{\"id\":1,\"id\":2}",
                "{\"id\":1,\"m\":{\"a\":1,\"a\":2}}",
                "{\"a\":1}",
                "{\"id\":\" \"}",
                "{\"id\":[1]}",
                "{\"id\":\"a\\u0000\"}",
                "{\"id\":1,\"a\":\"\\ud800\"}",
                "{\"id\":1,\"\":2}",
                "{\"id\":1,\"a\":NaN}",
                "{\"id\":1,",
                "nonsense",
                "{\"id\":1,\"n\":" + "9".repeat(10_000) + "}",
                "{\"id\":1,\"n\":1e99999}",
                "{\"id\":1,\"n\":1e99999999999}",
                "{\"id\":1,\"d\":" + "[".repeat(1001) + "]".repeat(1001) + "}",
                "{\"id\":1,\"d\":" + "[".repeat(300_000) + "}",
                "{\"id\":\"good\",\"d\":" + "[".repeat(999) + "]".repeat(999) + "}",
                ""));
        assertThat(reading.records()).extracting(Record::key).containsExactly("good");
        assertThat(reading.reasons().stream().map(r -> r.length() > 120 ? r.substring(0, 120) : r))
                .containsExactly(
                        "o.jsonl:1: a record must be a JSON object, got 'a list'",
                        "o.jsonl:2: a line must hold one JSON object, or several, got 'more'",
                        "o.jsonl:3: fields: names must differ, got 'id' twice",
                        "o.jsonl:4: m must have no name twice, got 'a'",
                        "o.jsonl:5: id must be there, got ''",
                        "o.jsonl:6: id must not be blank, got ' '",
                        "o.jsonl:7: id must be a text, number, boolean or time as a part of the key, got 'a list'",
                        "o.jsonl:8: key must hold no NUL character, got 'a␀'",
                        "o.jsonl:9: a must hold no half surrogate pair, got 'one at character 0'",
                        "o.jsonl:10: a field's name must not be blank nor hold NUL, got ''",
                        "o.jsonl:11: the line must be JSON, got 'NaN, which JSON does not have (use null or a text)'; nan: asNull takes it for nu",
                        "o.jsonl:12: the line must be JSON, got 'an end inside a value'",
                        "o.jsonl:13: the line must be JSON, got 'the word nonsense, which is no text in quotes, number, true, false or null'",
                        "o.jsonl:14: n must have at most 1000 digits, got '10000'",
                        "o.jsonl:15: n must have an exponent of at most 10000, got '1e99999'",
                        "o.jsonl:16: n must have an exponent of at most 10000, got '1e99999999999'",
                        "o.jsonl:17: d must be nested up to 1000 levels, got 'more'",
                        "o.jsonl:18: d must be nested up to 1000 levels, got 'more'");
        assertThat(reading.bad().get(4).raw()).isEqualTo("{\"a\":1}");
        assertThat(reading.bad()).extracting(b -> b.origin().line()).startsWith(1L, 2L, 3L);
    }

    @Test
    void aHundredThousandFieldsMakeABadRow() {
        StringBuilder line = new StringBuilder("{\"id\":1");
        for (int i = 0; i < 100_000; i++) line.append(",\"f").append(i).append("\":1");
        assertThat(read(line + "}\n{\"id\":2}\n").reasons())
                .containsExactly("o.jsonl:1: fields must be at most 10000, got 'more'");
    }

    @Test
    void bytesThatAreNotUtf8MakeABadRow() {
        byte[] bytes =
                "{\"id\":1,\"a\":\"\u00e9\"}\n{\"id\":2,\"a\":\"\u00ed\u00a0\u0080\"}\n{\"id\":3,\"a\":\"\u00c0\u0080\"}\n{\"id\":4}\n"
                        .getBytes(ISO_8859_1);
        Reading reading = Reading.of(JSONL, "o.jsonl", bytes, "id");
        assertThat(reading.records()).extracting(Record::key).containsExactly("4");
        assertThat(reading.reasons())
                .containsExactly(
                        "o.jsonl:1: the line must be UTF-8, got 'other bytes'; they look like windows-1252: say charset: windows-1252",
                        "o.jsonl:2: the line must be UTF-8, got 'other bytes'; they look like windows-1252: say charset: windows-1252",
                        "o.jsonl:3: the line must be UTF-8, got 'other bytes'; they look like windows-1252: say charset: windows-1252");
    }

    @Test
    void aByteOrderMarkIsSkippedAndAnEmptyObjectHasNoRecords() {
        assertThat(read("\uFEFF{\"id\":1}\n").records()).hasSize(1);
        assertThat(read("\uFEFF").records()).isEmpty();
        assertThat(read("").records()).isEmpty();
    }

    @Test
    void aLastLineThatIsCutOffIsNoBadRow() {
        assertThatThrownBy(() -> read("{\"id\":1}\n{\"id\":2,\"a\":tru"))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage(
                        "o.jsonl:2: the last line must be whole or end with a line break, got '{\"id\":2,\"a\":tru'");
        assertThatThrownBy(() ->
                        read("{\"id\":1}\n{\"id\":2,\"a\":\"\u00ed").records().get(0))
                .isInstanceOf(IncompleteSourceException.class);
    }

    @Test
    void aLineOf64MebibytesIsPassedOverInBoundedMemory() {
        int least = Lines.LONGEST;
        Reading reading = Reading.of(
                JSONL, "o.jsonl", endingLine("{\"id\":1,\"a\":\"", least + 1000L, "\"}\n{\"id\":2}\n"), "id");
        assertThat(reading.records()).extracting(Record::key).containsExactly("2");
        assertThat(reading.reasons()).containsExactly("o.jsonl:1: a line must be less than 67108864 bytes, got 'more'");
        Reading large =
                Reading.of(JSONL, "o.jsonl", endingLine("{\"id\":1,\"a\":\"", 50 << 20, "\"}\n{\"id\":2}\n"), "id");
        assertThat(large.records()).hasSize(2);
        assertThatThrownBy(
                        () -> Reading.of(JSONL, "o.jsonl", endingLine("{\"id\":1,\"a\":\"", least + 1000L, ""), "id"))
                .isInstanceOf(IncompleteSourceException.class);
    }

    private static InputStream endingLine(String begin, long xs, String end) {
        return new Repeated(begin, 'x', xs, end);
    }

    private static Reading read(String text) {
        return Reading.of(JSONL, "o.jsonl", text, "id");
    }

    /** No store keeps halves apart, and the ledger makes them question marks. */
    @Test
    void aKeyWithHalfASurrogatePairIsABadRow() {
        Fields id = Fields.of("id");
        RecordMaker maker = new RecordMaker(id, List.of("id"));
        Origin origin = new Origin("o", 1);
        for (String key : List.of("\ud800", "a\udc00", "\ud800a", "\udc00\ud800")) {
            assertThatThrownBy(() -> maker.make(new Object[] {key}, origin))
                    .hasMessageContaining("key must hold no half surrogate pair");
        }
        assertThat(maker.make(new Object[] {"🙂"}, origin).key()).isEqualTo("🙂");
    }

    private static Reading nested(String json, String... keys) {
        return Reading.of(JSONL, "o.jsonl", json, keys);
    }
}
