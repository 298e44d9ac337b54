package io.caravan.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkbookParsersTest {

    @TempDir
    Path folder;

    @Test
    void everySeriesOfSixSheetsIsFoundWithItsBlanksTextsAndNotes() throws IOException {
        Path file = folder.resolve("infomondia.xlsm");
        try (OutputStream out = Files.newOutputStream(file)) {
            SeriesBooks.daily(out, LocalDate.of(2030, 1, 1), 20, 1);
        }
        Observed found = Observed.in(file, "bcra_infomondia", SeriesBooks.dailyConfig());
        assertThat(found.bad()).isEmpty();
        assertThat(found.records()).hasSize(17 * 18); // of 20 days one is blank and one n/d
        Map<Object, Integer> each = new TreeMap<>();
        found.records().forEach(r -> each.merge(r.at(1), 1, Integer::sum));
        assertThat(each).hasSize(17).allSatisfy((code, n) -> assertThat(n).isEqualTo(18));
        List<String> base = found.of("BCRA_MONETARY_BASE_D");
        assertThat(base)
                .startsWith("2030-01-01T00:00:00-03:00 61.25", "2030-01-02T00:00:00-03:00 61.5")
                .contains("2030-01-07T00:00:00-03:00 62.25") // its date is a text
                .contains("2030-01-09T00:00:00-03:00 62.75") // its date is a number
                .contains("2030-01-17T00:00:00-03:00 1234.5"); // its value is a text
        Record first = found.records().get(0);
        assertThat(first.fields()).isEqualTo(Observations.FIELDS);
        assertThat(first.key()).isEqualTo("BCRA_RESERVES_D|2030-01-01T00:00:00-03:00");
        assertThat(first.at(3)).isEqualTo("USD_millions");
        assertThat(first.at(4)).isEqualTo("D");
        assertThat(first.origin()).hasToString("infomondia.xlsm!RESERVAS!C9");
    }

    @Test
    void monthsInRowsOfAnOldWorkbookAreFound() throws IOException {
        Path file = folder.resolve("ipc.xls");
        try (OutputStream out = Files.newOutputStream(file)) {
            SeriesBooks.monthly(out, LocalDate.of(2030, 1, 1), 6);
        }
        Observed found = Observed.in(file, "indec_ipc", SeriesBooks.monthlyConfig());
        assertThat(found.bad()).isEmpty();
        assertThat(found.of("INDEC_CPI_YEARLY_M"))
                .containsExactly(
                        "2030-01-01T00:00:00-03:00 20",
                        "2030-02-01T00:00:00-03:00 20.1",
                        "2030-04-01T00:00:00-03:00 20.3",
                        "2030-05-01T00:00:00-03:00 2.5",
                        "2030-06-01T00:00:00-03:00 20.5");
        assertThat(found.of("INDEC_CPI_MONTHLY_M")).hasSize(5);
    }

    @Test
    void whatCannotBeReadIsNamedBySheetAndCell() throws IOException {
        Path file = book(sheet -> {
            sheet.value(0, 0, "date");
            sheet.value(1, 0, LocalDate.of(2031, 3, 4));
            sheet.style(1, 0).format("yyyy-mm-dd").set();
            sheet.value(1, 1, "n/d");
            sheet.value(2, 0, "4 March");
            sheet.value(2, 1, 5);
            sheet.value(2, 2, 6);
            sheet.value(3, 0, LocalDate.of(2031, 3, 6));
            sheet.style(3, 0).format("yyyy-mm-dd").set();
            sheet.value(4, 1, 8);
            sheet.value(5, 0, 2031);
            sheet.value(5, 1, 9);
            sheet.value(6, 0, "2031-03-07 12:30:00.5");
            sheet.value(6, 1, "1.234,5");
            sheet.value(6, 2, "1.234");
        });
        Observed found =
                Observed.in(file, "bcra_infomondia", Map.of("series_map", List.of(entry("X", "B"), entry("Y", "C"))));
        assertThat(found.texts()).containsExactly("Y 2031-03-07T12:30:00.500000-03:00 1.234");
        assertThat(found.reasons())
                .containsExactly(
                        "b.xlsx!s!B2: value must be a number (see locale and null_values), got 'n/d'",
                        "b.xlsx!s!C2: value must not be blank (see drop_na), got ''",
                        "b.xlsx!s!A3: obs_time must be a date, or text such as 2031-03-04 (see date_format), got '4 March'",
                        "b.xlsx!s!B4: value must not be blank (see drop_na), got ''",
                        "b.xlsx!s!C4: value must not be blank (see drop_na), got ''",
                        "b.xlsx!s!A5: obs_time must not be blank where there is a value (see drop_na), got ''",
                        "b.xlsx!s!A6: obs_time must be a date, or text such as 2031-03-04 (see date_format), got '2031'",
                        "b.xlsx!s!B7: value must be a number (see locale and null_values), got '1.234,5'");
        assertThat(found.bad().get(0).raw()).isEqualTo("X\t2031-03-04T00:00:00-03:00\tn/d");
        assertThat(found.bad().get(0).origin().line()).isEqualTo(2);
    }

    @Test
    void aSheetThatIsNotThereFailsUnlessItIsOptional() throws IOException {
        Path file = book(sheet -> {
            sheet.value(0, 0, "date");
            sheet.value(1, 0, "2031-03-04");
            sheet.value(1, 1, 5);
        });
        Map<String, Object> elsewhere = new TreeMap<>(entry("Y", "B"));
        elsewhere.put("sheet", "RESERVAS");
        assertThatThrownBy(() ->
                        Observed.in(file, "bcra_infomondia", Map.of("series_map", List.of(entry("X", "B"), elsewhere))))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("b.xlsx: sheet must be one of [s] or its number, got 'RESERVAS'");
        elsewhere.put("optional", true);
        assertThat(Observed.in(file, "bcra_infomondia", Map.of("series_map", List.of(entry("X", "B"), elsewhere)))
                        .texts())
                .containsExactly("X 2031-03-04T00:00:00-03:00 5");
        Map<String, Object> below = new TreeMap<>(entry("X", "B"));
        below.put("header_row", 8);
        assertThatThrownBy(() -> Observed.in(file, "bcra_infomondia", Map.of("series_map", List.of(below))))
                .hasMessage("b.xlsx!s: the rows of X must begin with row 9, got 'none after row 2'");
    }

    @Test
    void equalDuplicatesCollapseAndConflictingOnesGoOnToTheLedger() throws IOException {
        Path file = book(sheet -> {
            sheet.value(0, 0, "date");
            for (int row = 1; row <= 3; row++) sheet.value(row, 0, "2031-03-04");
            sheet.value(1, 1, 5);
            sheet.value(2, 1, "5,0");
            sheet.value(3, 1, 6);
        });
        assertThat(Observed.in(file, "bcra_infomondia", Map.of("series_map", List.of(entry("X", "B"))))
                        .texts())
                .containsExactly("X 2031-03-04T00:00:00-03:00 5", "X 2031-03-04T00:00:00-03:00 6");
    }

    @Test
    void allThatIsWrongWithSettingsIsSaidAtOnce() {
        Map<String, Object> wrong = new TreeMap<>(entry("../x", "B7"));
        wrong.put("heder_row", 1);
        wrong.remove("header_row");
        wrong.put("drop_na", "yes");
        assertThatThrownBy(() -> Parsers.named(
                        "bcra_infomondia", Map.of("series_map", List.of(wrong), "locale", "?"), Observed.BUENOS_AIRES))
                .hasMessageContaining("parse_config: series_map[0].header_row must be 1 to 1048576, got 'nothing'")
                .hasMessageContaining(
                        "parse_config: series_map[0].internal_series_code must be letters, digits, dots, - and _")
                .hasMessageContaining(
                        "parse_config: series_map[0].value_col must be the letters of a column, A to XFD, got 'B7'")
                .hasMessageContaining("parse_config: series_map[0].drop_na must be true or false, got 'yes'")
                .hasMessageContaining("most likely header_row, got 'heder_row'")
                .hasMessageContaining("locale must be a language tag such as es-AR, got '?'");
        assertThatThrownBy(() -> Parsers.named("tabel", Map.of(), Observed.BUENOS_AIRES))
                .hasMessage("parse: plugin must be one of [bcra_infomondia, indec_ipc, table], got 'tabel';"
                        + " did you mean 'table'?");
        assertThatThrownBy(() -> Normalisation.of("Buenos Aires", List.of("obs_time")))
                .hasMessageContaining("normalize: timezone must be a time zone such as America/Argentina/Buenos_Aires")
                .hasMessageContaining("normalize: primary_keys must be obs_time and internal_series_code, or empty");
    }

    /** The wall does not hold a file of 20 years that was cut: each prefix is refused. */
    @Test
    void aWorkbookThatWasCutIsNeverASuccess() throws IOException {
        Path whole = folder.resolve("whole.xlsx");
        try (OutputStream out = Files.newOutputStream(whole)) {
            SeriesBooks.daily(out, LocalDate.of(2030, 1, 1), 40, 1);
        }
        Path old = folder.resolve("whole.xls");
        try (OutputStream out = Files.newOutputStream(old)) {
            SeriesBooks.monthly(out, LocalDate.of(2030, 1, 1), 200);
        }
        List<String> read = new ArrayList<>();
        for (Path file : List.of(whole, old)) {
            byte[] bytes = Files.readAllBytes(file);
            boolean xls = file.equals(old);
            Parser parser = Parsers.named(
                    xls ? "indec_ipc" : "bcra_infomondia",
                    xls ? SeriesBooks.monthlyConfig() : SeriesBooks.dailyConfig(),
                    Observed.BUENOS_AIRES);
            assertThat(Observed.in(file, parser).bad()).isEmpty();
            for (int length = 0; length < bytes.length; length += xls ? 256 : 997) {
                Path cut = Files.write(folder.resolve("cut"), java.util.Arrays.copyOf(bytes, length));
                try {
                    Observed.in(cut, parser);
                    read.add(file.getFileName() + " cut at " + length);
                } catch (IncompleteSourceException e) {
                    assertThat(e.getMessage()).startsWith("cut");
                }
            }
        }
        assertThat(read).isEmpty();
    }

    private Path book(Consumer<Worksheet> fill) throws IOException {
        Path file = folder.resolve("b.xlsx");
        try (OutputStream out = Files.newOutputStream(file);
                Workbook book = new Workbook(out, "test", "1.0")) {
            fill.accept(book.newWorksheet("s"));
        }
        return file;
    }

    private static Map<String, Object> entry(String code, String column) {
        return Map.of(
                "internal_series_code", code, "sheet", "s", "header_row", 1, "date_col", "A", "value_col", column);
    }
}
