package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dataset is one file in a user's folder: the commands treat it as any pipeline. */
class DatasetCommandsTest {

    private static final String CSV = """
            date,code,value
            2031-03-04,XX_RATE_D,12.5
            2031-03-05,XX_RATE_D,12.75
            2031-03-04,XX_PRICE_D,100
            """;

    @TempDir
    private Path folder;

    private final List<String> asked = new ArrayList<>();
    private String csv = CSV;
    private HttpServer server;
    private UserProject project;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/rates.csv", exchange -> {
            String etag = "\"" + csv.hashCode() + "\"";
            boolean same = etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            byte[] body = csv.getBytes(StandardCharsets.UTF_8);
            asked.add(same ? "304" : "200");
            exchange.getResponseHeaders().add("ETag", etag);
            exchange.sendResponseHeaders(same ? 304 : 200, same ? -1 : body.length);
            if (!same) exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        project = new UserProject(folder);
        Endpoint ledger = TestStores.freshDatabase();
        Map<String, String> settings = new HashMap<>();
        settings.put("caravan.ledger.uri", ledger.uri());
        settings.put("caravan.ledger.user", ledger.user());
        settings.put("caravan.ledger.password", ledger.password());
        settings.put("caravan.series.output", folder.resolve("published").toString());
        project.settings(settings);
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    private Path dataset(String file, String more) throws IOException {
        return project.write(file, """
                dataset_id: exchange_rates
                description: Rates of two currencies
                source:
                  url: http://127.0.0.1:%d/rates.csv
                  format: csv
                parse:
                  plugin: table
                normalize:
                  plugin: table
                  timezone: America/Argentina/Buenos_Aires
                load:
                  plugin: versioned
                parse_config:
                  date_column: date
                  series_column: code
                  value_column: value
                %s""".formatted(server.getAddress().getPort(), more));
    }

    @Test
    void aFileInAUsersFolderIsAPipelineWhoseSecondRunWritesNothing() throws Exception {
        dataset("datasets/exchange_rates.yaml", "");

        assertThat(project.cli("list")).isZero();
        assertThat(project.out()).contains("dataset exchange_rates: Rates of two currencies");
        assertThat(project.cli("plan", "exchange_rates", "--json"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.cli("exchange_rates", "--json"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.json().at("/sinks/versions/written").asInt()).isEqualTo(3);

        assertThat(project.cli("run", "exchange_rates", "--json")).isZero();
        assertThat(project.json().at("/sinks/versions/written").asInt()).isZero();
        assertThat(asked).containsExactly("200", "200", "304");

        csv = CSV.replace("12.75", "12.8");
        assertThat(project.cli("run", "exchange_rates", "--json")).isZero();
        assertThat(project.json().at("/sinks/versions/written").asInt()).isEqualTo(1);
        assertThat(project.cli("runs", "--pipeline", "exchange_rates")).isZero();
        assertThat(project.cli("dead-letters", "list", "--pipeline", "exchange_rates"))
                .as("%s", project.err())
                .isZero();
        try (Stream<Path> raw = Files.list(folder.resolve("published/datasets/exchange_rates/raw"))) {
            assertThat(raw.map(p -> p.getFileName().toString()).filter(n -> n.matches("[0-9a-f]{64}\\.csv")))
                    .hasSize(2);
        }
    }

    @Test
    void theDatasetOfTheEnvironmentRunsWithoutACommand() throws Exception {
        dataset("config/datasets/exchange_rates.yml", "");
        System.setProperty("caravan.series.dataset", "exchange_rates");
        try {
            assertThat(project.cli()).as("%s", project.err()).isZero();
        } finally {
            System.clearProperty("caravan.series.dataset");
        }
        assertThat(asked).containsExactly("200");
    }

    @Test
    void theBytesOfAVersionAreReadAgain() throws Exception {
        dataset("datasets/exchange_rates.yaml", "");
        assertThat(project.cli("exchange_rates")).as("%s", project.err()).isZero();
        Path pointer = folder.resolve("published/datasets/exchange_rates/index/current_version.txt");
        String first = Files.readString(pointer).strip();
        csv = CSV.replace("12.75", "12.8");
        assertThat(project.cli("exchange_rates")).isZero();

        assertThat(project.cli("run", "exchange_rates", "--from-raw", first, "--json"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.json().at("/sinks/versions/written").asInt()).isEqualTo(1);
        assertThat(asked).containsExactly("200", "200");
        assertThat(project.cli("run", "exchange_rates", "--json")).isZero();
        assertThat(project.json().at("/sinks/versions/written").asInt()).isEqualTo(1);
    }

    @Test
    void aStateOfTheReferenceMovesAfterThePublish() throws Exception {
        dataset(
                "datasets/exchange_rates.yaml",
                "  format: csv\nstate:\n  path: " + folder.resolve("state/s.json") + "\n");
        assertThat(project.cli("exchange_rates")).as("%s", project.err()).isZero();
        Path state = folder.resolve("state/s.json");
        assertThat(Files.readString(state)).contains("\"XX_RATE_D\": \"2031-03-05T00:00:00\"");

        csv = CSV + "2031-03-06,XX_RATE_D,13\n";
        assertThat(project.cli("run", "exchange_rates", "--json")).isZero();
        assertThat(project.json().at("/recordsRead").asInt()).isEqualTo(1);
        assertThat(project.json().at("/sinks/versions/written").asInt()).isEqualTo(1);
        assertThat(Files.readString(state)).contains("\"XX_RATE_D\": \"2031-03-06T00:00:00\"");
    }

    @Test
    void bytesThatAreNotTheOnesThatWereKeptAreRefused() throws Exception {
        dataset("datasets/exchange_rates.yaml", "");
        assertThat(project.cli("exchange_rates")).as("%s", project.err()).isZero();
        Path published = folder.resolve("published/datasets/exchange_rates");
        String version = Files.readString(published.resolve("index/current_version.txt"));
        Path kept;
        try (Stream<Path> raw = Files.list(published.resolve("raw"))) {
            kept = raw.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        Files.writeString(kept, CSV.replace("12.75", "12.8")); // as many bytes, others

        assertThat(project.cli("run", "exchange_rates", "--from-raw", version)).isEqualTo(1);
        assertThat(project.err())
                .anyMatch(l -> l.contains("must have the SHA-256 "
                        + kept.getFileName().toString().replace(".csv", "")
                        + ", got 'other bytes'; restore it, or run without --from-raw"));
        assertThat(Files.readString(published.resolve("index/current_version.txt")))
                .isEqualTo(version);
    }

    @Test
    void aConflictingObservationIsADeadLetterWithSheetAndCellAndAnEqualOneIsNone() throws Exception {
        try (OutputStream out = Files.newOutputStream(folder.resolve("rates.xlsx"))) {
            Workbook book = new Workbook(out, "tests", "1.0");
            Worksheet sheet = book.newWorksheet("TASAS");
            sheet.value(0, 0, "date");
            String[][] rows = {
                {"2021-03-04", "1.5"}, {"2021-03-05", "2.5"}, {"2021-03-04", "1.5"}, {"2021-03-05", "9.5"}, {"n/d", "3"}
            };
            for (int i = 0; i < rows.length; i++) {
                sheet.value(i + 1, 0, rows[i][0]);
                sheet.value(i + 1, 1, new BigDecimal(rows[i][1]));
            }
            book.finish();
        }
        project.write("datasets/book.yaml", """
                source: {kind: file, url: %s, format: xlsx}
                parse: {plugin: bcra_infomondia}
                parse_config:
                  series_map:
                    - {internal_series_code: XX_RATE_D, sheet: TASAS, header_row: 1, date_col: A, value_col: B}
                load: {plugin: versioned}
                """.formatted(folder.resolve("rates.xlsx")));
        assertThat(project.cli("run", "book", "--json")).as("%s", project.err()).isEqualTo(3);
        assertThat(project.json().at("/sinks/versions/written").asInt()).isEqualTo(2);
        assertThat(project.cli("dead-letters", "list", "--pipeline", "book", "--json"))
                .isZero();
        String letters = String.join("\n", project.out());
        assertThat(letters)
                .contains("rates.xlsx!TASAS!B5")
                .contains("rates.xlsx!TASAS!A6")
                .doesNotContain("!B4");
        assertThat(project.cli("datasets", "read", "book")).isZero();
        assertThat(project.out()).hasSize(2).anyMatch(l -> l.contains("\"value\":2.5"));
    }
}
