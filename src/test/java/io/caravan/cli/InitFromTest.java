package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.caravan.format.Columns;
import io.caravan.format.Compression;
import io.caravan.format.ParquetForm;
import io.caravan.format.RecordWriter;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What init guesses of data fits all of it: its own test passes and the pipeline runs. */
class InitFromTest {

    private static final String SALES = """
            Order No;Sold at;Count;Total (€);Zip;Paid;Day;US day;Note
            A-1;2026-01-05 09:12:00;1;24.90;01067;true;31.12.2025;01/02/2026;
            A-2;2026-01-05 10:40:00;-6;4.5;10115;FALSE;01.01.2026;03/04/2026;x
            A-3;2026-01-06 10:40:00;12;1200;80331;true;02.01.2026;05/06/2026;
            """;

    @TempDir
    private Path folder;

    private UserProject outside;

    @BeforeEach
    void outside() {
        outside = new UserProject(folder);
    }

    /** Its first row was taken for names without a word. */
    @Test
    void aFirstRowThatIsDataIsSaidAndTheColumnsAreNumbered() throws Exception {
        outside.write("plain.csv", "1;Ann;2026-01-05\n2;Bob;2026-01-06\n3;Cy;2026-02-01\n");
        assertThat(outside.cli("init", "--from", "plain.csv", "--json")).isZero();
        assertThat(types(outside.json()))
                .containsExactly(
                        Map.entry("column1", "bigint"), Map.entry("column2", "text"), Map.entry("column3", "date"));
        assertThat(outside.json().at("/notes/1").asText()).startsWith("Its first row is taken for data");
        UserProject project = new UserProject(folder.resolve("plain"));
        assertThat(Files.readString(project.folder.resolve("routes/plain/plain.camel.yaml")))
                .contains("        header: none\n        columns: \"column1,column2,column3\"\n");
        assertThat(project.cli("test")).isZero();
        assertThat(project.cli("preview", "plain", "--json")).isZero();

        assertThat(outside.cli("init", "--from", "plain.csv", "--name", "named", "--header", "first", "--json"))
                .isZero();
        assertThat(types(outside.json())).containsKeys("1", "Ann", "2026-01-05");
        assertThat(outside.json().at("/notes/1").asText())
                .isEqualTo("The first row is taken for the names of the columns (--header none if it is data)");
    }

    @Test
    void aTableWithAColumnForEachYearHasAHeader() throws Exception {
        outside.write("years.csv", "country,2024,2025\nAT,100,200\nDE,300,400\n");
        assertThat(outside.cli("init", "--from", "years.csv", "--json")).isZero();
        assertThat(types(outside.json())).containsKeys("country", "2024", "2025");
    }

    /** It was refused, and nothing that init took could say otherwise. */
    @Test
    void theIndexOfPandasIsLeftOutOrNamed() throws Exception {
        outside.write("frame.csv", ",sku,price\n0,A,1.5\n1,B,2.5\n2,C,3.5\n");
        assertThat(outside.cli("init", "--from", "frame.csv", "--json")).isZero();
        assertThat(types(outside.json()).keySet()).containsExactly("sku", "price");
        UserProject project = new UserProject(folder.resolve("frame"));
        assertThat(Files.readString(project.folder.resolve("routes/frame/frame.camel.yaml")))
                .contains("        indexColumn: ignore\n");
        assertThat(project.cli("test")).isZero();
        assertThat(outside.cli("init", "--from", "frame.csv", "--name", "kept", "--index-column", "row", "--json"))
                .isZero();
        assertThat(types(outside.json()).keySet()).containsExactly("row", "sku", "price");
    }

    /** What objects-source read by its settings, init refused, so that the pipeline had to be written by hand. */
    @Test
    void settingsOfTheSourceReadWhatIsWrittenInAnotherWay() throws Exception {
        Files.write(
                folder.resolve("old.csv"),
                "Orders of M\u00fcller\n\n# made by hand\nid^name^note\n1^M\u00fcller^\"a \\\"b\\\"\" \n2^J\u00f6rg^x\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(outside.cli("init", "--from", "old.csv")).isEqualTo(Exit.WRONG);
        assertThat(outside.cli(
                        "init",
                        "--from",
                        "old.csv",
                        "--read",
                        "charset=windows-1252",
                        "--read",
                        "headerRow=4",
                        "--read",
                        "delimiter=^",
                        "--read",
                        "escape=\\",
                        "--read",
                        "trim=true",
                        "--json"))
                .isZero();
        assertThat(types(outside.json()))
                .containsExactly(Map.entry("id", "bigint"), Map.entry("name", "text"), Map.entry("note", "text"));
        UserProject project = new UserProject(folder.resolve("old"));
        assertThat(Files.readString(project.folder.resolve("routes/old/old.camel.yaml")))
                .contains("        delimiter: \"^\"\n")
                .contains("        # as --read said\n        charset: \"windows-1252\"\n        headerRow: 4\n"
                        + "        escape: \"\\\\\"\n        trim: true\n");
        assertThat(Files.readString(project.folder.resolve("tests/old/first-rows/expected/records.jsonl")))
                .contains("{\"id\":1,\"name\":\"M\u00fcller\",\"note\":\"a \\\"b\\\"\"}");
        assertThat(project.cli("test")).isZero();

        assertThat(outside.cli(
                        "init",
                        "--from",
                        "old.csv",
                        "--name",
                        "other",
                        "--read",
                        "colour=red",
                        "--read",
                        "trim=perhaps"))
                .isEqualTo(Exit.WRONG);
        assertThat(String.join("\n", outside.err()))
                .contains("init: --read must set one of charset, delimiter, headerRow, ")
                .contains("init: --read trim must be true or false, got 'perhaps'");
    }

    @Test
    void namesTypesDelimiterAndKeyAreGuessedAndSaid() throws Exception {
        outside.write("Sales 2026.csv", SALES);

        assertThat(outside.cli("init", "--from", "Sales 2026.csv", "--json")).isZero();
        assertThat(outside.json().at("/pipeline").asText()).isEqualTo("sales-2026");
        assertThat(types(outside.json()))
                .containsExactly(
                        Map.entry("Order No", "text"),
                        Map.entry("Sold at", "timestamptz"),
                        Map.entry("Count", "bigint"),
                        Map.entry("Total (€)", "text"),
                        Map.entry("Zip", "text"),
                        Map.entry("Paid", "boolean"),
                        Map.entry("Day", "date"),
                        Map.entry("US day", "text"),
                        Map.entry("Note", "text"));
        UserProject project = new UserProject(folder.resolve("sales-2026"));
        String route = Files.readString(project.folder.resolve("routes/sales-2026/sales-2026.camel.yaml"));
        assertThat(route)
                .contains("        # a guess: it makes the most columns\n        delimiter: \";\"\n")
                .contains("a guess: all 3 values differ; so do those of Count, Zip")
                .contains(
                        "types: \"Sold at=timestamp(yyyy-MM-dd HH:mm:ss),Count=integer,Paid=boolean,Day=date(dd.MM.yyyy)\"");
        assertThat(Files.readString(project.folder.resolve("routes/sales-2026/table.yaml")))
                .contains(
                        "  # text: as numbers they would lose leading zeros or signs\n  - name: zip\n    from: \"Zip\"\n    type: text\n")
                .contains("  - name: order_no\n    from: \"Order No\"\n    type: text\n    key: true\n")
                .contains("  - name: total\n    from: \"Total (€)\"\n")
                .contains("nothing tells the day from the month");
        assertRuns(project, "sales-2026", 3);
    }

    @Test
    void aProjectGetsAPipelineForDataOfOtherFormats() throws Exception {
        assertThat(outside.cli("init")).isZero();
        outside.write(
                "people.json",
                "{\"meta\":{\"page\":1},\"data\":{\"items\":[{\"id\":1,\"tags\":[\"a\"],\"born\":\"1815-12-10\"},"
                        + "{\"id\":2,\"tags\":[],\"born\":\"1906-12-09\"}]}}");
        parquet("measures.parquet");
        workbook("stock.xlsx");

        assertThat(outside.cli("init", "--from", "people.json", "--json")).isZero();
        assertThat(types(outside.json()))
                .containsExactly(Map.entry("id", "bigint"), Map.entry("tags", "jsonb"), Map.entry("born", "date"));
        assertThat(outside.cli("init", "--from", "measures.parquet", "--name", "sizes", "--json"))
                .isZero();
        assertThat(types(outside.json()))
                .containsExactly(
                        Map.entry("station", "text"), Map.entry("at", "timestamptz"), Map.entry("value", "double"));
        assertThat(outside.json().at("/columns/0/key").asBoolean()).isTrue();
        assertThat(outside.cli("init", "--from", "stock.xlsx", "--json")).isZero();
        assertThat(types(outside.json()))
                .containsExactly(
                        Map.entry("Article", "text"),
                        Map.entry("Price", "numeric"),
                        Map.entry("Counted", "date"),
                        Map.entry("Sold out", "boolean"));
        assertThat(outside.cli("test")).as(String.join("\n", outside.out())).isZero();
        assertThat(outside.out()).endsWith("4 cases: 4 passed, 0 failed");
        assertRuns(outside, "stock", 2);
        assertRuns(outside, "people", 2);
        assertRuns(outside, "sizes", 2);
    }

    @Test
    void anApiIsReadByItsOwnSourceAndOtherDataOfTheWebIsCopied() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(
                server,
                "/v1/users",
                "application/json",
                "{\"users\":[{\"user_id\":\"u1\",\"age\":30},{\"user_id\":\"u2\",\"age\":null}]}");
        answer(server, "/files/cups.csv", "text/csv", "sku,price\nc1,4.50\nc2,5\n");
        server.start();
        try {
            String at = "http://127.0.0.1:" + server.getAddress().getPort();
            assertThat(outside.cli("init", "web", "--from", at + "/v1/users?active=true&b=1"))
                    .isZero();
            UserProject project = new UserProject(folder.resolve("web"));
            assertThat(Files.readString(project.folder.resolve("routes/users/users.camel.yaml")))
                    .contains("recordsPath: users\n", "keyFields: user_id\n");
            assertRuns(project, "users", 2);

            assertThat(project.cli("init", "--from", at + "/files/cups.csv")).isZero();
            assertThat(project.folder.resolve("input/cups/cups.csv")).content().startsWith("sku,price\n");
            assertThat(project.cli("test", "cups")).isZero();
            assertThat(outside.cli("init", "no", "--from", at + "/nothing")).isEqualTo(2);
            assertThat(outside.err())
                    .containsExactly("init: --from must be a URL that answers with its data, got '" + at
                            + "/nothing: HTTP 404'");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void dataWithoutAKeyAsksForOne() throws Exception {
        outside.write("log.csv", "level,text\ninfo,a\ninfo,a\n");

        assertThat(outside.cli("init", "--from", "log.csv")).isEqualTo(2);
        assertThat(outside.err())
                .containsExactly("init: a column or two must be different in every row to identify it, found none among"
                        + " level, text; say which together do: --key <column>,<column>");
        assertThat(outside.cli("init", "--from", "log.csv", "--key", "lvl")).isEqualTo(2);
        assertThat(outside.err()).containsExactly("init: --key must be some of level, text, got 'lvl'");
        assertThat(folder.resolve("log")).doesNotExist();
        assertThat(outside.cli("init", "--from", "log.csv", "--key", "level,text"))
                .isZero();
        assertThat(outside.out()).anyMatch(line -> line.startsWith("level"));
    }

    @Test
    void twoColumnsMayIdentifyARowTogether() throws Exception {
        outside.write("lines.tsv", "order\tline\titem\n1\t1\tcup\n1\t2\tcup\n2\t1\tpot\n");

        assertThat(outside.cli("init", "--from", "lines.tsv")).isZero();
        assertThat(Files.readString(folder.resolve("lines/routes/lines/lines.camel.yaml")))
                .contains("keyFields: \"order,line\"", "delimiter: \"tab\"");
        assertThat(new UserProject(folder.resolve("lines")).cli("test")).isZero();
    }

    @Test
    void hostileNamesAreTextsAndNothingElse() throws Exception {
        outside.write("odd.csv", "id,\"a\"\"b: {{x}}\n# y\",@key@,${body},\"c,d=e\"\n1,2,3,4,5\n2,3,4,5,6\n");

        assertThat(outside.cli("init", "--from", "odd.csv"))
                .as(String.join("\n", outside.err()))
                .isZero();
        UserProject project = new UserProject(folder.resolve("odd"));
        assertRuns(project, "odd", 2);
    }

    @Test
    void whatCannotBeDataIsRefused() throws Exception {
        outside.write("empty.csv", "id,name\n");
        outside.write("word.docx", "x");
        outside.write("cut.csv", "id,name\n1,\"a\n");

        for (String from :
                new String[] {"empty.csv", "word.docx", "cut.csv", "missing.csv", "s3://bucket/a.csv", "."}) {
            assertThat(outside.cli("init", "p", "--from", from)).as(from).isEqualTo(2);
            assertThat(outside.err()).singleElement().asString().startsWith("init: ");
        }
        assertThat(folder.resolve("p")).doesNotExist();
    }

    private void assertRuns(UserProject project, String pipeline, int records) throws Exception {
        if (Files.exists(project.folder.resolve("tests/" + pipeline))) {
            int code = project.cli("test", pipeline);
            assertThat(code).as(String.join("\n", project.out())).isZero();
        }
        Endpoint database = TestStores.freshDatabase();
        Map<String, String> settings = new HashMap<>();
        for (String feature : new String[] {"ledger", "warehouse"}) {
            settings.put("caravan." + feature + ".uri", database.uri());
            settings.put("caravan." + feature + ".user", database.user());
            settings.put("caravan." + feature + ".password", database.password());
        }
        project.settings(settings);
        int code = project.cli("run", pipeline, "--json");
        assertThat(code).as(String.join("\n", project.err())).isZero();
        assertThat(project.json().at("/sinks/warehouse/written").asInt()).isEqualTo(records);
        assertThat(project.cli("verify", pipeline, "--deep")).isZero();
    }

    private static Map<String, String> types(JsonNode json) {
        Map<String, String> types = new LinkedHashMap<>();
        json.at("/columns")
                .forEach(c -> types.put(c.get("column").asText(), c.get("type").asText()));
        return types;
    }

    private static void answer(HttpServer server, String path, String type, String body) {
        server.createContext(path, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private void parquet(String name) throws IOException {
        Fields fields = Fields.of("station", "at", "value");
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        try (var out = Files.newOutputStream(folder.resolve(name))) {
            Columns columns = new Columns();
            Record one = Record.read("a", fields, new Object[] {"a", at, 1.5}, new Origin("", 1));
            Record two = Record.read("b", fields, new Object[] {"b", at, -0.1}, new Origin("", 2));
            columns.add(one);
            columns.add(two);
            try (RecordWriter writer = new ParquetForm(Compression.SNAPPY).write(out, columns)) {
                writer.write(one);
                writer.write(two);
            }
        }
    }

    private void workbook(String name) throws IOException {
        try (Workbook book = new Workbook(Files.newOutputStream(folder.resolve(name)), "test", "1.0")) {
            Worksheet sheet = book.newWorksheet("Stock");
            String[] titles = {"Article", "Price", "Counted", "Sold out"};
            for (int i = 0; i < titles.length; i++) sheet.value(0, i, titles[i]);
            for (int row = 1; row <= 2; row++) {
                sheet.value(row, 0, "0" + row);
                sheet.value(row, 1, row + 0.25);
                sheet.value(row, 2, LocalDate.of(2026, 1, row));
                sheet.style(row, 2).format("yyyy-mm-dd").set();
                sheet.value(row, 3, row == 1);
            }
        }
    }
}
