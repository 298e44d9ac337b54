package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.http.ApiServer;
import io.caravan.ledger.Flows;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user does with the versions that runs published. */
class DatasetsCommandTest {

    private static final String FIRST = """
            date,code,value
            2031-03-04,XX_RATE_D,12.5
            2031-03-05,XX_RATE_D,12.75
            2031-03-04,XX_PRICE_D,100
            """;
    private static final String SECOND = """
            date,code,value
            2031-03-04,XX_RATE_D,12.5
            2031-03-05,XX_RATE_D,12.8
            2031-04-01,XX_RATE_D,13
            2031-03-04,XX_PRICE_D,100
            """;

    @TempDir
    private Path folder;

    private final Map<String, String> more = new HashMap<>();
    private Endpoint ledger;
    private UserProject project;

    @BeforeEach
    void oneDatasetOfAFile() throws IOException {
        project = new UserProject(folder);
        ledger = TestStores.freshDatabase();
        settings();
        project.write("datasets/exchange_rates.yaml", """
                dataset_id: exchange_rates
                description: Rates of two currencies
                source:
                  kind: file
                  url: %s
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
                """.formatted(folder.resolve("rates.csv")));
    }

    private void settings() throws IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("caravan.ledger.uri", ledger.uri());
        settings.put("caravan.ledger.user", ledger.user());
        settings.put("caravan.ledger.password", ledger.password());
        settings.put("caravan.series.output", folder.resolve("published").toString());
        settings.putAll(more);
        project.settings(settings);
    }

    private void publish(String csv) throws IOException {
        project.write("rates.csv", csv);
        does("run", "exchange_rates", "--json");
    }

    private void does(String... command) {
        assertThat(project.cli(command)).as("%s", project.err()).isZero();
    }

    /** The oldest first. */
    private List<String> versions() throws IOException {
        does("datasets", "versions", "exchange_rates", "--json");
        List<String> all = new ArrayList<>();
        project.json().forEach(v -> all.add(0, v.path("version").asText()));
        return all;
    }

    @Test
    void aDatasetIsListedWithItsCurrentVersion() throws Exception {
        does("datasets");
        assertThat(project.out())
                .anyMatch(l -> l.matches("exchange_rates +none yet +.*published"))
                .anyMatch(l -> l.startsWith("indec_ipc"));
        assertThat(project.cli("datasets", "read", "exchange_rates")).isEqualTo(2);
        assertThat(project.err())
                .containsExactly("datasets: exchange_rates must have been published, got 'no version'; see"
                        + " ./caravan run exchange_rates");
        does("datasets", "versions", "exchange_rates");
        assertThat(project.out()).containsExactly("No version yet; publish one: ./caravan run exchange_rates");

        publish(FIRST);
        String version = versions().get(0);
        does("datasets", "list", "--json");
        JsonNode one = null;
        for (JsonNode each : project.json()) {
            if (each.path("dataset").asText().equals("exchange_rates")) one = each;
        }
        assertThat(one.path("current").asText()).isEqualTo(version);
        assertThat(one.path("output").asText())
                .isEqualTo(folder.resolve("published").toString());
    }

    @Test
    void versionsAreToldNewestFirstReadAndCompared() throws Exception {
        publish(FIRST);
        publish(SECOND);
        List<String> versions = versions();
        assertThat(versions).hasSize(2);

        does("datasets", "versions", "exchange_rates");
        assertThat(project.out().get(1)).startsWith(versions.get(1)).endsWith("current");
        assertThat(project.out().get(1)).matches(".*Z +1 +1 +0 +1 +2031-03-05.*");
        assertThat(project.out().get(2)).startsWith(versions.get(0)).matches(".*Z +3 +0 +0 +2 .*");

        does("datasets", "read", "exchange_rates");
        assertThat(project.out()).hasSize(4);
        assertThat(new ObjectMapper()
                        .readTree(project.out().get(2))
                        .path("value")
                        .asText())
                .isEqualTo("12.8");
        does("datasets", "read", "exchange_rates", versions.get(0), "--format", "csv", "--series", "XX_RATE_D");
        assertThat(project.out().get(0)).startsWith("obs_time,internal_series_code,value,unit,frequency");
        assertThat(project.out().subList(1, 3))
                .satisfiesExactly(
                        l -> assertThat(l).startsWith("2031-03-04T00:00:00-03:00,XX_RATE_D,12.5,"),
                        l -> assertThat(l).startsWith("2031-03-05T00:00:00-03:00,XX_RATE_D,12.75,"));
        assertThat(project.out()).hasSize(3);

        does("datasets", "diff", "exchange_rates", versions.get(0), "current");
        assertThat(project.out().get(1)).matches("revised +XX_RATE_D +2031-03-05T00:00:00-03:00 +12.75 +12.8");
        assertThat(project.out().get(2)).matches("added +XX_RATE_D +2031-04-01T00:00:00-03:00 +13");
        assertThat(project.out().get(3))
                .isEqualTo(versions.get(0) + " to " + versions.get(1) + ": 1 added, 1 revised, 0 removed");
        does("datasets", "diff", "exchange_rates", "current", versions.get(0), "--json", "--limit", "1");
        assertThat(project.json().path("removed").asInt()).isOne();
        assertThat(project.json().path("changes")).hasSize(1);

        does("datasets", "show", "exchange_rates");
        assertThat(project.out())
                .satisfiesExactly(
                        l -> assertThat(l).isEqualTo("exchange_rates at " + versions.get(1)),
                        l -> assertThat(l).matches("series +points +last 30 +value +unit +first +last"),
                        l -> assertThat(l).matches("XX_PRICE_D +1 +▅ +100 +2031-03-04 +2031-03-04"),
                        l -> assertThat(l).matches("XX_RATE_D +3 +▁▅█ +13 +2031-03-04 +2031-04-01"));

        does("datasets", "show", "exchange_rates", "--html", "rates.html");
        String page = Files.readString(folder.resolve("rates.html"));
        assertThat(page)
                .contains("<polyline points=\"0,116.0 ")
                .contains("title=\"2031-04: 1 point\"")
                .contains("<td class=\"n\">12.75</td><td class=\"n\">12.8</td>")
                .doesNotContain("http://", "https://", "<script");
        assertThat(project.cli("datasets", "show", "exchange_rates", "--html", "no/such/folder.html"))
                .isEqualTo(2);
    }

    @Test
    void aWrongNameIsAnsweredWithWhatThereIs() throws Exception {
        publish(FIRST);
        assertThat(project.cli("datasets", "versions", "exchange_rate")).isEqualTo(2);
        assertThat(project.err())
                .containsExactly("datasets: dataset must be one of bcra_infomondia_series, exchange_rates, indec_ipc,"
                        + " got 'exchange_rate'; did you mean 'exchange_rates'?");
        assertThat(project.cli("datasets", "read", "exchange_rates", "v1")).isEqualTo(2);
        assertThat(project.err())
                .containsExactly("datasets: version must be current or a version of exchange_rates, got 'v1'; see"
                        + " ./caravan datasets versions exchange_rates");
        assertThat(project.cli("datasets", "read", "exchange_rates", "--series", "XX_RATE"))
                .isEqualTo(2);
        assertThat(project.err().get(0)).contains("got 'XX_RATE'");
        assertThat(project.cli("datasets", "read", "exchange_rates", "--format", "xml"))
                .isEqualTo(2);
        assertThat(project.err()).containsExactly("datasets read: --format must be jsonl or csv, got 'xml'");
    }

    @Test
    void aRollbackPublishesAnOldVersionAsTheNewestOneAndLaterRunsPublishOn() throws Exception {
        publish(FIRST);
        publish(SECOND);
        String first = versions().get(0);

        does("datasets", "rollback", "exchange_rates", first);
        List<String> versions = versions();
        assertThat(versions).hasSize(3);
        assertThat(project.cli("datasets", "diff", "exchange_rates", first, "current"))
                .isZero();
        assertThat(project.out()).containsExactly(first + " to " + versions.get(2) + ": 0 added, 0 revised, 0 removed");
        does("datasets", "rollback", "exchange_rates", first);
        assertThat(project.out())
                .containsExactly("exchange_rates: readers see what " + first + " held already; nothing was published");

        publish(SECOND.replace("13", "14"));
        assertThat(versions()).hasSize(4);
        does("run", "exchange_rates", "--repair", "--json");
        does("datasets", "read", "exchange_rates");
        assertThat(project.out()).hasSize(4).anyMatch(l -> l.contains("12.8"));

        // a new ledger's tokens begin at 1
        ledger = TestStores.freshDatabase();
        settings();
        does("datasets", "rollback", "exchange_rates", first);
        assertThat(versions()).hasSize(6);
    }

    @Test
    void aRollbackIsRefusedWhileARunGoesOn() throws Exception {
        publish(FIRST);
        publish(SECOND);
        List<String> versions = versions();
        try (LedgerDataSource source = new LedgerDataSource(ledger.uri(), ledger.user(), ledger.password());
                Lease lease = Lease.acquire(
                        source,
                        new PlainTransactions(source)
                                .in(c -> Flows.find(c, "exchange_rates").orElseThrow()),
                        "another run",
                        Duration.ofSeconds(60))) {
            assertThat(lease.held()).isTrue();
            assertThat(project.cli("datasets", "rollback", "exchange_rates", versions.get(0)))
                    .isEqualTo(4);
            assertThat(project.err().get(0)).contains("another run");
            assertThat(project.cli("datasets", "gc", "exchange_rates", "--keep", "1", "--yes"))
                    .isEqualTo(4);
        }
        assertThat(versions()).isEqualTo(versions);
    }

    @Test
    void versionsThatNobodyNeedsAreDeletedOnlyWhenConfirmed() throws Exception {
        publish(FIRST);
        publish(SECOND);
        publish(SECOND.replace("13", "14"));
        List<String> versions = versions();

        assertThat(project.cli("datasets", "gc", "exchange_rates", "--keep", "1"))
                .isEqualTo(2);
        assertThat(project.err().get(0)).startsWith("datasets gc: --yes must be given to delete ");
        does("datasets", "gc", "exchange_rates", "--keep", "1", "--dry-run");
        List<String> named = project.out();
        assertThat(named).hasSizeGreaterThan(2).anyMatch(l -> l.contains(versions.get(0)));
        assertThat(versions()).isEqualTo(versions);

        does("datasets", "gc", "exchange_rates", "--keep", "1", "--yes", "--json");
        assertThat(project.json().path("deleted")).hasSize(named.size() - 1);
        assertThat(versions()).containsExactly(versions.get(2));
        does("datasets", "read", "exchange_rates");
        assertThat(project.out()).hasSize(4).anyMatch(l -> l.contains("14"));
    }

    private List<Path> raw(String of) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("published/datasets/exchange_rates/" + of))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void rawFilesThatNoKeptVersionWasMadeOfAreDeletedAndThoseThatOneWasMadeOfStay() throws Exception {
        publish(FIRST);
        publish(SECOND);
        publish(SECOND.replace("13", "14"));
        List<String> versions = versions();
        assertThat(raw("raw")).hasSize(3);
        does("datasets", "rollback", "exchange_rates", versions.get(0));

        does("datasets", "gc", "exchange_rates", "--keep", "2", "--dry-run");
        List<String> named = project.out();
        assertThat(raw("raw")).hasSize(3);
        does("datasets", "gc", "exchange_rates", "--keep", "2", "--yes", "--json");
        assertThat(project.json().path("deleted")).hasSize(named.size() - 1);
        does("audit", "exchange_rates", "--limit", "2", "--json");
        assertThat(project.json().findValuesAsText("mode")).containsExactly("datasets gc", "datasets rollback");
        assertThat(project.json().get(0).get("recordsRead").asInt()).isEqualTo(named.size() - 1);
        // the first, which the newest went back to, and the third, which the one before was made of
        assertThat(raw("raw")).hasSize(2);
        assertThat(raw("raw/index")).hasSize(2);
        List<String> kept = versions();
        assertThat(kept).hasSize(2);
        assertThat(kept.get(0)).isEqualTo(versions.get(2));
        does("run", "exchange_rates", "--from-raw", kept.get(1), "--allow-deletes");
        does("datasets", "read", "exchange_rates");
        assertThat(project.out()).hasSize(3).anyMatch(l -> l.contains("12.75"));
        does("run", "exchange_rates", "--from-raw", kept.get(0));
        does("datasets", "read", "exchange_rates");
        assertThat(project.out()).hasSize(4).anyMatch(l -> l.contains("14"));
        // what was read again is what the newest version was made of
        does("datasets", "gc", "exchange_rates", "--keep", "1", "--yes");
        assertThat(raw("raw")).singleElement().satisfies(file -> assertThat(file)
                .hasContent(SECOND.replace("13", "14")));
    }

    @Test
    void readingStopsWhenItsOutputIsClosed() throws Exception {
        StringBuilder csv = new StringBuilder("date,code,value\n");
        for (int i = 0; i < 20_000; i++) {
            csv.append(LocalDate.of(1960, 1, 1).plusDays(i))
                    .append(",XX_RATE_D,")
                    .append(i)
                    .append('\n');
        }
        publish(csv.toString());
        AtomicLong tried = new AtomicLong();
        OutputStream head = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                if (tried.addAndGet(length) > 1_000) throw new IOException("Broken pipe");
            }
        };
        for (String format : List.of("jsonl", "csv")) {
            tried.set(0);
            assertThat(project.cliInto(head, "datasets", "read", "exchange_rates", "--format", format))
                    .isEqualTo(1);
            assertThat(tried).hasValueLessThan(200_000);
            assertThat(project.err()).containsExactly("datasets read: the output was closed, the rest was not read");
        }
    }

    @Test
    void consumersAreToldOfARollbackAtOnce() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        AtomicInteger status = new AtomicInteger(200);
        try (ApiServer sns = new ApiServer(exchange -> {
            told.add(URLDecoder.decode(
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    StandardCharsets.UTF_8));
            ApiServer.answer(
                    exchange,
                    status.get(),
                    status.get() == 200
                            ? "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"
                            : "<ErrorResponse><Error><Code>AuthorizationError</Code></Error></ErrorResponse>");
        })) {
            publish(FIRST);
            publish(SECOND);
            List<String> versions = versions();
            more.put("caravan.series.topicArn", "arn:aws:sns:us-east-1:123456789012:projections");
            more.put("caravan.series.snsEndpoint", sns.url(""));
            more.put("caravan.objects.accessKey", "key");
            more.put("caravan.objects.secretKey", "secret");
            settings();
            does("datasets", "rollback", "exchange_rates", versions.get(0));
            assertThat(told).hasSize(1);
            assertThat(told.get(0)).contains("versions/" + versions().get(2) + "/manifest.json");

            status.set(403);
            assertThat(project.cli("datasets", "rollback", "exchange_rates", versions.get(1)))
                    .isEqualTo(1);
            assertThat(project.err().get(0))
                    .startsWith("datasets rollback: exchange_rates was published, and nobody could be told: ")
                    .endsWith("; the next run with news tells");
            status.set(200);
            int tries = told.size();
            publish(SECOND.replace("13", "15"));
            assertThat(told).hasSize(tries + 1);
        }
    }
}
