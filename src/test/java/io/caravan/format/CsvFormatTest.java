package io.caravan.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFormatTest {

    private final List<BadRow> bad = new ArrayList<>();

    @Test
    void aRowBecomesARecordWithKeyOriginAndTexts() {
        Record record = read("id,name,city\n7,Ann,Bonn\n").get(0);
        assertThat(record.key()).isEqualTo("7");
        assertThat(record.origin()).isEqualTo(new Origin("o.csv", 2));
        assertThat(record.fields().names()).containsExactly("id", "name", "city");
        assertThat(values(record)).containsExactly("7", "Ann", "Bonn");
    }

    @Test
    void quotesHoldDelimitersLineBreaksAndQuotes() {
        assertThat(rows("id,text\n1,\"a,b\"\n2,\"a\r\nb\nc\rd\"\n3,\"say \"\"hi\"\"\"\n4,\"\"\"\"\n"))
                .containsExactly(
                        List.of("1", "a,b"),
                        List.of("2", "a\r\nb\nc\rd"),
                        List.of("3", "say \"hi\""),
                        List.of("4", "\""));
    }

    @Test
    void aQuoteInsideAFieldIsACharacter() {
        assertThat(rows("id,text\n1,5\" pipe\n2, \"x\"\n"))
                .containsExactly(List.of("1", "5\" pipe"), List.of("2", " \"x\""));
    }

    @Test
    void nothingIsNullAndQuotesAroundNothingAreAnEmptyText() {
        assertThat(rows("id,a,b\n1,,\"\"\n2,\"\",\n"))
                .containsExactly(Arrays.asList("1", null, ""), Arrays.asList("2", "", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void anyLineBreakEndsARowAndBlankLinesAreSkipped(String eol) {
        String csv = String.join(eol, "", "id,text", "", "1,\"a\n\nb\"", "", "", "2,c", "");
        List<Record> records = read(csv);
        assertThat(records)
                .extracting(CsvFormatTest::values)
                .containsExactly(List.of("1", "a\n\nb"), List.of("2", "c"));
        assertThat(records).extracting(r -> r.origin().line()).containsExactly(4L, 9L);
    }

    @Test
    void aLoneCarriageReturnInTheLastQuotedFieldLosesNothing() {
        // FastCSV 4.1.0 loses the first of these rows
        assertThat(rows("id,text\n1,\"a\rb\"\n2,c\n")).containsExactly(List.of("1", "a\rb"), List.of("2", "c"));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstName() {
        assertThat(rows("\uFEFFid,text\n1,a\n")).containsExactly(List.of("1", "a"));
        assertThat(rows("\uFEFF\"id\",text\n1,\uFEFFa\n")).containsExactly(List.of("1", "\uFEFFa"));
    }

    @Test
    void theLastRowNeedsNoLineBreak() {
        assertThat(rows("id,text\n1,a")).containsExactly(List.of("1", "a"));
        assertThat(rows("id,text\n1,")).containsExactly(Arrays.asList("1", null));
        assertThat(rows("id,text\n1,\"a\"")).containsExactly(List.of("1", "a"));
    }

    @Test
    void anotherDelimiterMayBeConfigured() {
        assertThat(rows(new CsvFormat(";", List.of()), "id;text\n1;a,b\n")).containsExactly(List.of("1", "a,b"));
        assertThat(rows(new CsvFormat("tab", List.of()), "id\ttext\n1\t\"a\tb\"\n"))
                .containsExactly(List.of("1", "a\tb"));
    }

    @Test
    void severalKeyFieldsMakeOneKey() {
        RecordReader reader = new CsvFormat(",", List.of()).open(bytes("b,x,a\n1,y,2|3\n"), "o.csv", List.of("a", "b"));
        assertThat(reader.read(bad::add)).get().extracting(Record::key).isEqualTo("2\\|3|1");
    }

    @Test
    void theSameRowHasTheSameHashInAnotherOrderOfColumns() {
        assertThat(read("id,a,b\n1,x,y\n").get(0).hash())
                .isEqualTo(read("b,id,a\ny,1,x\n").get(0).hash());
    }

    // ---- bad rows

    @Test
    void badRowsAreHandedOverWithLineTextAndRuleAndTheRestGoesOn() {
        assertThat(rows("id,text\n1,\"a\n\n\"\n2\n3,b,\"c,\n\"\"d\"\n ,e\n\"\",f\n4,g\n"))
                .containsExactly(List.of("1", "a\n\n"), List.of("4", "g"));
        assertThat(bad)
                .containsExactly(
                        new BadRow(new Origin("o.csv", 5), "2", "o.csv:5: columns must be 2, got '1'"),
                        new BadRow(new Origin("o.csv", 6), "3,b,\"c,\n\"\"d\"", "o.csv:6: columns must be 2, got '3'"),
                        new BadRow(new Origin("o.csv", 8), " ,e", "o.csv:8: id must not be blank, got ' '"),
                        new BadRow(new Origin("o.csv", 9), "\"\",f", "o.csv:9: id must not be blank, got ''"));
    }

    @Test
    void bytesThatAreNotUtf8MakeABadRow() {
        byte[] csv = "id,text\n1,caf\u00e9\n2,\"x\u00ff\"\n3,ok\n".getBytes(ISO_8859_1);
        assertThat(rows(new CsvFormat(",", List.of()), new ByteArrayInputStream(csv)))
                .containsExactly(List.of("3", "ok"));
        assertThat(bad)
                .extracting(BadRow::reason)
                .containsExactly(
                        "o.csv:2: text must be UTF-8, got 'other bytes'; they look like windows-1252: say charset: windows-1252",
                        "o.csv:3: text must be UTF-8, got 'other bytes'; they look like windows-1252: say charset: windows-1252");
        assertThat(bad.get(0).raw()).isEqualTo("1,caf\uFFFD");
    }

    @Test
    void theReplacementCharacterItselfIsUtf8() {
        assertThat(rows("id,text\n1,\uFFFD\n")).containsExactly(List.of("1", "\uFFFD"));
    }

    @Test
    void aKeyThatNoIndexCouldHoldMakesABadRow() {
        assertThat(rows("id,text\n" + "k".repeat(2000) + ",a\n" + "ü".repeat(1001) + ",b\nx\0y,c\n"))
                .hasSize(1);
        assertThat(bad)
                .extracting(BadRow::reason)
                .containsExactly(
                        "o.csv:3: key must be at most 2000 bytes, got '" + "ü".repeat(100) + "…'",
                        "o.csv:4: key must hold no NUL character, got 'x␀y'");
        assertThat(bad.get(1).raw()).isEqualTo("x␀y,c");
    }

    @Test
    void theTextOfABadRowIsCut() {
        rows("id,text\n1,a," + "x".repeat(100_000) + "\n");
        assertThat(bad).singleElement().extracting(b -> b.raw().length()).isEqualTo(64 * 1024);
    }

    // ---- objects that are not what they should be

    @Test
    void aQuoteThatNeverClosesIsNoEnd() {
        assertBroken(
                "id,text\n1,a\n2,\"b\n3,c\n",
                "o.csv:3: an opening quote must be closed before the object ends, got 'no closing quote'");
        assertBroken(
                "id,text\n1,\"a\"\"",
                "o.csv:2: an opening quote must be closed before the object ends, got 'no closing quote'");
    }

    @Test
    void textAfterAClosingQuoteCannotBeParsed() {
        assertBroken(
                "id,text\n1,\"a\nb\"c\n",
                "o.csv:3: a closing quote must be followed by the delimiter or the end of the row, got 'c'");
    }

    @Test
    void aLastRowThatIsCutOffIsNoBadRow() {
        assertBroken("id,a,b\n1,x,y\n2,x", "o.csv:3: the last row must be whole or end with a line break, got '2,x'");
        byte[] csv = "id,text\n1,a\n2,é".getBytes(UTF_8);
        assertThatThrownBy(() -> rows(new CsvFormat(",", List.of()), new ByteArrayInputStream(csv, 0, csv.length - 1)))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("o.csv:3: the last row must be whole or end with a line break, got '2,\uFFFD'");
    }

    @Test
    void aHeaderMustBeThere() {
        assertBroken(
                "",
                "o.csv:1: a header row must come first, got 'nothing'; emptyObjects: skip takes it for an object without rows");
        assertBroken(
                "\n\n",
                "o.csv:1: a header row must come first, got 'nothing'; emptyObjects: skip takes it for an object without rows");
        assertBroken(
                "\uFEFF",
                "o.csv:1: a header row must come first, got 'nothing'; emptyObjects: skip takes it for an object without rows");
    }

    @Test
    void aHeaderMustBeWholeNameEachColumnOnceAndHaveTheKey() {
        assertBroken(
                "id,a",
                "o.csv:1: the header must end with a line break, got 'id,a'; emptyObjects: skip takes it for an object without rows");
        assertBroken(
                "id,a,a\n1,2,3\n",
                "o.csv:1: column names must differ, got 'a'; repeatedNames: number calls the second a_2");
        assertBroken(
                "id,a,\n1,2,3\n",
                "o.csv:1: the name of column 3 must not be blank, got ''; blankNames: drop leaves such columns out, blankNames: number calls it column3");
        assertBroken("\nID,a\n1,2\n", "o.csv:2: the header must have the key id, got 'ID,a'");
        assertThatThrownBy(() -> rows(
                        new CsvFormat(",", List.of()), new ByteArrayInputStream("id,\u00e9\n".getBytes(ISO_8859_1))))
                .hasMessage(
                        "o.csv:1: the header must be UTF-8, got 'other bytes'; they look like windows-1252: say charset: windows-1252");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"tabs, tab, \\t", "semicolons, `';'`, ;", "bars, `'|'`, |"})
    void aHeaderOfAnotherDelimiterIsToldWhichSettingHelps(String what, String setting, String delimiter) {
        String header = String.join(delimiter.replace("\\t", "\t"), "id", "a", "b");
        assertThatThrownBy(() -> rows(new CsvFormat(",", List.of()), header + "\n1,2\n"))
                .hasMessageStartingWith("o.csv:1: the header must have the key id, got '")
                .hasMessageEndingWith("'; its cells are separated by " + what + ": say delimiter: " + setting);
        assertThatThrownBy(() -> rows(new CsvFormat(",", List.of("id", "a", "b")), header + "\n1,2\n"))
                .hasMessageEndingWith("'; its cells are separated by " + what + ": say delimiter: " + setting);
    }

    @Test
    void aHeaderMustHaveTheConfiguredColumnsInAnyOrder() {
        CsvFormat format = new CsvFormat(",", List.of("id", "a", "b"));
        assertThat(rows(format, "b,id,a\n3,1,2\n")).containsExactly(List.of("3", "1", "2"));
        assertThatThrownBy(() -> rows(format, "id,a\n1,2\n"))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("o.csv:1: the header must be id,a,b in any order, got 'id,a'");
        assertThatThrownBy(() -> rows(format, "id,a,b,c\n")).isInstanceOf(IncompleteSourceException.class);
    }

    @Test
    void columnsAndRowsHaveALimit() {
        assertBroken("id" + ",".repeat(10_000), "o.csv:1: columns must be at most 10000, got 'more'");
        assertThatThrownBy(() -> rows(new CsvFormat(",", List.of()), endless("id,text\n1,\"")))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("o.csv:2: a row must be less than 67108864 bytes, got 'more'");
    }

    @Test
    void aFieldOfManyMegabytesIsRead() {
        String large = "0123456789".repeat(1_000_000);
        assertThat(rows("id,text\n1,\"" + large + "\"\n2,b\n")).containsExactly(List.of("1", large), List.of("2", "b"));
    }

    @Test
    void aStoreThatFailsIsUnavailable() {
        InputStream failing = new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException("read by the buffer");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("connection reset");
            }
        };
        assertThatThrownBy(() -> rows(new CsvFormat(",", List.of()), failing))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("o.csv: reading stopped at line 1")
                .hasRootCauseMessage("connection reset");
    }

    @Test
    void theEndStaysTheEnd() {
        RecordReader reader = new CsvFormat(",", List.of()).open(bytes("id\n1\n"), "o.csv", List.of("id"));
        assertThat(reader.read(bad::add)).isPresent();
        assertThat(reader.read(bad::add)).isEmpty();
        assertThat(reader.read(bad::add)).isEmpty();
    }

    @Test
    void allProblemsOfTheSettingsAreReported() {
        assertThatThrownBy(() -> new CsvFormat("::", List.of("a", "a")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "csv: delimiter must be one ASCII character other than a quote or a line break, or the word tab, got '::'",
                        "csv: columns must differ, got '[a, a]'"));
        assertThatThrownBy(() -> new CsvFormat("\"", List.of())).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> new CsvFormat("", List.of())).isInstanceOf(ConfigurationException.class);
    }

    private void assertBroken(String csv, String message) {
        assertThatThrownBy(() -> read(csv))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage(message);
    }

    private List<List<Object>> rows(String csv) {
        return rows(new CsvFormat(",", List.of()), csv);
    }

    private List<List<Object>> rows(CsvFormat format, String csv) {
        return rows(format, bytes(csv));
    }

    private List<List<Object>> rows(CsvFormat format, InputStream csv) {
        return read(format, csv).stream().map(CsvFormatTest::values).toList();
    }

    private List<Record> read(String csv) {
        return read(new CsvFormat(",", List.of()), bytes(csv));
    }

    private List<Record> read(CsvFormat format, InputStream csv) {
        List<Record> records = new ArrayList<>();
        try (RecordReader reader = format.open(csv, "o.csv", List.of("id"))) {
            for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add))
                records.add(r.get());
        }
        return records;
    }

    private static List<Object> values(Record record) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < record.fields().size(); i++) values.add(record.at(i));
        return values;
    }

    private static InputStream bytes(String csv) {
        return new ByteArrayInputStream(csv.getBytes(UTF_8));
    }

    /** This text and then the letter x for ever. */
    private static InputStream endless(String begin) {
        return new SequenceInputStream(bytes(begin), new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                Arrays.fill(target, offset, offset + length, (byte) 'x');
                return length;
            }
        });
    }
}
