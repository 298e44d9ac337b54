package io.caravan.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.apache.poi.hssf.usermodel.HSSFCell;
import org.apache.poi.hssf.usermodel.HSSFCellStyle;
import org.apache.poi.hssf.usermodel.HSSFRow;
import org.apache.poi.hssf.usermodel.HSSFSheet;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.ss.usermodel.SheetVisibility;
import org.apache.poi.ss.util.CellRangeAddress;
import org.dhatim.fastexcel.VisibilityState;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where Excel shows something else than it keeps, in both kinds of workbook. */
class ShownCellsTest {

    /** A cell, and the merged ones that begin in it. */
    private record Put(int row, int column, Object value, String format, int toRow, int toColumn) {

        Put(int row, int column, Object value) {
            this(row, column, value, null, row, column);
        }

        Put(int row, int column, Object value, String format) {
            this(row, column, value, format, row, column);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xlsx", "xls"})
    void elapsedTimeIsATextOfHoursMinutesAndSeconds(String kind) {
        byte[] book = book(
                kind,
                new Put(0, 0, "id"),
                new Put(0, 1, "took"),
                took(1, 26.5 / 24, "[h]:mm:ss"),
                took(2, 26.5 / 24, "[hh]:mm"),
                took(3, 0.25, "[h]:mm:ss"),
                took(4, 0.25, "[hh]:mm:ss"),
                took(5, 90.25 / 86_400, "[mm]:ss.00"),
                took(6, -1.5 / 24, "[h]:mm:ss;[Red]-[h]:mm:ss"),
                took(7, 0, "[h]:mm:ss"),
                took(8, 0.25, "h:mm:ss"),
                took(9, 45_000, "[h]:mm"),
                took(10, 45_000.25, "dd/mm/yyyy [h]:mm"),
                took(11, 59.9996 / 86_400, "[ss]"));
        assertThat(read(kind, book, "first", "number").values().stream()
                        .map(row -> row.get(1).toString()))
                .containsExactly(
                        "26:30:00",
                        "26:30:00",
                        "6:00:00",
                        "06:00:00",
                        "00:01:30.250",
                        "-1:30:00",
                        "0:00:00",
                        "0.25",
                        "1080000:00:00",
                        "2023-03-15T06:00",
                        "00:01:00");
    }

    @Test
    void elapsedTimeThatIsNoneIsABadRow() {
        assertThat(Reading.of(
                                xlsx("first", "number"),
                                "o.xlsx",
                                book("xlsx", new Put(0, 0, "id"), new Put(1, 0, 1e12, "[h]")),
                                "id")
                        .reasons())
                .containsExactly("o.xlsx:2: id must be an elapsed time, got '1.0E12'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xlsx", "xls"})
    void zerosThatAreShownAreThereWhereASettingSaysSo(String kind) {
        byte[] book = book(
                kind,
                new Put(0, 0, "id"),
                new Put(0, 1, "code"),
                took(1, 1234, "00000"),
                took(2, 123456, "00000"),
                took(3, 21_391_234, "00000\\-0000"),
                took(4, 78_051_120, "000\\-00\\-0000"),
                took(5, 7.5, "00000"),
                took(6, 7, "0"),
                took(7, 7, "0.00"),
                took(8, 7, "#,##000"),
                took(9, -7, "000"));
        assertThat(read(kind, book, "first", "text").values().stream().map(row -> row.get(1)))
                .containsExactly(
                        "01234", "123456", "02139-1234", "078-05-1120", new BigDecimal("7.5"), 7L, 7L, 7L, "-007");
        assertThat(read(kind, book, "first", "number").values().stream().map(row -> row.get(1)))
                .startsWith(1234L, 123456L, 21_391_234L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xlsx", "xls"})
    void mergedCellsAllHoldTheirValueWhereASettingSaysSo(String kind) {
        byte[] book = book(
                kind,
                new Put(0, 0, "title", null, 0, 2),
                new Put(1, 0, "id"),
                new Put(1, 1, "town"),
                new Put(1, 2, "x"),
                new Put(2, 0, 1L),
                new Put(2, 1, "Ulm", null, 4, 1),
                new Put(3, 0, 2L),
                new Put(4, 0, 3L),
                new Put(4, 2, "c"),
                new Put(5, 0, 4L),
                new Put(5, 1, "Bonn", null, 5, 2),
                new Put(6, 0, 5L));
        Format first = format(kind, 2, "first", "number");
        Format fill = format(kind, 2, "fill", "number");
        assertThat(Reading.of(first, "o." + kind, book, "id").values())
                .containsExactly(
                        Arrays.asList(1L, "Ulm", null),
                        Arrays.asList(2L, null, null),
                        Arrays.asList(3L, null, "c"),
                        Arrays.asList(4L, "Bonn", null),
                        Arrays.asList(5L, null, null));
        assertThat(Reading.of(fill, "o." + kind, book, "id").values())
                .containsExactly(
                        Arrays.asList(1L, "Ulm", null),
                        Arrays.asList(2L, "Ulm", null),
                        Arrays.asList(3L, "Ulm", "c"),
                        Arrays.asList(4L, "Bonn", "Bonn"),
                        Arrays.asList(5L, null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xlsx", "xls"})
    void sheetsThatAreHiddenAreNamed(String kind) {
        assertThat(Workbooks.hidden(new ByteArrayInputStream(book(kind, new Put(0, 0, "id"))), "o", 200))
                .containsExactly("old", "secret");
    }

    @Test
    void settingsThatAreNoneAreRefused() {
        assertThatThrownBy(() -> text("all", "shown"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("objects-source: mergedCells must be first or fill, got 'all'")
                .hasMessageContaining("objects-source: zeroFilled must be number or text, got 'shown'");
    }

    private static Put took(int row, double value, String format) {
        return new Put(row, 1, value, format);
    }

    private static Reading read(String kind, byte[] book, String mergedCells, String zeroFilled) {
        Reading reading = Reading.of(format(kind, 1, mergedCells, zeroFilled), "o." + kind, book, "id");
        assertThat(reading.reasons()).isEmpty();
        return reading;
    }

    private static Format xlsx(String mergedCells, String zeroFilled) {
        return format("xlsx", 1, mergedCells, zeroFilled);
    }

    private static Format format(String kind, int headerRow, String mergedCells, String zeroFilled) {
        TextOptions text = text(mergedCells, zeroFilled);
        return Formats.of(
                "test", kind, new Formats.Options(List.of(), ",", "", "1", headerRow, 200, "first", "", text));
    }

    private static TextOptions text(String mergedCells, String zeroFilled) {
        return TextOptions.of(
                "auto", 0, "", "fail", "fail", "fail", "", false, "fail", "fail", mergedCells, zeroFilled);
    }

    /** Rows without an id get their number. */
    private static byte[] book(String kind, Put... cells) {
        return kind.equals("xls") ? xls(cells) : xlsx(cells);
    }

    private static byte[] xlsx(Put... cells) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Workbook book = new Workbook(out, "test", "1.0")) {
            Worksheet sheet = book.newWorksheet("s");
            for (Put cell : cells) {
                if (cell.format() != null) {
                    if (cell.column() == 1) sheet.value(cell.row(), 0, "k" + cell.row());
                    sheet.style(cell.row(), cell.column()).format(cell.format()).set();
                }
                if (cell.value() instanceof Number number) sheet.value(cell.row(), cell.column(), number);
                else sheet.value(cell.row(), cell.column(), cell.value().toString());
                if (cell.toRow() > cell.row() || cell.toColumn() > cell.column())
                    sheet.range(cell.row(), cell.column(), cell.toRow(), cell.toColumn())
                            .merge();
            }
            book.newWorksheet("old").setVisibilityState(VisibilityState.HIDDEN);
            book.newWorksheet("secret").setVisibilityState(VisibilityState.VERY_HIDDEN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] xls(Put... cells) {
        try (HSSFWorkbook book = new HSSFWorkbook();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            HSSFSheet sheet = book.createSheet("s");
            for (Put put : cells) {
                HSSFRow row = sheet.getRow(put.row()) == null ? sheet.createRow(put.row()) : sheet.getRow(put.row());
                HSSFCell cell = row.createCell(put.column());
                if (put.format() != null) {
                    if (put.column() == 1) row.createCell(0).setCellValue("k" + put.row());
                    HSSFCellStyle style = book.createCellStyle();
                    style.setDataFormat(book.createDataFormat().getFormat(put.format()));
                    cell.setCellStyle(style);
                }
                if (put.value() instanceof Number number) cell.setCellValue(number.doubleValue());
                else cell.setCellValue(put.value().toString());
                if (put.toRow() > put.row() || put.toColumn() > put.column())
                    sheet.addMergedRegion(new CellRangeAddress(put.row(), put.toRow(), put.column(), put.toColumn()));
            }
            book.createSheet("old");
            book.setSheetVisibility(1, SheetVisibility.HIDDEN);
            book.createSheet("secret");
            book.setSheetVisibility(2, SheetVisibility.VERY_HIDDEN);
            book.write(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
