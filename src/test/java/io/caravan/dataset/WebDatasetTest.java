package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.caravan.http.ApiServer;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Datasets from servers: files of the month before, and certificates. */
class WebDatasetTest {

    private static final String CSV = "date,code,value\n2021-03-04,XX_RATE_D,12.5\n";
    private static final ZoneId ZONE = ZoneId.of("America/Argentina/Buenos_Aires");

    @TempDir
    Path folder;

    private Path dataset(String id, String source) throws Exception {
        return Files.writeString(
                folder.resolve(id + ".yaml"),
                "source:\n" + source + "  format: csv\n  retries: 0\n"
                        + "parse: {plugin: table}\n"
                        + "parse_config: {date_column: date, series_column: code, value_column: value}\n"
                        + "load: {plugin: versioned}\n");
    }

    private Map<String, String> settings() {
        return Map.of("caravan.series.output", folder.resolve("out").toString());
    }

    @Test
    void theFileOfTheLastMonthThatHasOneIsRead() throws Exception {
        AtomicInteger missing = new AtomicInteger(2);
        try (ApiServer server =
                new ApiServer(exchange -> ApiServer.answer(exchange, missing.getAndDecrement() > 0 ? 404 : 200, CSV))) {
            Path monthly = dataset(
                    "monthly", "  kind: indec_ipc_http\n  url_template: " + server.url("/sh_{MM}_{YY}.csv") + "\n");
            Path daily = dataset(
                    "daily",
                    "  kind: indec_ipc_http\n  url_template: " + server.url("/d/{YYYY}-{MM}-{DD}.csv")
                            + "\n  timezone: Pacific/Kiritimati\n  periods_back: 1\n");
            YearMonth before = YearMonth.now(ZONE);
            try (RunningDatasets datasets = new RunningDatasets(settings(), monthly, daily)) {
                RunReport run = datasets.run("monthly");
                assertThat(run.problems()).isEmpty();
                assertThat(run.sinks().get("versions").written()).isOne();
                DateTimeFormatter form = DateTimeFormatter.ofPattern("'GET /sh_'MM'_'yy'.csv'");
                YearMonth first = server.asked.get(0).equals(before.format(form)) ? before : YearMonth.now(ZONE);
                assertThat(server.asked)
                        .containsExactly(
                                first.format(form),
                                first.minusMonths(1).format(form),
                                first.minusMonths(2).format(form));
                // this month has its file now
                assertThat(datasets.run("monthly").sinks().get("versions").written())
                        .isZero();
                assertThat(server.asked).hasSize(4);

                missing.set(2);
                server.asked.clear();
                LocalDate day = LocalDate.now(ZoneId.of("Pacific/Kiritimati"));
                RunReport none = datasets.run("daily");
                if (!server.asked.get(0).contains(day.toString())) day = day.plusDays(1);
                assertThat(none.status()).isEqualTo(Status.FAILED);
                assertThat(server.asked)
                        .containsExactly("GET /d/" + day + ".csv", "GET /d/" + day.minusDays(1) + ".csv");
                assertThat(none.problems())
                        .containsExactly("dataset: source.url_template must lead to a file, got '404 from "
                                + server.url("/d/" + day + ".csv") + "' and all back to "
                                + server.url("/d/" + day.minusDays(1) + ".csv")
                                + "; correct 'source.url_template' or raise source.periods_back");
            }
        }
    }

    @Test
    void aFileThatIsTooLongTooSlowOrCutOffIsNotPublishedAndAServerInTroubleIsAskedAgain() throws Exception {
        AtomicInteger troubles = new AtomicInteger(1);
        try (ApiServer server = new ApiServer(exchange -> {
            String path = exchange.getRequestURI().getPath();
            byte[] csv = CSV.getBytes(StandardCharsets.UTF_8);
            if (path.equals("/trouble") && troubles.getAndDecrement() > 0) {
                ApiServer.answer(exchange, 503, "{}");
                return;
            }
            // without a length the server does not say how long it is
            exchange.sendResponseHeaders(200, path.equals("/cut") ? 2 * csv.length : 0);
            exchange.getResponseBody().write(csv);
            exchange.getResponseBody().flush();
            // until its reader has had enough, which fails the write
            for (int i = 0; path.equals("/slow") && i < 1_000; i++) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                exchange.getResponseBody().write(csv);
                exchange.getResponseBody().flush();
            }
        })) {
            Map<String, String> more = Map.of(
                    "/long", "  max_bytes: " + (CSV.length() - 1),
                    "/slow", "  max_seconds: 0.01",
                    "/cut", "");
            Map<String, String> said = Map.of(
                    "/long", "must be at most " + (CSV.length() - 1) + " bytes, got more; raise source.max_bytes",
                    "/slow", " bytes by then'; raise source.max_seconds",
                    "/cut", " was cut off 1 times");
            List<Path> files = new ArrayList<>();
            for (String path : List.of("/long", "/slow", "/cut")) {
                files.add(dataset(path.substring(1), "  url: " + server.url(path) + "\n" + more.get(path) + "\n"));
            }
            files.add(Files.writeString(
                    folder.resolve("trouble.yaml"),
                    Files.readString(dataset("trouble", "  url: " + server.url("/trouble") + "\n"))
                            .replace("retries: 0", "retries: 1")));
            try (RunningDatasets datasets = new RunningDatasets(settings(), files.toArray(Path[]::new))) {
                for (String path : more.keySet()) {
                    RunReport run = datasets.run(path.substring(1));
                    assertThat(run.status()).as(path).isEqualTo(Status.FAILED);
                    assertThat(run.problems())
                            .as(path)
                            .singleElement()
                            .asString()
                            .contains(server.url(path), said.get(path));
                    assertThat(folder.resolve("out/datasets" + path)).doesNotExist();
                }
                assertThat(datasets.run("trouble").problems()).isEmpty();
                assertThat(server.asked.stream().filter(asked -> asked.endsWith("/trouble")))
                        .hasSize(2);
            }
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefusedUnlessTheFileSaysOtherwiseWhichWarnsAtEveryRun() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            ApiServer.answer(exchange, 200, CSV);
            exchange.close();
        });
        server.start();
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.list = new CopyOnWriteArrayList<>();
        said.start();
        Logger logger = (Logger) LoggerFactory.getLogger(DatasetSource.class);
        logger.addAppender(said);
        String url = "  url: https://localhost:" + server.getAddress().getPort() + "/rates.csv\n";
        try (RunningDatasets datasets = new RunningDatasets(
                settings(), dataset("checked", url), dataset("unchecked", url + "  verify_ssl: false\n"))) {
            RunReport refused = datasets.run("checked");
            assertThat(refused.status()).isEqualTo(Status.FAILED);
            assertThat(refused.problems()).singleElement().asString().contains("certificat");
            assertThat(asked).hasValue(0);
            assertThat(said.list).isEmpty();
            for (int run = 1; run <= 2; run++) {
                assertThat(datasets.run("unchecked").problems()).isEmpty();
                assertThat(asked).hasValue(run);
                assertThat(said.list)
                        .extracting(ILoggingEvent::getFormattedMessage)
                        .hasSize(run)
                        .allMatch(s -> s.startsWith("unchecked: source.verify_ssl is false: "));
            }
        } finally {
            logger.detachAppender(said);
            server.stop(0);
        }
    }

    private SSLContext selfSigned() throws Exception {
        Path file = folder.resolve("keys.p12");
        List<String> keytool = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "a",
                "-dname",
                "CN=somebody else",
                "-storepass",
                "secret",
                "-keystore",
                file.toString());
        Process process = new ProcessBuilder(keytool).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "secret".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
