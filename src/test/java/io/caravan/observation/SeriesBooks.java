package io.caravan.observation;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.poi.hssf.usermodel.HSSFCellStyle;
import org.apache.poi.hssf.usermodel.HSSFRow;
import org.apache.poi.hssf.usermodel.HSSFSheet;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.ss.util.CellRangeAddress;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * Makes workbooks of the layouts that the datasets which ship have, with numbers that mean nothing: a title above merged headers, dates that are
 * dates, texts and serial numbers, blanks, "n/d", decimal commas, notes below. {@code main} writes those of {@code samples/series}.
 */
public final class SeriesBooks {

    /** A daily series: its sheet, code, unit and column. */
    public record Daily(String sheet, String code, String unit, String column) {}

    public static final int HEADER_ROW = 8;
    public static final String LAST_SHEET = "INSTRUMENTOS DEL BCRA";

    /** The 17 of them, in six sheets. In the last sheet a row of units stands below the header. */
    public static final List<Daily> DAILY = List.of(
            new Daily("RESERVAS", "BCRA_RESERVES_D", "USD_millions", "C"),
            new Daily("RESERVAS", "BCRA_FX_REFERENCE_D", "ARS_per_USD", "Q"),
            new Daily("RESERVAS", "BCRA_FX_RETAIL_D", "ARS_per_USD", "R"),
            new Daily("BASE MONETARIA", "BCRA_CURRENCY_D", "ARS_billions", "Y"),
            new Daily("BASE MONETARIA", "BCRA_CURRENT_ACCOUNTS_D", "ARS_billions", "AC"),
            new Daily("BASE MONETARIA", "BCRA_MONETARY_BASE_D", "ARS_billions", "AD"),
            new Daily("DEPOSITOS", "BCRA_DEPOSITS_SIGHT_D", "ARS_billions", "B"),
            new Daily("DEPOSITOS", "BCRA_DEPOSITS_TERM_D", "ARS_billions", "E"),
            new Daily("DEPOSITOS", "BCRA_DEPOSITS_TOTAL_D", "ARS_billions", "J"),
            new Daily("PRESTAMOS", "BCRA_LOANS_PERSONAL_D", "ARS_billions", "F"),
            new Daily("PRESTAMOS", "BCRA_LOANS_TOTAL_D", "ARS_billions", "I"),
            new Daily("TASAS DE MERCADO", "BCRA_RATE_TERM_D", "pct_TNA", "C"),
            new Daily("TASAS DE MERCADO", "BCRA_RATE_BADLAR_D", "pct_TNA", "H"),
            new Daily("TASAS DE MERCADO", "BCRA_RATE_TM20_D", "pct_TNA", "K"),
            new Daily("TASAS DE MERCADO", "BCRA_RATE_CALL_D", "pct_TNA", "M"),
            new Daily(LAST_SHEET, "BCRA_RATE_POLICY_D", "pct_TNA", "C"),
            new Daily(LAST_SHEET, "BCRA_REPO_STOCK_D", "ARS_billions", "F"));

    public static final String MONTHLY_SHEET = "Variacion mensual";
    public static final String YEARLY_SHEET = "Variacion interanual";

    private SeriesBooks() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        try (OutputStream out = Files.newOutputStream(folder.resolve("infomondia.xlsm"))) {
            daily(out, LocalDate.of(2030, 1, 1), 300, 1);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("ipc.xls"))) {
            monthly(out, LocalDate.of(2026, 12, 1), 60);
        }
    }

    /** What {@code parse_config} says of the daily ones. */
    public static Map<String, Object> dailyConfig() {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Daily series : DAILY) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("internal_series_code", series.code());
            entry.put("unit", series.unit());
            entry.put("frequency", "D");
            entry.put("sheet", series.sheet());
            entry.put("header_row", HEADER_ROW);
            entry.put("date_col", "A");
            entry.put("value_col", series.column());
            entry.put("drop_na", true);
            if (series.sheet().equals(LAST_SHEET)) entry.put("skip_rows_after_header", 2);
            entries.add(entry);
        }
        return Map.of(
                "series_map", entries, "locale", "es-AR", "date_format", "d/M/yyyy", "null_values", List.of("n/d"));
    }

    /** What {@code parse_config} says of the monthly ones. */
    public static Map<String, Object> monthlyConfig() {
        return Map.of(
                "series_map",
                List.of(
                        monthlyEntry("INDEC_CPI_MONTHLY_M", MONTHLY_SHEET),
                        monthlyEntry("INDEC_CPI_YEARLY_M", YEARLY_SHEET)),
                "locale",
                "es-AR",
                "date_format",
                "d/M/yyyy",
                "null_values",
                List.of("n/d", "///"));
    }

    private static Map<String, Object> monthlyEntry(String code, String sheet) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("internal_series_code", code);
        entry.put("unit", "pct");
        entry.put("frequency", "M");
        entry.put("sheet", sheet);
        entry.put("fecha_row", 6);
        entry.put("fecha_start_col", "B");
        entry.put("valor_row", 10);
        entry.put("valor_start_col", "B");
        entry.put("drop_na", true);
        return entry;
    }

    /**
     * Every working day from the first on, in six sheets. Of each sheet's rows the 5th has a text as its date, the 7th a serial number, the
     * 9th no values, the 11th "n/d", the 13th texts with a comma and groups of thousands.
     *
     * @param seed other values for another seed
     */
    public static void daily(OutputStream out, LocalDate first, int days, int seed) throws IOException {
        try (Workbook book = new Workbook(out, "caravan", "1.0")) {
            for (String name : DAILY.stream().map(Daily::sheet).distinct().toList()) {
                Worksheet sheet = book.newWorksheet(name);
                List<Daily> columns =
                        DAILY.stream().filter(d -> d.sheet().equals(name)).toList();
                sheet.value(0, 0, "Sample made by Caravan: the layout is real, the numbers are not");
                sheet.value(2, 0, name);
                sheet.value(HEADER_ROW - 1, 0, "Fecha");
                sheet.value(HEADER_ROW - 2, 1, "Saldos");
                sheet.range(HEADER_ROW - 2, 1, HEADER_ROW - 2, 9).merge();
                for (Daily series : columns)
                    sheet.value(HEADER_ROW - 1, index(series), series.code().toLowerCase());
                int row = HEADER_ROW;
                if (name.equals(LAST_SHEET)) {
                    sheet.value(row, 0, "dd/mm/aaaa");
                    for (Daily series : columns) sheet.value(row, index(series), series.unit());
                    row++;
                }
                int begin = row;
                LocalDate date = first;
                for (int i = 0; i < days; i++, row++, date = next(date)) {
                    int kind = row - begin + 1;
                    date(sheet, row, date, kind);
                    for (Daily series : columns) value(sheet, row, series, kind, seed);
                    if (i % 1000 == 0) sheet.flush();
                }
                sheet.value(row + 1, 0, "Nota: datos provisorios sujetos a revision.");
                sheet.finish();
            }
        }
    }

    private static void date(Worksheet sheet, int row, LocalDate date, int kind) {
        if (kind == 5) {
            sheet.value(row, 0, date.getDayOfMonth() + "/" + date.getMonthValue() + "/" + date.getYear());
        } else if (kind == 7) {
            sheet.value(row, 0, date.toEpochDay() - LocalDate.of(1899, 12, 30).toEpochDay());
        } else {
            sheet.value(row, 0, date);
            sheet.style(row, 0).format("dd/mm/yyyy").set();
        }
    }

    private static void value(Worksheet sheet, int row, Daily series, int kind, int seed) {
        int column = index(series);
        switch (kind) {
            case 9 -> {}
            case 11 -> sheet.value(row, column, "n/d");
            case 13 -> sheet.value(row, column, "1.234,5");
            default -> sheet.value(row, column, number(series, kind, seed));
        }
    }

    /** The value of a series in the row of that number from 1. */
    public static double number(Daily series, int kind, int seed) {
        return (1000 * (DAILY.indexOf(series) + 1) + kind * 25 % 1000 + seed * 100) / 100.0;
    }

    /** Months from the first on, in two sheets; the third is blank, the fourth date a text, the fifth value a text with a comma. */
    public static void monthly(OutputStream out, LocalDate first, int months) throws IOException {
        try (HSSFWorkbook book = new HSSFWorkbook()) {
            HSSFCellStyle style = book.createCellStyle();
            style.setDataFormat(book.createDataFormat().getFormat("mmm-yy"));
            for (String name : List.of(MONTHLY_SHEET, YEARLY_SHEET)) {
                HSSFSheet sheet = book.createSheet(name);
                sheet.createRow(0).createCell(0).setCellValue("Sample made by Caravan: the numbers mean nothing");
                sheet.addMergedRegion(new CellRangeAddress(0, 0, 0, 5));
                HSSFRow dates = sheet.createRow(5);
                dates.createCell(0).setCellValue("Total nacional");
                HSSFRow values = sheet.createRow(9);
                values.createCell(0).setCellValue("Nivel general");
                for (int i = 0; i < Math.min(months, 255); i++) {
                    LocalDate date = first.plusMonths(i);
                    if (i == 3) {
                        dates.createCell(i + 1).setCellValue("1/" + date.getMonthValue() + "/" + date.getYear());
                    } else {
                        dates.createCell(i + 1).setCellValue(date.atStartOfDay());
                        dates.getCell(i + 1).setCellStyle(style);
                    }
                    if (i == 4) values.createCell(i + 1).setCellValue("2,5");
                    else if (i != 2)
                        values.createCell(i + 1).setCellValue(i / 10.0 + (name.equals(YEARLY_SHEET) ? 20 : 0));
                }
                sheet.createRow(40).createCell(0).setCellValue("/// Dato que no corresponde presentar");
            }
            book.write(out);
        }
    }

    /** The number of its column, from 0. */
    public static int index(Daily series) {
        return ColumnLetters.index(series.column());
    }

    private static LocalDate next(LocalDate date) {
        LocalDate next = date.plusDays(1);
        while (next.getDayOfWeek() == DayOfWeek.SATURDAY || next.getDayOfWeek() == DayOfWeek.SUNDAY)
            next = next.plusDays(1);
        return next;
    }
}
