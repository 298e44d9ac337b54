package io.caravan.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;

class XlsxFormatTest {

    private static final XlsxFormat XLSX = new XlsxFormat("1", 1, 200);

    @Test
    void the17DigitsThatExcelWritesAreTheShortestDecimalOfTheirDouble() {
        byte[] book = xml(row("id")
                + "<row><c><v>19.989999999999998</v></c></row><row><c><v>4.0999999999999996</v></c></row>"
                + "<row><c><v>7.0000000000000007E-2</v></c></row><row><c><v>100</v></c></row>"
                + "<row><c><v>12345678901234567</v></c></row><row><c><v>0.30000000000000004</v></c></row>");
        assertThat(read(XLSX, book).values())
                .containsExactly(
                        List.of(new BigDecimal("19.99")),
                        List.of(new BigDecimal("4.1")),
                        List.of(new BigDecimal("0.07")),
                        List.of(100L),
                        List.of(12345678901234567L),
                        List.of(new BigDecimal("0.30000000000000004")));
    }

    @Test
    void cellsHaveTheTypesTheyShow() {
        byte[] book = book(sheet -> {
            header(sheet, "id", "text", "whole", "decimal", "truth", "day", "moment", "time");
            sheet.value(1, 0, "a");
            sheet.value(1, 1, " é😀\n<&> ");
            sheet.value(1, 2, 123456789012345L);
            sheet.value(1, 3, 0.1);
            sheet.value(1, 4, true);
            sheet.value(1, 5, LocalDate.of(2024, 2, 29));
            sheet.style(1, 5).format("yyyy-mm-dd").set();
            sheet.value(1, 6, LocalDateTime.of(2024, 2, 29, 13, 5, 7));
            sheet.style(1, 6).format("dd/mm/yyyy hh:mm:ss").set();
            sheet.value(1, 7, 0.5);
            sheet.style(1, 7).format("hh:mm").set();
            sheet.value(3, 0, "b");
            sheet.value(3, 6, LocalDateTime.of(2024, 3, 1, 0, 0));
            sheet.style(3, 6).format("dd/mm/yyyy hh:mm:ss").set();
        });
        Reading reading = read(XLSX, book);
        assertThat(reading.bad()).isEmpty();
        assertThat(reading.values())
                .containsExactly(
                        List.of(
                                "a",
                                " é😀\n<&> ",
                                123456789012345L,
                                new BigDecimal("0.1"),
                                true,
                                LocalDate.of(2024, 2, 29),
                                LocalDateTime.of(2024, 2, 29, 13, 5, 7),
                                new BigDecimal("0.5")),
                        Arrays.asList("b", null, null, null, null, null, LocalDateTime.of(2024, 3, 1, 0, 0), null));
        assertThat(reading.records()).extracting(r -> r.origin().line()).containsExactly(2L, 4L);
    }

    @Test
    void theSheetIsFoundByNameOrNumberAndItsNamesInAnyRow() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Workbook book = new Workbook(out, "test", "1.0")) {
            book.newWorksheet("first").value(0, 0, "nothing");
            Worksheet second = book.newWorksheet("2024");
            second.value(0, 0, "A title");
            second.value(2, 1, "id");
            second.value(2, 0, "x");
            second.value(3, 1, 7);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String sheet : List.of("2024", "2")) {
            assertThat(read(new XlsxFormat(sheet, 3, 200), out.toByteArray()).records())
                    .extracting(Record::key)
                    .containsExactly("7");
        }
        assertThatThrownBy(() -> read(new XlsxFormat("3", 1, 200), out.toByteArray()))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("o.xlsx: sheet must be one of [first, 2024] or its number, got '3'");
        assertThatThrownBy(() -> read(new XlsxFormat("2024", 2, 200), out.toByteArray()))
                .hasMessage("o.xlsx: row 2 must hold the names, got 'nothing'");
    }

    @Test
    void rowsThatAreNoRecordsAreHandedOverAndTheRestGoesOn() {
        Reading reading = read(
                XLSX,
                xml("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>id</t></is></c><c t=\"str\"><v>a</v></c></row>"
                        + "<row r=\"2\"><c r=\"A2\" t=\"e\"><v>#DIV/0!</v></c></row>"
                        + "<row r=\"3\"><c r=\"A3\"><v>1</v></c><c r=\"C3\"><v>2</v></c></row>"
                        + "<row r=\"4\"><c r=\"B4\"><v>1</v></c></row>"
                        + "<row r=\"5\"><c r=\"A5\" t=\"s\"><v>99</v></c></row>"
                        + "<row r=\"6\"><c r=\"A6\"><f>1+1</f></c></row>"
                        + "<row r=\"7\"><c r=\"A7\"><v>x</v></c></row>"
                        + "<row r=\"8\"><c r=\"A8\" t=\"str\"><v>_xD800_</v></c></row>"
                        + "<row r=\"9\"><c r=\"A9\"><v>1</v></c><c r=\"ZZZZZZZ9\"><v>2</v></c></row>"
                        + "<row r=\"10\"/>"
                        + "<row><c><v>1E2</v></c><c t=\"str\"><v>a_x000D__x0041_b_xzzzz_</v></c></row>"
                        + "<row r=\"12\"><c t=\"d\"><v>2024-02-29</v></c><c t=\"b\"><v>0</v></c></row>"));
        assertThat(reading.reasons())
                .containsExactly(
                        "o.xlsx:2: id must hold no error, got '#DIV/0!'",
                        "o.xlsx:3: columns must be 2, got '3'",
                        "o.xlsx:4: id must not be blank, got ''",
                        "o.xlsx:5: a shared text must be there, got '99'",
                        "o.xlsx:6: id must have the result of its formula, got 'none'",
                        "o.xlsx:7: id must be a number, got 'x'",
                        "o.xlsx:8: id must hold no half surrogate pair, got 'one at character 0'",
                        "o.xlsx:9: columns must be 2, got '321272406'");
        assertThat(reading.values())
                .containsExactly(List.of(100L, "a\rAb_xzzzz_"), List.of(LocalDate.of(2024, 2, 29), false));
        assertThat(reading.records()).extracting(Record::key).containsExactly("100", "2024-02-29");
    }

    @Test
    void namesMustBeThereAndDiffer() {
        assertBroken("", "o.xlsx: row 1 must hold the names, got 'nothing'");
        assertBroken(row("id", "id"), "o.xlsx: names must differ, got 'id'");
        assertBroken(row("id", " ", "x"), "o.xlsx: the name of column 2 must be a text that is not blank, got ' '");
        assertBroken(row("x"), "o.xlsx: row 1 must have the key id, got 'x'");
        assertBroken(
                "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>id</v></c><c r=\"EQXD1\" t=\"str\"><v>x</v></c></row>",
                "o.xlsx: row 1 must hold the names, got 'o.xlsx:1: columns must be at most 10000, got '100000''");
    }

    @Test
    void namesAreWithoutBlanksAroundThemAndInNfc() {
        Reading reading = read(XLSX, xml(row("id\ufeff", "\u00a0cle\u0301 ") + row("1", "x")));
        assertThat(reading.records()).extracting(r -> r.fields().names()).containsExactly(List.of("id", "cl\u00e9"));
        assertBroken(
                row("id", "cl\u00e9", "cle\u0301"),
                "o.xlsx: names must differ, also without blanks around them and in NFC, got 'cl\u00e9'");
    }

    @Test
    void aBombIsNotUnpackedToItsEnd() {
        byte[] spaces = xml(row("id") + " ".repeat(70 << 20));
        assertThatThrownBy(() -> read(XLSX, spaces))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessageMatching(
                        "o.xlsx: xl/worksheets/sheet1.xml must expand to at most 67108864 bytes, got 'more'.*");
        byte[] large = xml(row("id") + "<row><c t=\"str\"><v>" + "x".repeat(70 << 20) + "</v></c></row>");
        assertThatThrownBy(() -> read(new XlsxFormat("1", 1, 100_000), large))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("o.xlsx: a row must be less than 67108864 bytes, got 'more'");
    }

    @Test
    void entitiesOfADocumentTypeAreNotUsed() {
        String xml = "<!DOCTYPE x [<!ENTITY a \"id\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]><worksheet><sheetData>"
                + row("id", "&f;") + "</sheetData></worksheet>";
        assertThatThrownBy(() -> read(XLSX, zip(xml))).isInstanceOf(IncompleteSourceException.class);
    }

    @Test
    void manySharedTextsDoNotFillTheMemory() {
        byte[] book = book(sheet -> {
            header(sheet, "id", "text");
            for (int i = 0; i < 40_000; i++) {
                sheet.value(i + 1, 0, i);
                sheet.value(i + 1, 1, i + "é".repeat(600));
            }
        });
        Reading reading = read(new XlsxFormat("1", 1, 1000), book);
        assertThat(reading.records()).hasSize(40_000);
        for (int i = 0; i < 40_000; i += 99) {
            assertThat(reading.records().get(i).at(1)).isEqualTo(i + "é".repeat(600));
        }
    }

    @Test
    void whatIsNoWorkbookIsNoSuccess() {
        for (byte[] bytes : List.of(new byte[0], "id\n1\n".getBytes(UTF_8), zip("<worksheet><sheetData>"))) {
            assertThatThrownBy(() -> read(XLSX, bytes)).isInstanceOf(IncompleteSourceException.class);
        }
    }

    private static void assertBroken(String rows, String message) {
        assertThatThrownBy(() -> read(XLSX, xml(rows)))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage(message);
    }

    private static String row(String... texts) {
        StringBuilder row = new StringBuilder("<row>");
        for (String text : texts) row.append("<c t=\"str\"><v>").append(text).append("</v></c>");
        return row.append("</row>").toString();
    }

    private static void header(Worksheet sheet, String... names) {
        for (int i = 0; i < names.length; i++) sheet.value(0, i, names[i]);
    }

    private static byte[] xml(String rows) {
        return zip("<worksheet><sheetData>" + rows + "</sheetData></worksheet>");
    }

    private static byte[] zip(String sheet) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            put(
                    zip,
                    "xl/workbook.xml",
                    "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"s\" r:id=\"r1\"/></sheets></workbook>");
            put(
                    zip,
                    "xl/_rels/workbook.xml.rels",
                    "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>");
            put(zip, "xl/worksheets/sheet1.xml", sheet);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(UTF_8));
        zip.closeEntry();
    }

    static byte[] book(Consumer<Worksheet> content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Workbook book = new Workbook(out, "test", "1.0")) {
            content.accept(book.newWorksheet("s"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Reading read(Format format, byte[] bytes) {
        return Reading.of(format, "o.xlsx", bytes, "id");
    }
}
