package io.caravan.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.StoppedException;
import io.caravan.format.Columns;
import io.caravan.format.Compression;
import io.caravan.format.ParquetForm;
import io.caravan.format.RecordWriter;
import io.caravan.job.JobArguments;
import io.caravan.job.JobCall;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobEnd;
import io.caravan.job.JobFile;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of all formats and tables, and where what was found of them goes to. */
class CheckQualityTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "agency/xx/files/staff/2031-02-%02d/04/data.csv";

    @TempDir
    Path folder;

    private final Map<String, String> settings = new HashMap<>();

    @BeforeEach
    void schema() throws IOException {
        put("schemas/staff.yaml", "columns: {id: {type: integer, required: true, unique: true}, name: {}}\n");
    }

    @Test
    void theFirstBytesSayWhatAnObjectIsWhateverItsName() throws Exception {
        put("a.csv", "id,name\n1,x\n2,y\n");
        put("b.dat", "id;name\n1;x\n2;y\n");
        put("c.csv", "{\"id\":1,\"name\":\"x\"}\n{\"id\":2,\"name\":\"y\"}\n");
        put("d", "\n [{\"id\":1,\"name\":\"x\"},\n {\"id\":2,\"name\":\"y\"}]");
        put(
                "e.json",
                "{\"meta\": {\"tags\": [1, 2], \"none\": []}, \"data\": {\"rows\": [{\"id\": 1, \"name\": \"x\"}, {\"id\": 2, \"name\": \"y\"}]}}");
        put("f.tsv", "id\tname\n1\tx\n2\ty\n");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("g.csv.gz")))) {
            out.write("id,name\n1,x\n2,y\n".getBytes(StandardCharsets.UTF_8));
        }
        workbook("h.bin");
        parquet("i.csv");
        List<String> formats = new ArrayList<>();
        for (String name : List.of("a.csv", "b.dat", "c.csv", "d", "e.json", "f.tsv", "g.csv.gz", "h.bin", "i.csv")) {
            JobEnd end = run("--object", name, "--schema", "staff");
            assertThat(end.counts()).as(name).containsEntry("rows", 2L).containsEntry("score", 100L);
            formats.add(newest(name).path("format").asText());
        }
        assertThat(formats).containsExactly("csv", "csv", "jsonl", "json", "json", "csv", "csv", "xlsx", "parquet");
    }

    private void workbook(String name) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(name));
                Workbook book = new Workbook(out, "test", "1.0")) {
            Worksheet sheet = book.newWorksheet("s");
            sheet.value(0, 0, "id");
            sheet.value(0, 1, "name");
            for (int i = 1; i <= 2; i++) {
                sheet.value(i, 0, i);
                sheet.value(i, 1, "x" + i);
            }
        }
    }

    private void parquet(String name) throws IOException {
        List<Record> rows = new ArrayList<>();
        for (long i = 1; i <= 2; i++)
            rows.add(Record.read("" + i, Fields.of("id", "name"), new Object[] {i, "x"}, new Origin("t", i)));
        Columns columns = new Columns();
        rows.forEach(columns::add);
        try (OutputStream out = Files.newOutputStream(folder.resolve(name));
                RecordWriter writer = new ParquetForm(Compression.ZSTD).write(out, columns)) {
            for (Record row : rows) writer.write(row);
        }
    }

    @Test
    void whatNobodyCanReadIsAPoorObjectAndNoFailure() throws Exception {
        put("broken.csv", "id,name\n1,\"never closed\n");
        put("binary.csv", "\0\1\2\3");
        put("cut.csv.gz", "no gzip");
        put("empty.csv", "");
        for (String name : List.of("broken.csv", "binary.csv", "cut.csv.gz")) {
            JobEnd end = run("--object", name, "--schema", "staff");
            assertThat(end.status()).as(name).isEqualTo(Status.SUCCEEDED);
            assertThat(end.counts()).as(name).containsEntry("score", 0L).containsEntry("scoreCompatible", 65L);
            assertThat(newest(name)
                            .path("failed_validation_rules")
                            .get(0)
                            .path("check")
                            .asText())
                    .isEqualTo("format_parsing");
        }
        assertThat(run("--object", "empty.csv", "--schema", "staff").counts())
                .containsEntry("score", 100L)
                .containsEntry("scoreCompatible", 100L);
    }

    @Test
    void belowTheMinimumScoreTheJobEndsPartial() throws Exception {
        put("a.csv", "id,name\n1,x\nx,y\n,z\n1,z\n");
        // 1 of 9 of 40, 1 of 4 of 20, 2 of 4 of 10 (x is one of its own, blank lacks a needed part)
        assertThat(run("--object", "a.csv", "--schema", "staff").status()).isEqualTo(Status.SUCCEEDED);
        JobEnd end = run("--object", "a.csv", "--schema", "staff", "--minimum-score", "90");
        assertThat(end.status()).isEqualTo(Status.PARTIAL);
        assertThat(end.problems()).containsExactly("a.csv: the score must be 90 or more, got '86'");
        assertThat(run("--object", "a.csv", "--schema", "staff", "--minimum-score", "86")
                        .status())
                .isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aPlanWritesNothingAndAStopNeither() throws Exception {
        put("a.csv", "id,name\n" + "1,x\n".repeat(5_000));
        assertThat(new CheckQuality()
                        .plan(call(() -> false, "--object", "a.csv"))
                        .counts())
                .containsEntry("rows", 5_000L);
        assertThatThrownBy(() -> job().run(call(() -> true, "--object", "a.csv")))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("after 1000 rows");
        assertThat(folder.resolve("quality")).doesNotExist();
    }

    @Test
    void aCheckIsComparedWithTheOneBeforeOfItsDatasetAndAgainTheSameWhenItIsRepeated() throws Exception {
        put(KEY.formatted(3), "id,name\n1,x\n");
        put(KEY.formatted(4), "id,name,more\n1,x,\n1,y,\n,,\n");
        run("--object", "./" + KEY.formatted(3), "--schema", "staff");
        run("--object", "./" + KEY.formatted(4), "--schema", "staff");
        run("--object", "./" + KEY.formatted(4), "--schema", "staff");
        run("--object", "./" + KEY.formatted(3), "--schema", "staff");
        try (Stream<Path> files = Files.list(folder.resolve("quality/xx/staff"))) {
            assertThat(files.map(f -> f.getFileName().toString()).sorted())
                    .containsExactly(
                            "2031-02-03T04.html", "2031-02-03T04.json", "2031-02-04T04.html", "2031-02-04T04.json");
        }
        JsonNode second = newest("xx/staff");
        assertThat(second.path("comparison").path("run").asText()).isEqualTo("2031-02-03T04");
        assertThat(second.path("comparison").path("score").asInt()).isNegative();
        assertThat(second.path("comparison").path("changes").toString()).contains("column more is new");
        assertThat(second.path("history")).hasSize(2);
    }

    @Test
    void whatDataSaysIsNothingButTextInThePage() throws Exception {
        String hostile = "<img src=x onerror=alert(1)>\"'&</script>\u202e";
        put("a.csv", "id,\"" + hostile.replace("\"", "\"\"") + "\"\n1,\"" + hostile.replace("\"", "\"\"") + "\"\n");
        run("--object", "a.csv", "--dataset", "../<b>a");
        Path page = Files.list(folder.resolve("quality/_/_b_a"))
                .filter(f -> f.toString().endsWith(".html"))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(page))
                .contains(
                        "default-src 'none'",
                        "&lt;img src=x onerror=alert(1)&gt;&quot;",
                        "<svg ",
                        "<h1>../&lt;b&gt;a</h1>")
                .doesNotContain("<img", "<script", "http:", "https:", "<b>a", "\u202e");
    }

    @Test
    void theMonitoringTablesHaveEachRunOnceHoweverOftenItIsChecked() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        settings.putAll(Map.of(
                "caravan.warehouse.uri", database.uri(),
                "caravan.warehouse.user", database.user(),
                "caravan.warehouse.password", database.password()));
        put(KEY.formatted(3), "id,name\n1,x\u0001\nx,y\n");
        put(KEY.formatted(4), "\0");
        String[] third = {"--object", "./" + KEY.formatted(3), "--schema", "staff", "--monitoring", "true"};
        assertThatThrownBy(() -> run(third))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("reporting");
        sql(database, "create schema reporting");
        run(third);
        run(third);
        run("--object", "./" + KEY.formatted(4), "--schema", "staff", "--monitoring", "true");
        assertThat(sql(
                        database,
                        "select f.agency_slug, f.file_name, f.latest_data_quality_score, r.run_date, r.run_hour, q.score, q.passed,"
                                + " q.failed_validation_message, q.metrics->'honest'->>'score',"
                                + " q.deductions->>'schema', p.completeness_overview->>'totalRows'"
                                + " from reporting.monitoring_file f join reporting.monitoring_file_run r on r.monitoring_file_id = f.id"
                                + " join reporting.monitoring_file_data_quality q on q.monitoring_file_run_id = r.id"
                                + " left join reporting.monitoring_file_data_profile p on p.monitoring_file_run_id = r.id"
                                + " order by r.run_date"))
                // 1 of 1 + 2 x 2 checks of 40
                .containsExactly(
                        "xx|staff|65|2031-02-03|4|92|t|failed: schema|92|8.0|2",
                        "xx|staff|65|2031-02-04|4|65|f|failed: format|0|0.0|null");
        sql(database, "update reporting.monitoring_file set is_suppressed = true");
        assertThat(run(third).summary()).isEqualTo("xx/staff is suppressed in monitoring_file: nothing was written");
    }

    @Test
    void aTableIsCheckedRowByRowAlsoWithoutAKey() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        sql(database, "create table staff (id int, name text)");
        sql(database, "insert into staff values (1, 'x'), (1, 'x'), (null, null)");
        String[] login = {
            "--database", database.uri(), "--database-user", database.user(), "--database-password", database.password()
        };
        JobEnd end = run(Stream.concat(Stream.of("--table", "public.staff", "--schema", "staff"), Stream.of(login))
                .toArray(String[]::new));
        assertThat(end.counts()).containsEntry("rows", 3L).containsEntry("badRows", 0L);
        JsonNode report = newest("public.staff");
        assertThat(report.path("profile").path("sampleData").path("columns").toString())
                .isEqualTo("[\"id\",\"name\"]");
        assertThat(report.path("profile")
                        .path("uniquenessOverview")
                        .path("duplicateRows")
                        .asInt())
                .isEqualTo(1);
        assertThat(end.counts()).containsEntry("scoreCompatible", 87L); // 1 of 3 of 20, 2 of 3 of 10
        assertThat(run(Stream.concat(Stream.of("--query", "select 1 as id;"), Stream.of(login))
                                .toArray(String[]::new))
                        .counts())
                .containsEntry("rows", 1L);
        assertThatThrownBy(() -> run("--table", "staff; drop table staff"))
                .hasMessageContaining("--table must be <schema>.<table>");
    }

    @Test
    void whoWantsItGetsThePageByMailAndAMailThatFailsIsOnlySaid() throws Exception {
        put("a.csv", "id,name\n1,x\n");
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        String uri = "smtp://127.0.0.1:" + mail.getSmtp().getPort() + "?from=caravan@example.com&to=team@example.com";
        try {
            assertThat(run("--object", "a.csv", "--mail", uri).problems()).isEmpty();
            assertThat(mail.getReceivedMessages()).singleElement().satisfies(message -> {
                assertThat(message.getSubject()).isEqualTo("Quality of a.csv: 100 points, passed");
                assertThat(message.getContentType()).contains("text/html");
                assertThat(message.getContent().toString()).contains("<h1>a.csv</h1>");
            });
        } finally {
            mail.stop();
        }
        JobEnd end = run("--object", "a.csv", "--mail", uri);
        assertThat(end.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(end.problems()).singleElement().asString().contains("check-quality: --mail");
    }

    @Test
    void whatIsWrongIsSaidBeforeAnythingIsRead() {
        assertThatThrownBy(this::run)
                .hasMessageContaining("--object, --table or --query must be given, one of them, got 'none'");
        assertThatThrownBy(() -> run("--object", "none.csv"))
                .hasMessageContaining("--object must be there, got 'none.csv'");
        assertThatThrownBy(() -> run("--object", "a.csv", "--schema", "none"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--schema");
        assertThatThrownBy(() -> run("--object", "s3://bucket")).hasMessageContaining("--object must be a file, s3://");
    }

    private void put(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private JsonNode newest(String dataset) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("quality").resolve(dataset))) {
            return JSON.readTree(files.filter(f -> f.toString().endsWith(".json"))
                    .max(Path::compareTo)
                    .orElseThrow()
                    .toFile());
        }
    }

    private static List<String> sql(Endpoint database, String sql) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection c = TestStores.dataSource(database).getConnection();
                Statement s = c.createStatement()) {
            if (!s.execute(sql)) return rows;
            ResultSet row = s.getResultSet();
            while (row.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) cells.add(row.getString(i));
                rows.add(String.join("|", cells.stream().map(String::valueOf).toList()));
            }
        }
        return rows;
    }

    private static CheckQuality job() {
        return TestContext.knownTo(new CheckQuality(() -> Instant.parse("2031-05-06T07:08:09Z")));
    }

    private JobEnd run(String... said) throws Exception {
        return job().run(call(() -> false, said));
    }

    private JobCall call(BooleanSupplier stopped, String... said) throws IOException {
        Map<String, List<String>> given = new HashMap<>();
        for (int i = 0; i < said.length; i += 2) given.put(said[i].substring(2), List.of(said[i + 1]));
        Path file = Path.of("routes/lake/jobs/check-quality.job.yaml");
        JobDefinition job =
                JobFile.read(file.toString(), Files.readString(file)).job().orElseThrow();
        return new JobCall(
                job.name(),
                JobArguments.of(job, given, text -> text.startsWith("{{") ? "" : text),
                folder,
                name -> settings.getOrDefault(name, ""),
                stopped,
                sentence -> {});
    }
}
