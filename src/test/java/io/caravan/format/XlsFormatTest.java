package io.caravan.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.source.IncompleteSourceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.poi.hssf.record.DateWindow1904Record;
import org.apache.poi.hssf.record.crypto.Biff8EncryptionKey;
import org.apache.poi.hssf.usermodel.HSSFCell;
import org.apache.poi.hssf.usermodel.HSSFCellStyle;
import org.apache.poi.hssf.usermodel.HSSFRow;
import org.apache.poi.hssf.usermodel.HSSFSheet;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.ss.usermodel.CellType;
import org.apache.poi.ss.usermodel.FormulaError;
import org.junit.jupiter.api.Test;

/** Workbooks of Excel 97 to 2003, which POI writes here. */
class XlsFormatTest {

    private static final XlsxFormat XLS = new XlsxFormat("1", 1, 200);

    @Test
    void cellsHaveTheTypesTheyShow() {
        byte[] book = book(false, sheet -> {
            header(sheet, "id", "text", "whole", "decimal", "truth", "day", "moment", "large");
            HSSFRow row = sheet.createRow(1);
            row.createCell(0).setCellValue("a");
            row.createCell(1).setCellValue(" é😀\n<&> ");
            row.createCell(2).setCellValue(123456789012345L);
            row.createCell(3).setCellValue(0.1);
            row.createCell(4).setCellValue(true);
            row.createCell(5).setCellValue(LocalDate.of(2024, 2, 29).atStartOfDay());
            row.getCell(5).setCellStyle(style(sheet, "yyyy-mm-dd"));
            row.createCell(6).setCellValue(LocalDateTime.of(2024, 2, 29, 13, 5, 7));
            row.getCell(6).setCellStyle(style(sheet, "dd/mm/yyyy hh:mm:ss"));
            row.createCell(7).setCellValue(1e30);
            sheet.createRow(3).createCell(0).setCellValue("b");
        });
        Reading reading = Reading.of(XLS, "o.xls", book, "id");
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
                                BigDecimal.valueOf(1e30)),
                        Arrays.asList("b", null, null, null, null, null, null, null));
        assertThat(reading.records()).extracting(r -> r.origin().line()).containsExactly(2L, 4L);
    }

    @Test
    void daysAreCountedFrom1904WhereTheWorkbookSaysSo() {
        Consumer<HSSFSheet> fill = sheet -> {
            header(sheet, "id");
            HSSFCell cell = sheet.createRow(1).createCell(0);
            cell.setCellValue(43889);
            cell.setCellStyle(style(sheet, "dd/mm/yyyy"));
        };
        assertThat(Reading.of(XLS, "o.xls", book(false, fill), "id").values())
                .containsExactly(List.of(LocalDate.of(2020, 2, 28)));
        assertThat(Reading.of(XLS, "o.xls", book(true, fill), "id").values())
                .containsExactly(List.of(LocalDate.of(2024, 2, 29)));
    }

    @Test
    void formulasGiveTheirStoredResultsAndErrorsAreBadRows() {
        byte[] book = book(false, sheet -> {
            header(sheet, "id", "v");
            for (int i = 1; i <= 5; i++) sheet.createRow(i).createCell(0).setCellValue(i);
            formula(sheet, 1, "1/4").setCellValue(0.25);
            formula(sheet, 2, "\"a\"&\"é\"").setCellValue("aé");
            formula(sheet, 3, "1=1").setCellValue(true);
            formula(sheet, 4, "1/0").setCellErrorValue(FormulaError.DIV0);
            sheet.getRow(5).createCell(1, CellType.ERROR).setCellErrorValue(FormulaError.NA);
        });
        Reading reading = Reading.of(XLS, "o.xls", book, "id");
        assertThat(reading.values())
                .containsExactly(List.of(1L, new BigDecimal("0.25")), List.of(2L, "aé"), List.of(3L, true));
        assertThat(reading.reasons())
                .containsExactly(
                        "o.xls:5: v must hold no error, got '#DIV/0!'", "o.xls:6: v must hold no error, got '#N/A'");
    }

    @Test
    void whatIsNotSuchAWorkbookIsSaidInOneSentence() throws IOException {
        byte[] plain = book(false, sheet -> header(sheet, "id"));
        Biff8EncryptionKey.setCurrentUserPassword("secret");
        byte[] encrypted;
        try {
            encrypted = book(false, sheet -> header(sheet, "id"));
        } finally {
            Biff8EncryptionKey.setCurrentUserPassword(null);
        }
        refused(
                encrypted,
                "o.xls: the workbook must not be encrypted: save it without a password, got 'an encrypted one'");
        refused(
                container("EncryptedPackage"),
                "o.xls: the workbook must not be encrypted: save it without a password, got 'an encrypted one'");
        refused(container("Book"), "o.xls: the workbook must be of Excel 97 or later, got 'an older one'");
        refused(
                container("WordDocument"),
                "o.xls: the workbook must be of Excel 97 or later, got 'a file without a workbook'");
        assertThatThrownBy(() -> Reading.of(new XlsxFormat("9", 1, 200), "o.xls", plain, "id"))
                .hasMessage("o.xls: sheet must be one of [Sheet0, Sheet1] or its number, got '9'");
        refused("<html><table><tr><td>1".getBytes(java.nio.charset.StandardCharsets.UTF_8), null);
        refused(new byte[0], null);
    }

    @Test
    void aCutFileIsNeverASuccess() {
        byte[] book = many(2000);
        assertThat(Reading.of(XLS, "o.xls", book, "id").records()).hasSize(2000);
        List<Integer> read = new ArrayList<>();
        for (int length = 0; length < book.length; length += 509) {
            byte[] cut = Arrays.copyOf(book, length);
            try {
                Reading.of(XLS, "o.xls", cut, "id");
                read.add(length);
            } catch (IncompleteSourceException e) {
                // as it must be
            }
        }
        for (int length = 512; length < book.length; length += 512) {
            byte[] cut = Arrays.copyOf(book, length);
            assertThatThrownBy(() -> Reading.of(XLS, "o.xls", cut, "id")).isInstanceOf(IncompleteSourceException.class);
        }
        assertThat(read).isEmpty();
    }

    /** Bytes of any kind anywhere: rows, bad rows or one sentence, and no other failure. */
    @Test
    void aFileWithWrongBytesEndsInRowsOrInASentence() {
        byte[] book = many(300);
        Random random = new Random(23);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] wrong = book.clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--)
                wrong[random.nextInt(i % 2 == 0 ? 2048 : wrong.length)] = (byte) random.nextInt(256);
            try {
                Reading.of(XLS, "o.xls", wrong, "id");
            } catch (IncompleteSourceException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 1999);
    }

    @Property(tries = 50)
    void whatIsWrittenIsRead(
            @ForAll @Size(min = 1, max = 20) List<Double> numbers,
            @ForAll @Size(min = 1, max = 20) List<String> texts) {
        int rows = Math.min(numbers.size(), texts.size());
        byte[] book = book(false, sheet -> {
            header(sheet, "id", "n", "t");
            for (int i = 0; i < rows; i++) {
                HSSFRow row = sheet.createRow(i + 1);
                row.createCell(0).setCellValue("k" + i);
                row.createCell(1).setCellValue(numbers.get(i));
                row.createCell(2).setCellValue(text(texts.get(i)));
            }
        });
        Reading reading = Reading.of(XLS, "o.xls", book, "id");
        assertThat(reading.bad()).isEmpty();
        for (int i = 0; i < rows; i++) {
            assertThat(new BigDecimal(reading.records().get(i).at(1).toString()).doubleValue())
                    .isEqualTo(numbers.get(i) + 0.0);
            Object read = reading.records().get(i).at(2);
            assertThat(read == null ? "" : read).isEqualTo(text(texts.get(i)));
        }
    }

    /** No half pairs and no NUL, which other tests look at, and what a cell has room for. */
    private static String text(String any) {
        String plain = any.codePoints()
                .filter(c -> c > 0 && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE))
                .limit(10_000)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return plain;
    }

    private static void refused(byte[] bytes, String sentence) {
        var thrown = assertThatThrownBy(() -> Reading.of(XLS, "o.xls", bytes, "id"))
                .isInstanceOf(IncompleteSourceException.class);
        if (sentence == null) thrown.hasMessageStartingWith("o.xls: the object must be a whole workbook, got '");
        else thrown.hasMessage(sentence);
    }

    private static byte[] many(int rows) {
        return book(false, sheet -> {
            header(sheet, "id", "n", "t");
            for (int i = 1; i <= rows; i++) {
                HSSFRow row = sheet.createRow(i);
                row.createCell(0).setCellValue("key " + i);
                row.createCell(1).setCellValue(i / 7.0);
                row.createCell(2).setCellValue("a text of its own, é " + i);
            }
        });
    }

    private static byte[] container(String entry) throws IOException {
        try (POIFSFileSystem files = new POIFSFileSystem();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            files.createDocument(new java.io.ByteArrayInputStream(new byte[5000]), entry);
            files.writeFilesystem(out);
            return out.toByteArray();
        }
    }

    private static byte[] book(boolean since1904, Consumer<HSSFSheet> fill) {
        try (HSSFWorkbook book = new HSSFWorkbook();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            book.getInternalWorkbook().getRecords().forEach(r -> {
                if (r instanceof DateWindow1904Record window) window.setWindowing((short) (since1904 ? 1 : 0));
            });
            fill.accept(book.createSheet());
            book.createSheet();
            book.write(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void header(HSSFSheet sheet, String... names) {
        HSSFRow row = sheet.createRow(0);
        for (int i = 0; i < names.length; i++) row.createCell(i).setCellValue(names[i]);
    }

    private static HSSFCell formula(HSSFSheet sheet, int row, String formula) {
        HSSFCell cell = sheet.getRow(row).createCell(1);
        cell.setCellFormula(formula);
        return cell;
    }

    private static HSSFCellStyle style(HSSFSheet sheet, String format) {
        HSSFCellStyle style = sheet.getWorkbook().createCellStyle();
        style.setDataFormat(sheet.getWorkbook().createDataFormat().getFormat(format));
        return style;
    }
}
