package io.caravan.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** CSV as Excel, PowerShell and pandas write it. */
class CsvVariantsTest {

    private static final CsvFormat PLAIN = new CsvFormat(",", List.of());
    private static final List<String> KEY = List.of("id");

    private final List<String> bad = new ArrayList<>();

    @Test
    void utf16WithAByteOrderMarkIsReadAndOtherStoresAreNotSentToIt() {
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            byte[] file = "\uFEFFid\tname\r\n1\tCafé\r\n2\t😀\r\n".getBytes(charset);
            try (RecordReader reader = open(new CsvFormat("tab", List.of()), file, KEY)) {
                assertThat(rows(reader)).containsExactly(List.of("1", "Café"), List.of("2", "😀"));
                assertThat(reader.asStored()).isFalse();
            }
        }
        try (RecordReader reader = open(PLAIN, bytes("id\n1\n"), KEY)) {
            assertThat(rows(reader)).hasSize(1);
            assertThat(reader.asStored()).isTrue();
        }
    }

    @Test
    void utf16IsReadAsTheSameTextInUtf8WhereverTheStreamIsCut() {
        Random random = new Random(24);
        for (int trial = 0; trial < 60; trial++) {
            StringBuilder text = new StringBuilder("id,v\n");
            for (int row = 0; row < 1 + random.nextInt(2_000); row++) {
                text.append(row).append(",\"");
                for (int i = random.nextInt(12); i > 0; i--) {
                    text.appendCodePoint(
                            random.nextInt(4) == 0 ? 0x1F600 + random.nextInt(50) : 'a' + random.nextInt(500));
                }
                text.append("\"\n");
            }
            byte[] wide = ("\uFEFF" + text)
                    .getBytes(random.nextBoolean() ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE);
            assertThat(rows(PLAIN, wide, KEY)).isEqualTo(rows(PLAIN, bytes(text.toString()), KEY));
        }
    }

    @Test
    void jsonLinesInUtf16AreReadToo() {
        byte[] file = "\uFEFF{\"id\":\"é\"}\n".getBytes(StandardCharsets.UTF_16LE);
        try (RecordReader reader = new JsonlFormat().open(new ByteArrayInputStream(file), "o.jsonl", KEY)) {
            assertThat(reader.read(b -> {})).get().extracting(Record::key).isEqualTo("é");
        }
        byte[] list = "\uFEFF[{\"id\":\"é\"}]".getBytes(StandardCharsets.UTF_16BE);
        try (RecordReader reader = new JsonFormat("").open(new ByteArrayInputStream(list), "o.json", KEY)) {
            assertThat(reader.read(b -> {})).get().extracting(Record::key).isEqualTo("é");
        }
    }

    @Test
    void utf16ThatIsCutInsideACharacterFailsTheObject() {
        byte[] file = "\uFEFFid\n1\n2".getBytes(StandardCharsets.UTF_16LE);
        byte[] half = "\uFEFFid\n1\n😀\n".getBytes(StandardCharsets.UTF_16LE);
        for (byte[] cut : List.of(Arrays.copyOf(file, file.length - 1), Arrays.copyOf(half, half.length - 4))) {
            assertThatThrownBy(() -> rows(PLAIN, cut, KEY))
                    .isInstanceOf(IncompleteSourceException.class)
                    .hasMessageStartingWith("o.csv:3: the last row must be whole or end with a line break");
        }
    }

    @Test
    void aFirstLineThatSaysTheDelimiterIsNoHeader() {
        for (String first : List.of("sep=;\r\n", "\uFEFFsep=;\n", "\"sep=;\"\r\n")) {
            try (RecordReader reader = open(PLAIN, bytes(first + "id;t\n1;a,b\n"), KEY)) {
                Record record = reader.read(b -> {}).orElseThrow();
                assertThat(values(record)).containsExactly("1", "a,b");
                assertThat(record.origin().line()).isEqualTo(3);
                assertThat(reader.asStored()).isFalse();
            }
        }
        byte[] excel = "\uFEFFsep=\t\nid\tt\n1\ta\n".getBytes(StandardCharsets.UTF_16LE);
        assertThat(rows(PLAIN, excel, KEY)).containsExactly(List.of("1", "a"));
        assertThat(rows(PLAIN, bytes("sep=;,x\n1,2\n"), List.of("sep=;")))
                .as("a header that only begins like it")
                .containsExactly(List.of("1", "2"));
    }

    @Test
    void withoutAHeaderTheColumnsAreNamedBySettings() {
        CsvFormat format = new CsvFormat(",", List.of("id", "v"), "none", "");
        assertThat(rows(format, bytes("1,a\n2,b"), KEY)).containsExactly(List.of("1", "a"), List.of("2", "b"));
        assertThat(rows(format, bytes("3,c,d\n4,e\n"), KEY)).containsExactly(List.of("4", "e"));
        assertThat(bad).containsExactly("o.csv:1: columns must be 2, got '3'");
        assertThat(format.form("o.csv"))
                .as("a store that reads it by itself would take a row for names")
                .isEmpty();
        assertThatThrownBy(() -> new CsvFormat(",", List.of(), "none", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("csv: columns must name the columns in order when header is none, got '[]'");
        assertThatThrownBy(() -> rows(format, bytes("1,a\n"), List.of("key")))
                .hasMessage("o.csv:1: columns must have the key key, got 'id,v'");
    }

    @Test
    void theIndexThatPandasWritesIsLeftOutOrNamedAndTheRefusalSaysHow() {
        byte[] file = bytes(",id,a\n0,1,x\n1,2,y\n");
        assertThatThrownBy(() -> rows(PLAIN, file, KEY))
                .hasMessage(
                        "o.csv:1: the name of column 1 must not be blank, got ''; if it is the index that pandas writes,"
                                + " leave it out by indexColumn: ignore, or give it a name by indexColumn: <name>;"
                                + " blankNames: drop leaves such columns out, blankNames: number calls it column1");
        assertThat(rows(new CsvFormat(",", List.of(), "first", "ignore"), file, KEY))
                .containsExactly(List.of("1", "x"), List.of("2", "y"));
        assertThat(rows(new CsvFormat(",", List.of("id", "a"), "first", "ignore"), file, KEY))
                .hasSize(2);
        assertThat(rows(new CsvFormat(",", List.of(), "first", "row"), file, List.of("row")))
                .containsExactly(List.of("0", "1", "x"), List.of("1", "2", "y"));
        assertThat(rows(new CsvFormat(",", List.of(), "first", "ignore"), bytes("id,a\n1,x\n"), KEY))
                .as("an object without an index")
                .containsExactly(List.of("1", "x"));
    }

    private List<List<Object>> rows(CsvFormat format, byte[] file, List<String> key) {
        try (RecordReader reader = open(format, file, key)) {
            return rows(reader);
        }
    }

    private static RecordReader open(CsvFormat format, byte[] file, List<String> key) {
        return format.open(Reading.trickle(file), "o.csv", key);
    }

    private List<List<Object>> rows(RecordReader reader) {
        List<List<Object>> rows = new ArrayList<>();
        for (Optional<Record> r = read(reader); r.isPresent(); r = read(reader)) rows.add(values(r.get()));
        return rows;
    }

    private Optional<Record> read(RecordReader reader) {
        return reader.read(row -> bad.add(row.reason()));
    }

    private static List<Object> values(Record record) {
        return Reading.values(record);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
