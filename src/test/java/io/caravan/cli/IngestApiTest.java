package io.caravan.cli;

import static io.caravan.http.ApiServer.answer;
import static io.caravan.http.ApiServer.parameter;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.caravan.http.ApiServer;
import io.caravan.http.Throttle;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.pace.LedgerThrottles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job that ships: an API's pages to bronze as they came, and silver of them. */
class IngestApiTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "s3cr3t-of-the-api";

    @TempDir
    Path folder;

    private final Map<Integer, ObjectNode> staff = new TreeMap<>();
    /** By page what was answered last. */
    private final Map<String, String> said = new HashMap<>();

    private final ApiServer api = new ApiServer(this::answers);
    private LedgerDataSource ledger;
    private Runnable meanwhile = () -> {};
    private UserProject project;

    @BeforeEach
    void project() throws Exception {
        for (int i = 1; i <= 5; i++) employee(i, "active", "2021-02-03T04:00:0" + i + "Z");
        Endpoint database = TestStores.freshDatabase();
        ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
        project = new UserProject(folder);
        project.write("routes/README", "a project, so that its settings count");
        Map<String, String> settings = new HashMap<>(Map.of(
                "caravan.ledger.uri",
                database.uri(),
                "caravan.ledger.user",
                database.user(),
                "caravan.ledger.password",
                database.password(),
                "caravan.silver.output",
                folder.resolve("silver").toString(),
                "caravan.silver.path",
                "data.items",
                "caravan.api-pages.output",
                folder.resolve("bronze").toString(),
                "caravan.api-pages.paging",
                "next-link",
                "caravan.api-pages.nextPath",
                "next",
                "caravan.api-pages.auth",
                "query",
                "caravan.api-pages.authName",
                "api_key"));
        settings.put("caravan.api-pages.authSecret", SECRET);
        settings.put("caravan.api-pages.url", api.url("/staff?tenant=" + SECRET + "2"));
        project.settings(settings);
    }

    @AfterEach
    void close() {
        api.close();
        ledger.close();
    }

    /** Two a page, and by since only what changed. */
    private void answers(HttpExchange exchange) throws IOException {
        assertThat(parameter(exchange, "api_key")).isEqualTo(SECRET);
        meanwhile.run();
        String since = parameter(exchange, "since");
        List<ObjectNode> all = staff.values().stream()
                .filter(one -> one.get("updated").asText().compareTo(since) >= 0)
                .toList();
        int from = parameter(exchange, "from").isEmpty() ? 0 : Integer.parseInt(parameter(exchange, "from"));
        ObjectNode page = JSON.createObjectNode();
        page.putObject("data")
                .putArray("items")
                .addAll(all.subList(Math.min(from, all.size()), Math.min(from + 2, all.size())));
        if (from + 2 < all.size()) {
            page.put("next", "/staff?session=" + SECRET + "3&since=" + since + "&from=" + (from + 2));
        }
        exchange.getResponseHeaders().set("Set-Cookie", "id=" + SECRET + "4");
        exchange.getResponseHeaders().set("ETag", "\"" + from + "\"");
        said.put(since + "/" + from, page.toString());
        answer(exchange, 200, page.toString());
    }

    @Test
    void pagesAreKeptAsTheyCameOnceAndSilverIsMadeOfThem() throws Exception {
        assertThat(ingest()).isEqualTo(List.of(3, 5));
        List<Path> pages = files("files");
        assertThat(pages).hasSize(3);
        List<String> bytes = new ArrayList<>();
        for (Path page : pages) {
            bytes.add(Files.readString(page));
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(page)));
            assertThat(page.getFileName().toString()).matches("data\\.\\d{12}-00000000[123]\\." + sha256 + "\\.json");
        }
        assertThat(bytes).containsExactlyInAnyOrderElementsOf(said.values());

        Path request = files("requests").get(1);
        JsonNode told = JSON.readTree(request.toFile());
        assertThat(folder.resolve("bronze").resolve(told.get("object").asText()))
                .isEqualTo(pages.get(1));
        assertThat(told.get("url").asText()).isEqualTo(api.url("/staff?session=*****&since=*****&from=*****"));
        assertThat(told.get("records").asInt()).isEqualTo(2);
        assertThat(told.get("answer").get("etag").asText()).isEqualTo("\"2\"");
        assertThat(told.get("request").get("Accept").asText()).isEqualTo("application/json");
        assertThat(everything()).doesNotContain(SECRET);

        assertThat(ingest()).as("nothing is news").isEqualTo(List.of(0, 0));
        assertThat(files("files")).isEqualTo(pages);
        assertThat(files("requests")).hasSize(3);
    }

    /** Also when they go back to what they were. */
    @Test
    void theNewestPageWins() throws Exception {
        assertThat(ingest()).isEqualTo(List.of(3, 5));
        employee(1, "left", "2021-02-03T04:00:01Z");
        assertThat(ingest()).isEqualTo(List.of(1, 1));
        employee(1, "active", "2021-02-03T04:00:01Z");
        assertThat(ingest()).isEqualTo(List.of(1, 1));
        assertThat(files("files")).hasSize(5);
        staff.remove(5);
        assertThat(ingest()).as("what the API shows no more is kept").isEqualTo(List.of(1, 0));
    }

    @Test
    void theCursorIsKeptAndSilverIsRebuiltWithoutAskingTheApi() throws Exception {
        project.replace(
                "caravan.properties",
                "caravan.api-pages.paging",
                "caravan.api-pages.cursorField=updated\n"
                        + "caravan.api-pages.sinceParameter=since\ncaravan.api-pages.paging");
        assertThat(ingest()).isEqualTo(List.of(3, 5));
        employee(6, "leave", "2021-02-03T05:00:00Z");
        api.asked.clear();
        assertThat(ingest()).isEqualTo(List.of(1, 1));
        assertThat(api.asked).hasSize(1).allMatch(asked -> asked.contains("since=2021-02-03T04%3A00%3A05Z"));
        assertThat(ingest()).as("since the newest").isEqualTo(List.of(1, 0));

        api.asked.clear();
        assertThat(project.cli("remove", "silver[agency-40]", "--with-data", "--yes"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.cli(
                        "run",
                        "bronze-to-silver",
                        "--agency",
                        "agency-40",
                        "--input",
                        folder.resolve("bronze").toString(),
                        "--json"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.json().findValue("written").asInt()).isEqualTo(6);
        assertThat(api.asked).isEmpty();
    }

    /** Also before there is a bronze. */
    @Test
    void aPlanAsksAndSaysWhatBothWouldWriteAndKeepsNothing() throws Exception {
        assertThat(planned()).isEqualTo(List.of(3, 0, 5, 0));
        assertThat(folder.resolve("bronze")).doesNotExist();
        assertThat(ingest()).isEqualTo(List.of(3, 5));
        employee(6, "active", "2021-02-03T05:00:00Z");
        List<Path> before = files("files");
        assertThat(planned()).as("the last page has one more").isEqualTo(List.of(0, 1, 1, 0));
        assertThat(files("files")).isEqualTo(before);
        assertThat(everything()).doesNotContain(SECRET);
    }

    /** Inserts and updates of each. */
    private List<Integer> planned() throws Exception {
        assertThat(project.cli("run", "ingest-api", "--agency", "agency-40", "--dry-run", "--json"))
                .as("%s %s", project.out(), project.err())
                .isZero();
        List<Integer> planned = new ArrayList<>();
        for (JsonNode phase : project.json().get("phases")) {
            JsonNode sink = phase.get("sinks").elements().next();
            planned.add(sink.get("inserts").asInt());
            planned.add(sink.get("updates").asInt());
        }
        return planned;
    }

    /** Between the first page and the second another process is asked to wait: so says the ledger, and this one waits too. */
    @Test
    void aWorkerDoesTheChainAndWaitsWhenTheApiAskedAnotherProcessTo() throws Exception {
        assertThat(project.cli("jobs", "add", "ingest-api", "--", "--agency", "agency-40"))
                .isZero();
        Throttle other = new LedgerThrottles(ledger).of("shared at " + api.url(""), 0, Duration.ofMinutes(1));
        List<Long> asked = new ArrayList<>();
        meanwhile = () -> {
            asked.add(System.nanoTime());
            if (asked.size() == 1) other.quiet(Duration.ofMillis(1_500));
        };
        assertThat(project.cli("jobs", "work")).as("%s", project.err()).isZero();
        assertThat(project.out()).endsWith("1 completed, 0 failed, 0 put back");
        assertThat(asked).hasSize(3);
        assertThat(Duration.ofNanos(asked.get(1) - asked.get(0))).isGreaterThan(Duration.ofMillis(1_495));
        assertThat(files("files")).hasSize(3);
    }

    private List<Integer> ingest() throws Exception {
        assertThat(project.cli("run", "ingest-api", "--agency", "agency-40", "--json"))
                .as("%s %s", project.out(), project.err())
                .isZero();
        return project.json().findValuesAsText("written").stream()
                .map(Integer::valueOf)
                .toList();
    }

    private void employee(int id, String status, String updated) {
        staff.put(
                id,
                JSON.createObjectNode()
                        .put("employee_id", id)
                        .put("full_name", "name " + id)
                        .put("status", status)
                        .put("updated", updated));
    }

    private List<Path> files(String kind) throws IOException {
        try (Stream<Path> all =
                Files.walk(folder.resolve("bronze/agency/agency-40").resolve(kind))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** All that was written or printed, but for what the API said and our settings. */
    private String everything() throws IOException {
        StringBuilder all = new StringBuilder(String.join("\n", project.out()) + String.join("\n", project.err()));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(f -> !f.toString().contains("/files/"))
                    .filter(f -> !f.getFileName().toString().startsWith("caravan"))
                    .toList()) {
                all.append(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
