package io.caravan.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Workbooks whose extensions, drawings and alternatives have elements called as those that hold the data. */
class XlsxForeignElementsTest {

    private static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static final String RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final String STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main";
    private static final String STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    private static final String OTHERS = " xmlns:x15=\"http://schemas.microsoft.com/office/spreadsheetml/2010/11/main\""
            + " xmlns:x14=\"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main\""
            + " xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\""
            + " xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"";

    private static final String STYLES = "<numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy-mm-dd\"/></numFmts>"
            + "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/><xf numFmtId=\"22\"/></cellXfs>";
    private static final String HEADER = "<row><c t=\"str\"><v>id</v></c><c t=\"str\"><v>day</v></c></row>";
    private static final String DAY = HEADER + "<row><c><v>1</v></c><c s=\"1\"><v>43956</v></c></row>";

    /** As Excel 2013 and later write it. */
    @Test
    void anExtensionOfTheWorkbookDoesNotTakeTheDateSystemAway() {
        String workbook = "<workbookPr date1904=\"1\"/><mc:AlternateContent><mc:Choice Requires=\"x15\">"
                + "<workbookPr date1904=\"0\"/></mc:Choice><mc:Fallback><x15:workbookPr/></mc:Fallback>"
                + "</mc:AlternateContent>" + sheets("x15:id=\"none\"")
                + "<extLst><ext uri=\"u\"><x15:workbookPr chartTrackingRefBase=\"1\"/><workbookPr/></ext></extLst>";
        assertThat(read(MAIN, RELATIONS, workbook, STYLES, "", DAY)).containsExactly(row(1L, LocalDate.of(2024, 5, 6)));
    }

    @Test
    void anExtensionOfTheWorkbookDoesNotTurnTheDateSystemOnNorAddSheets() {
        String workbook = "<extLst><ext><x15:workbookPr date1904=\"1\"/><x15:sheet name=\"other\"/></ext></extLst>"
                + sheets("") + "<extLst><ext><x15:workbookPr date1904=\"true\"/></ext></extLst>";
        assertThat(read(MAIN, RELATIONS, workbook, STYLES, "", DAY)).containsExactly(row(1L, LocalDate.of(2020, 5, 5)));
    }

    @Test
    void aFormatOfAnExtensionOrOfAConditionIsNotThatOfACell() {
        String styles = "<dxfs><dxf><numFmt numFmtId=\"0\" formatCode=\"yyyy\"/></dxf></dxfs>"
                + STYLES.replace("<cellXfs>", "<cellXfs><x14:xf numFmtId=\"22\"/>")
                        .replace("</numFmts>", "<x14:numFmt numFmtId=\"170\" formatCode=\"0.00\"/></numFmts>");
        assertThat(read(MAIN, RELATIONS, sheets(""), styles, "", DAY))
                .containsExactly(row(1L, LocalDate.of(2020, 5, 5)));
    }

    @Test
    void onlyTheCellsOwnValueIsItsValue() {
        String rows = HEADER
                + "<row xdr:r=\"7\"><c><v>1</v><extLst><ext><x14:v>2</x14:v><v>3</v></ext></extLst></c>"
                + "<c x14:t=\"e\" x14:s=\"1\" t=\"str\"><x14:v>no</x14:v><v>own</v>"
                + "<xdr:anchor><xdr:row>7</xdr:row><v>no</v></xdr:anchor></c>"
                + "<xdr:c><v>9</v></xdr:c><extLst><c><v>9</v></c></extLst></row>"
                + "<xdr:row><c><v>8</v></c></xdr:row>"
                + "<row><c><v>2</v></c><c t=\"inlineStr\"><is><t>a</t><rPh sb=\"0\" eb=\"1\"><t>no</t></rPh>"
                + "<r><rPr/><t>b</t><x14:t>no</x14:t></r><extLst><t>no</t></extLst></is></c></row>"
                + "<row><c><v>3</v></c><c><xdr:v>4</xdr:v><xdr:f>1</xdr:f></c></row>";
        assertThat(read(MAIN, RELATIONS, sheets(""), STYLES, "", rows))
                .containsExactly(row(1L, "own"), row(2L, "ab"), row(3L, null));
    }

    @Test
    void sharedTextsAreCountedByTheirOwnElements() {
        String texts = "<x14:si><t>no</t></x14:si><si><t>zero</t><phoneticPr fontId=\"1\"/></si>"
                + "<si><r><t>o</t></r><rPh><t>no</t></rPh><r><t>ne</t></r><extLst><ext><si><t>no</t></si></ext></extLst></si>"
                + "<extLst><ext><si><t>no</t></si></ext></extLst><si><t>two</t></si>";
        String rows = HEADER + "<row><c><v>1</v></c><c t=\"s\"><v>1</v></c></row>"
                + "<row><c><v>2</v></c><c t=\"s\"><v>2</v></c></row>";
        assertThat(read(MAIN, RELATIONS, sheets(""), STYLES, texts, rows))
                .containsExactly(row(1L, "one"), row(2L, "two"));
    }

    @Test
    void aStrictWorkbookIsReadAsAnyOther() {
        String rows = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>"
                + "<row><c><v>1</v></c><c s=\"1\" t=\"d\"><v>2024-05-06</v></c></row>"
                + "<row><c><v>2</v></c><c s=\"1\" t=\"d\"><v>2024-05-06T00:00:00</v></c></row>"
                + "<row><c><v>3</v></c><c s=\"2\" t=\"d\"><v>2024-05-06T00:00:00Z</v></c></row>"
                + "<row><c><v>4</v></c><c s=\"1\"><v>45418</v></c></row>";
        assertThat(read(STRICT, STRICT_RELATIONS, sheets(""), STYLES, "<si><t>id</t></si><si><t>day</t></si>", rows))
                .containsExactly(
                        row(1L, LocalDate.of(2024, 5, 6)),
                        row(2L, LocalDate.of(2024, 5, 6)),
                        row(3L, LocalDateTime.of(2024, 5, 6, 0, 0)),
                        row(4L, LocalDate.of(2024, 5, 6)));
    }

    @Test
    void theMainNamespaceMayHaveAPrefix() {
        byte[] book = zip(Map.of(
                "xl/workbook.xml",
                "<w:workbook xmlns:w=\"" + MAIN + "\" xmlns:q=\"" + RELATIONS + "\"><w:sheets>"
                        + "<w:sheet name=\"s\" q:id=\"r1\"/></w:sheets></w:workbook>",
                "xl/_rels/workbook.xml.rels",
                relations(RELATIONS),
                "xl/styles.xml",
                "<w:styleSheet xmlns:w=\"" + MAIN + "\"/>",
                "xl/sharedStrings.xml",
                "<w:sst xmlns:w=\"" + MAIN + "\"/>",
                "xl/worksheets/sheet1.xml",
                "<w:worksheet xmlns:w=\"" + MAIN + "\"><w:sheetData><w:row><w:c t=\"str\"><w:v>id</w:v></w:c></w:row>"
                        + "<w:row><w:c><w:v>5</w:v></w:c></w:row></w:sheetData></w:worksheet>"));
        assertThat(Reading.of(new XlsxFormat("1", 1, 200), "o.xlsx", book, "id").values())
                .containsExactly(row(5L));
    }

    /** As some writers make them: no shared texts though a relation names them, parts elsewhere, other letters in their names. */
    @Test
    void thePackageSaysWhereItsPartsAre() {
        String open = " xmlns=\"" + MAIN + "\" xmlns:r=\"" + RELATIONS + "\">";
        String sheet = "<worksheet" + open + "<sheetData>" + DAY + "</sheetData></worksheet>";
        String rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
        String root = rels + "<Relationship Id=\"a\" Type=\"" + RELATIONS
                + "/officeDocument\" Target=\"%s\"/></Relationships>";
        for (String target : List.of("/book/Book2.xml", "book/Book2.xml", "./x/../book\\Book2.xml")) {
            byte[] book = zip(Map.of(
                    "_rels/.rels",
                    root.formatted(target),
                    "book/book2.xml",
                    "<workbook" + open + sheets("") + "</workbook>",
                    "book\\_rels\\Book2.xml.rels",
                    relations(RELATIONS).replace("worksheets/", "../sheets/"),
                    "book/styles.xml",
                    "<styleSheet" + open + STYLES + "</styleSheet>",
                    "sheets/sheet1.xml",
                    sheet));
            assertThat(Reading.of(new XlsxFormat("1", 1, 200), "o.xlsx", book, "id")
                            .values())
                    .as(target)
                    .containsExactly(row(1L, LocalDate.of(2020, 5, 5)));
        }
    }

    private static String sheets(String more) {
        return "<sheets><sheet name=\"s\" sheetId=\"1\" " + more + " r:id=\"r1\"/></sheets>";
    }

    private static List<Object> row(Object... values) {
        return Arrays.asList(values);
    }

    private static List<List<Object>> read(
            String main, String relations, String workbook, String styles, String texts, String rows) {
        String open = " xmlns=\"" + main + "\" xmlns:r=\"" + relations + "\"" + OTHERS + ">";
        byte[] book = zip(Map.of(
                "xl/workbook.xml", "<workbook" + open + workbook + "</workbook>",
                "xl/_rels/workbook.xml.rels", relations(relations),
                "xl/styles.xml", "<styleSheet" + open + styles + "</styleSheet>",
                "xl/sharedStrings.xml", "<sst" + open + texts + "</sst>",
                "xl/worksheets/sheet1.xml",
                        "<worksheet" + open + "<sheetData>" + rows + "</sheetData>"
                                + "<controls><control><controlPr><anchor><from><xdr:row>7</xdr:row></from></anchor>"
                                + "</controlPr></control></controls></worksheet>"));
        Reading reading = Reading.of(new XlsxFormat("1", 1, 200), "o.xlsx", book, "id");
        assertThat(reading.bad()).isEmpty();
        return reading.values();
    }

    /** A relation of another kind ends with the same word. */
    private static String relations(String kinds) {
        return "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + "<Relationship Id=\"r1\" Type=\"" + kinds + "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                + "<Relationship Id=\"r2\" Type=\"" + kinds + "/styles\" Target=\"styles.xml\"/>"
                + "<Relationship Id=\"r3\" Type=\"" + kinds + "/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
                + "<Relationship Id=\"r0\" Type=\"http://example.com/styles\" Target=\"none.xml\"/>"
                + "<Relationship Id=\"r4\" Type=\"http://example.com/sharedStrings\" Target=\"none.xml\"/>"
                + "</Relationships>";
    }

    private static byte[] zip(Map<String, String> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
