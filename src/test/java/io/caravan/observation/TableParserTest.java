package io.caravan.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.format.Columns;
import io.caravan.format.Compression;
import io.caravan.format.ParquetForm;
import io.caravan.format.RecordWriter;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.poi.hssf.usermodel.HSSFRow;
import org.apache.poi.hssf.usermodel.HSSFSheet;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableParserTest {

    private static final List<String> TWO =
            List.of("usd 2031-03-04T00:00:00-03:00 12.5", "eur 2031-03-04T00:00:00-03:00 13");

    @TempDir
    Path folder;

    @Test
    void everyFormatGivesTheSameObservations() throws IOException {
        Map<String, Object> config = Map.of("date_column", "day", "series_column", "code", "value_column", "rate");
        Path csv = file("t.csv", "code,day,rate\nusd,2031-03-04,12.5\neur,2031-03-04,13.0\n");
        Path json = file(
                "t.json",
                "[{\"code\":\"usd\",\"day\":\"2031-03-04\",\"rate\":12.5},"
                        + "{\"rate\":\"13\",\"day\":\"2031-03-04\",\"code\":\"eur\"}]");
        Path jsonl = file(
                "t.jsonl",
                "{\"code\":\"usd\",\"day\":\"2031-03-04T03:00:00Z\",\"rate\":12.5}\n"
                        + "{\"rate\":13.00,\"day\":\"2031-03-04\",\"code\":\"eur\"}\n");
        Path xlsx = folder.resolve("t.xlsx");
        try (OutputStream out = Files.newOutputStream(xlsx);
                Workbook book = new Workbook(out, "test", "1.0")) {
            Worksheet sheet = book.newWorksheet("s");
            List.of("code", "day", "rate")
                    .forEach(name ->
                            sheet.value(0, List.of("code", "day", "rate").indexOf(name), name));
            sheet.value(1, 0, "usd");
            sheet.value(1, 1, LocalDate.of(2031, 3, 4));
            sheet.style(1, 1).format("yyyy-mm-dd").set();
            sheet.value(1, 2, 12.5);
            sheet.value(2, 0, "eur");
            sheet.value(2, 1, 47911);
            sheet.value(2, 2, 13);
        }
        Path xls = folder.resolve("t.xls");
        try (OutputStream out = Files.newOutputStream(xls);
                HSSFWorkbook book = new HSSFWorkbook()) {
            HSSFSheet sheet = book.createSheet();
            row(sheet, 0, "code", "day", "rate");
            row(sheet, 1, "usd", "2031-03-04", "12.5");
            row(sheet, 2, "eur", "2031-03-04", "13");
            book.write(out);
        }
        Path parquet = folder.resolve("t.parquet");
        Fields fields = Fields.of("code", "day", "rate");
        Record usd = Record.read("1", fields, new Object[] {"usd", LocalDate.of(2031, 3, 4), 12.5}, new Origin("o", 1));
        Record eur = Record.read("2", fields, new Object[] {"eur", LocalDate.of(2031, 3, 4), 13.0}, new Origin("o", 2));
        parquet(parquet, usd, eur);
        for (Path file : List.of(csv, json, jsonl, xlsx, xls, parquet)) {
            String format = file.toString().substring(file.toString().lastIndexOf('.') + 1);
            Map<String, Object> its = new TreeMap<>(config);
            its.put("format", format);
            Observed found = Observed.in(file, "table", its);
            assertThat(found.reasons()).as(format).isEmpty();
            assertThat(found.texts()).as(format).containsExactlyElementsOf(TWO);
        }
    }

    @Test
    void aWideTableIsMelted() throws IOException {
        Path csv = file("w.csv", "day;usd;eur;note\n04/03/2031;12,5;1.013;x\n05/03/2031;;n/d;y\n");
        Map<String, Object> config = new TreeMap<>(Map.of(
                "delimiter",
                ";",
                "date_column",
                "day",
                "date_format",
                "dd/MM/yyyy",
                "locale",
                "es-AR",
                "drop_na",
                true));
        config.put("series_map", List.of(entry("X_USD_D", "usd"), entry("X_EUR_D", "eur")));
        Observed found = Observed.in(csv, "table", config);
        assertThat(found.texts())
                .containsExactly("X_USD_D 2031-03-04T00:00:00-03:00 12.5", "X_EUR_D 2031-03-04T00:00:00-03:00 1013");
        assertThat(found.reasons())
                .containsExactly(
                        "w.csv!column eur, row 3: value must be a number like 1.234,5 (see null_values), got 'n/d'");
        config.put("null_values", List.of("n/d"));
        assertThat(Observed.in(csv, "table", config).bad()).isEmpty();
        config.remove("series_map");
        config.put("null_values", List.of("n/d", "x", "y"));
        Observed melted = Observed.in(csv, "table", config);
        assertThat(melted.texts())
                .containsExactly("usd 2031-03-04T00:00:00-03:00 12.5", "eur 2031-03-04T00:00:00-03:00 1013");
    }

    @Test
    void seriesThatAreNotListedAreRefusedSkippedOrKept() throws IOException {
        Path csv = file("l.csv", "s,day,v,u\n1,2031-03-04,5,kg\n2,2031-03-04,6,\n../x,2031-03-04,7,kg\n");
        Map<String, Object> config = new TreeMap<>(
                Map.of("date_column", "day", "series_column", "s", "value_column", "v", "unit_column", "u"));
        config.put("series_map", List.of(Map.of("internal_series_code", "X_ONE", "series", "1", "unit", "t")));
        Observed refused = Observed.in(csv, "table", config);
        assertThat(refused.texts()).containsExactly("X_ONE 2031-03-04T00:00:00-03:00 5");
        assertThat(refused.reasons())
                .containsExactly(
                        "l.csv!column s, row 3: series must be listed in series_map (see unlisted), got '2'",
                        "l.csv!column s, row 4: series must be listed in series_map (see unlisted), got '../x'");
        config.put("unlisted", "skip");
        assertThat(Observed.in(csv, "table", config).bad()).isEmpty();
        config.put("unlisted", "keep");
        Observed kept = Observed.in(csv, "table", config);
        assertThat(kept.texts()).containsExactly("X_ONE 2031-03-04T00:00:00-03:00 5", "2 2031-03-04T00:00:00-03:00 6");
        assertThat(kept.records()).extracting(r -> r.at(3)).containsExactly("kg", null);
        assertThat(kept.reasons())
                .containsExactly(
                        "l.csv!column s, row 4: series must be letters, digits, dots, - and _, at most 200, got '../x'");
    }

    @Test
    void aColumnThatIsNotThereFailsUnlessItIsOptional() throws IOException {
        Path csv = file("c.csv", "day,usd\n2031-03-04,5\n");
        Map<String, Object> config = new TreeMap<>(Map.of("date_column", "day"));
        config.put("series_map", List.of(entry("X", "usd"), entry("Y", "eur")));
        assertThatThrownBy(() -> Observed.in(csv, "table", config))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("c.csv: the names must have eur, got 'day,usd'");
        Map<String, Object> optional = new TreeMap<>(entry("Y", "eur"));
        optional.put("optional", true);
        config.put("series_map", List.of(entry("X", "usd"), optional));
        assertThat(Observed.in(csv, "table", config).texts()).containsExactly("X 2031-03-04T00:00:00-03:00 5");
    }

    @Test
    void allThatIsWrongWithSettingsIsSaidAtOnce() {
        assertThatThrownBy(() -> Parsers.named(
                        "table",
                        Map.of("format", "xml", "series_column", "s", "unlisted", "x", "valu_column", "v"),
                        Observed.BUENOS_AIRES))
                .hasMessageContaining(
                        "parse_config: format must be one of [csv, json, jsonl, parquet, xlsx, xls], got 'xml'")
                .hasMessageContaining("parse_config: date_column must not be blank, got ''")
                .hasMessageContaining(
                        "parse_config: value_column must not be blank where series_column says the series")
                .hasMessageContaining("parse_config: unlisted must be keep, refuse or skip, got 'x'")
                .hasMessageContaining("most likely value_column, got 'valu_column'");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Map<String, Object> entry(String code, String column) {
        return Map.of("internal_series_code", code, "column", column);
    }

    private static void row(HSSFSheet sheet, int number, String... texts) {
        HSSFRow row = sheet.createRow(number);
        for (int i = 0; i < texts.length; i++) row.createCell(i).setCellValue(texts[i]);
    }

    private static void parquet(Path file, Record... records) throws IOException {
        Columns columns = new Columns();
        for (Record record : records) columns.add(record);
        try (OutputStream out = Files.newOutputStream(file);
                RecordWriter writer = new ParquetForm(Compression.NONE).write(out, columns)) {
            for (Record record : records) writer.write(record);
        }
    }
}
