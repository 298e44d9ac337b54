package io.caravan.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which format an object is read, by its first bytes and its name. */
class AutoFormatTest {

    private final Format format = Formats.of("x", "auto", new Formats.Options(List.of(), ",", "", "1", 1, 200));

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            data.csv   ~ 'id,v\n1,x'
            data.TXT   ~ 'id,v\n1,x'
            data       ~ 'id,v\n1,x'
            data.tsv   ~ 'id\tv\n1\tx'
            data.jsonl ~ {"id":1,"v":"x"}
            data.json  ~ {"id":1,"v":"x"}
            data.json  ~ '  [{"id":1,"v":"x"}]'
            data       ~ '[{"id":1,"v":"x"}]'
            """)
    void bytesAndNameSayIt(String name, String text) {
        assertThat(first(name, text.replace("\\n", "\n").replace("\\t", "\t").getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("x");
    }

    @Test
    void aPackedObjectIsLookedAtUnpacked() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write("{\"id\":1,\"v\":\"x\"}\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(first("a/data.json.gz", bytes.toByteArray())).isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            data.xlsx    ~ id,v        ~ data.xlsx: the object must be xlsx, as its name says, got 'text'
            data.json    ~ id,v        ~ data.json: the object must be json, as its name says, got 'text'
            data.parquet ~ {"id":1}    ~ data.parquet: the object must be parquet, as its name says, got 'jsonl'
            data.csv     ~ 'PK\u0003\u0004' ~ data.csv: the object must be csv, as its name says, got 'xlsx'
            data.pdf     ~ %PDF-1.7    ~ data.pdf: the object must be of a format that its name or its first bytes say: csv, tsv, txt, json, jsonl, xlsx, xls, parquet, got '.pdf'
            """)
    void whatNeitherSaysIsRefused(String name, String text, String said) {
        assertThatThrownBy(() -> first(name, text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage(said);
    }

    @Test
    void workbooksOfOtherKindsAreNamed() throws IOException {
        byte[] ods = zip("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
        byte[] xlsb = zip(
                "_rels/.rels",
                "<Relationships><Relationship Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\""
                        + " Target=\"xl/workbook.bin\"/></Relationships>");
        for (String name : List.of("data.ods", "data.xlsx", "data"))
            assertThatThrownBy(() -> first(name, ods))
                    .isInstanceOf(IncompleteSourceException.class)
                    .hasMessage(
                            name
                                    + ": the workbook must be .xlsx, .xlsm or .xls: save it as .xlsx, got 'OpenDocument (.ods)'");
        assertThatThrownBy(() -> first("data.xlsb", xlsb))
                .hasMessage(
                        "data.xlsb: the workbook must be .xlsx, .xlsm or .xls: save it as .xlsx, got 'a binary one (.xlsb)'");
    }

    @Test
    void aWorkbookMayHaveMacros() {
        byte[] book = XlsxFormatTest.book(sheet -> {
            sheet.value(0, 0, "id");
            sheet.value(0, 1, "v");
            sheet.value(1, 0, 1);
            sheet.value(1, 1, "x");
        });
        assertThat(first("data.xlsm", book)).isEqualTo("x");
    }

    private static byte[] zip(String name, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private Object first(String name, byte[] bytes) {
        try (RecordReader reader = format.open(new ByteArrayInputStream(bytes), name, List.of("id"))) {
            Record record = reader.read(bad -> {}).orElseThrow();
            assertThat(record.key()).isEqualTo("1");
            return record.get("v").orElseThrow();
        }
    }
}
