package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.caravan.http.ApiServer;
import io.caravan.ledger.Await;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What single keys and settings of a dataset do, run after run. */
class DatasetOptionsTest {

    private static final String CSV = """
            date,code,value
            2021-03-01,XX_RATE_D,1
            2021-03-09,XX_RATE_D,9
            2021-03-10,XX_RATE_D,10
            """;

    @TempDir
    Path folder;

    private final Map<String, String> settings = new HashMap<>();

    private Path dataset(String id, String more) throws IOException {
        settings.put("caravan.series.output", folder.resolve("out").toString());
        write(CSV);
        return Files.writeString(
                folder.resolve(id + ".yaml"),
                "source: {kind: file, url: " + folder.resolve("rates.csv") + ", format: csv}\n"
                        + "parse: {plugin: table}\n"
                        + "parse_config: {date_column: date, series_column: code, value_column: value}\n"
                        + (more.contains("load:") ? "" : "load: {plugin: versioned}\n")
                        + more);
    }

    private void write(String csv) throws IOException {
        Files.writeString(folder.resolve("rates.csv"), csv);
    }

    private String projected(String dataset) throws IOException {
        return Files.readString(
                folder.resolve("out/datasets/" + dataset + "/projections/XX_RATE_D/year=2021/month=03/data.json"));
    }

    @Test
    void aRevisedValueInsideTheLookbackReplacesAndOneOutsideDoesNot() throws Exception {
        Path state = folder.resolve("state.json");
        Path file = dataset("d", "lookback: 2\nstate: {kind: file, path: " + state + "}\n");
        Path ledger = dataset("l", "lookback: 2\nstate: {kind: ledger}\n");
        try (RunningDatasets datasets = new RunningDatasets(settings, file, ledger)) {
            for (String dataset : List.of("d", "l")) {
                write(CSV);
                assertThat(datasets.run(dataset).recordsRead()).isEqualTo(3);
                write(CSV.replace(",1\n", ",1.5\n").replace(",9\n", ",9.5\n") + "2021-03-11,XX_RATE_D,11\n");
                RunReport run = datasets.run(dataset);
                assertThat(run.recordsRead()).isEqualTo(3); // 9, 10 and 11
                assertThat(run.sinks().get("versions").written()).isEqualTo(2);
                assertThat(projected(dataset))
                        .contains("\"value\": 9.5,", "\"value\": 11,", "\"value\": 1,")
                        .doesNotContain("\"value\": 1.5,", "\"value\": 9,");
            }
        }
        assertThat(state).hasContent("{\n  \"XX_RATE_D\": \"2021-03-11T00:00:00\"\n}");
    }

    @Test
    void whatAWindowLeftOutMovesNoStateAndComesWhenItIsWider() throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String state = "state: {kind: file, path: " + folder.resolve("state.json") + "}\n";
        Path file = dataset("d", state + "windowInDays: 10\n");
        String csv = "date,code,value\n" + today.minusDays(40) + ",XX_RATE_D,1\n";
        write(csv);
        Endpoint ledger = TestStores.freshDatabase();
        try (RunningDatasets datasets = new RunningDatasets(ledger, "false", settings, List.of(file), false)) {
            assertThat(datasets.run("d").recordsRead()).isZero();
        }
        assertThat(folder.resolve("state.json")).doesNotExist();
        dataset("d", state + "windowInDays: 50\n");
        write(csv);
        try (RunningDatasets datasets = new RunningDatasets(ledger, "false", settings, List.of(file), false)) {
            assertThat(datasets.run("d").sinks().get("versions").written()).isOne();
        }
        assertThat(folder.resolve("state.json"))
                .hasContent("{\n  \"XX_RATE_D\": \"" + today.minusDays(40) + "T00:00:00\"\n}");
    }

    @Test
    void anObservationThatIsStillToComeIsPublishedAndNamedAndHidesNothing() throws Exception {
        Path state = folder.resolve("state.json");
        Path file = dataset("d", "state: {kind: file, path: " + state + "}\n");
        Path ledger = dataset("l", "lookback: 0\n");
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.list = new CopyOnWriteArrayList<>();
        said.start();
        Logger logger = (Logger) LoggerFactory.getLogger(NewerReader.class);
        logger.addAppender(said);
        try (RunningDatasets datasets = new RunningDatasets(settings, file, ledger)) {
            for (String dataset : List.of("d", "l")) {
                write(CSV + "2399-01-01,XX_RATE_D,99\n");
                assertThat(datasets.run(dataset).sinks().get("versions").written())
                        .isEqualTo(4);
                write(CSV + "2399-01-01,XX_RATE_D,99\n2021-03-11,XX_RATE_D,11\n");
                RunReport run = datasets.run(dataset);
                assertThat(run.problems()).isEmpty();
                assertThat(run.sinks().get("versions").written()).isOne();
                assertThat(projected(dataset)).contains("\"value\": 11,");
            }
        } finally {
            logger.detachAppender(said);
        }
        assertThat(state).hasContent("{\n  \"XX_RATE_D\": \"2021-03-11T00:00:00\"\n}");
        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(4)
                .allMatch(s -> s.contains("XX_RATE_D has observations of times that are still to come, the last of"
                        + " 2399-01-01T00:00Z; they are published, and do not move its state"));
    }

    @Test
    void withFirstWinsARevisedValueChangesNothing() throws Exception {
        Path file = dataset("d", "revisions: first-wins\n");
        try (RunningDatasets datasets = new RunningDatasets(settings, file)) {
            datasets.run("d");
            String before = projected("d");
            write(CSV.replace(",9\n", ",9.5\n"));
            assertThat(datasets.run("d").problems()).isEmpty();
            assertThat(projected("d")).isEqualTo(before);
        }
    }

    /** The order of keys, comments and what is said to people; the order of series; a key more that reads nothing differently. */
    @Test
    void aFileThatMeansTheSameInOtherWordsPublishesNothing() throws Exception {
        dataset("d", "");
        String head = "{kind: file, url: " + folder.resolve("rates.csv") + ", format: csv}";
        String entry = "{internal_series_code: %s, unit: pct, frequency: D}";
        String a = entry.formatted("XX_RATE_D");
        String b = entry.formatted("XX_PRICE_D");
        String rest = "transform: {plugin: complete}\nload: {plugin: versioned, partition_strategy: series}\n";
        String config =
                "parse_config: {date_column: date, series_column: code, value_column: value, series_map: [%s]}\n";
        String first = "source: " + head + "\nparse: {plugin: table}\n" + rest + config.formatted(a + ", " + b);
        Map<String, String> same = new LinkedHashMap<>();
        same.put(
                "another order of keys and texts for people",
                "# moved\n"
                        + "parse_config:\n  series_map:\n"
                        + "    - {frequency: D, unit: pct, internal_series_code: XX_RATE_D}\n"
                        + "    - {unit: pct, internal_series_code: XX_PRICE_D, frequency: D}\n"
                        + "  value_column: value\n  series_column: code\n  date_column: date\n"
                        + "load: {partition_strategy: series, plugin: versioned}\ntransform: {plugin: complete}\n"
                        + "description: Rates & prices, of 2 kinds\nprovider: somebody\nfrequency: daily\n"
                        + "parse: {plugin: table}\nsource: "
                        + head.replace("kind: file, ", "").replace("}", ", kind: file}")
                        + "\n");
        same.put("another order of series", first.replace(a + ", " + b, b + ", " + a));
        Endpoint ledger = TestStores.freshDatabase();
        Path file = Files.writeString(folder.resolve("d.yaml"), first);
        String more = CSV + "2021-03-09,XX_PRICE_D,90\n";
        write(more);
        try (RunningDatasets datasets = new RunningDatasets(ledger, "false", settings, List.of(file), false)) {
            assertThat(datasets.run("d").sinks().get("versions").written()).isEqualTo(4);
        }
        Path pointer = folder.resolve("out/datasets/d/index/current_version.txt");
        String version = Files.readString(pointer);
        for (Map.Entry<String, String> each : same.entrySet()) {
            Files.writeString(file, each.getValue());
            try (RunningDatasets datasets = new RunningDatasets(ledger, "false", settings, List.of(file), false)) {
                RunReport run = datasets.run("d");
                assertThat(run.problems()).as(each.getKey()).isEmpty();
                assertThat(run.sinks().get("versions").written())
                        .as(each.getKey())
                        .isZero();
                assertThat(pointer).as(each.getKey()).hasContent(version);
            }
        }
    }

    @Test
    void aCompressionChangesTheSuffixAndSnappyOfJsonIsNone() throws Exception {
        Map<String, String> suffixes = Map.of(
                "compression: snappy", "data.json",
                "compression: gzip", "data.json.gz",
                "compression: zstd", "data.json.zst",
                "compression: none", "data.json",
                "format: jsonl, compression: snappy", "data.jsonl",
                "format: jsonl, compression: gzip", "data.jsonl.gz",
                "format: csv, compression: zstd", "data.csv.zst",
                "format: parquet, compression: snappy", "data.snappy.parquet",
                "format: parquet, compression: zstd", "data.zstd.parquet");
        Map<String, String> datasets = new HashMap<>();
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> each : suffixes.entrySet()) {
            String id = "d" + files.size();
            datasets.put(id, each.getKey());
            files.add(dataset(id, "load: {plugin: versioned, " + each.getKey() + "}\n"));
        }
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.list = new CopyOnWriteArrayList<>();
        said.start();
        Logger logger = (Logger) LoggerFactory.getLogger(DatasetSource.class);
        logger.addAppender(said);
        try (RunningDatasets running = new RunningDatasets(settings, files.toArray(Path[]::new))) {
            for (Map.Entry<String, String> each : datasets.entrySet()) {
                said.list.clear();
                assertThat(running.run(each.getKey()).problems()).as("%s", each).isEmpty();
                Path month =
                        folder.resolve("out/datasets/" + each.getKey() + "/projections/XX_RATE_D/year=2021/month=03");
                try (Stream<Path> written = Files.list(month)) {
                    assertThat(written.map(p -> p.getFileName().toString()))
                            .as("%s", each)
                            .containsExactly(suffixes.get(each.getValue()));
                }
                boolean warned =
                        each.getValue().contains("snappy") && !each.getValue().contains("parquet");
                assertThat(said.list).as("%s", each).hasSize(warned ? 1 : 0);
            }
        } finally {
            logger.detachAppender(said);
        }
    }

    @Test
    void aTopicIsToldOnlyWhenAPartitionChangedAndAgainWhenItWasAway() throws Exception {
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
            settings.put("caravan.series.topicArn", "arn:aws:sns:us-east-1:123456789012:projections");
            settings.put("caravan.series.snsEndpoint", sns.url(""));
            settings.put("caravan.objects.accessKey", "key)&with=brackets");
            settings.put("caravan.objects.secretKey", "secret)&with}&brackets");
            Path file = dataset("d", "");
            try (RunningDatasets datasets = new RunningDatasets(settings, file)) {
                assertThat(datasets.run("d").problems()).isEmpty();
                assertThat(told).hasSize(1);
                assertThat(told.get(0))
                        .contains(
                                "Subject=projection_update:d", "\"event\":\"projection_update\",\"dataset_id\":\"d\"");
                datasets.run("d");
                assertThat(told).hasSize(1); // nothing is new

                status.set(403);
                write(CSV + "2021-03-11,XX_RATE_D,11\n");
                RunReport away = datasets.run("d");
                assertThat(away.status()).isEqualTo(Status.FAILED);
                assertThat(projected("d")).contains("\"value\": 11,");
                int tries = told.size();
                status.set(200);
                assertThat(datasets.run("d").problems()).isEmpty();
                assertThat(told).hasSize(tries + 1);
                String version = Files.readString(folder.resolve("out/datasets/d/index/current_version.txt"));
                assertThat(told.get(tries)).contains("datasets/d/versions/" + version + "/manifest.json");
                datasets.run("d");
                assertThat(told).hasSize(tries + 1);
                assertThat(sns.headers)
                        .allMatch(h -> h.getFirst("Authorization").contains("Credential=key)&with=brackets/"));
            }
        }
    }

    @Test
    void aDatasetWithAScheduleIsTriggered() throws Exception {
        settings.put("caravan.schedule.d.cron", "* * * * * ?");
        settings.put("caravan.schedule.d.zone", "UTC");
        Path file = dataset("d", "");
        Path other = dataset("other", "");
        try (RunningDatasets datasets = new RunningDatasets(
                TestStores.freshDatabase(),
                "classpath:routes/schedules.camel.yaml",
                settings,
                List.of(file, other),
                true)) {
            assertThat(datasets.context().getRoutes())
                    .extracting(route -> route.getRouteId())
                    .contains("schedule-d")
                    .doesNotContain("schedule-other");
            Path pointer = folder.resolve("out/datasets/d/index/current_version.txt");
            Await.until("it is published", Duration.ofSeconds(20), () -> Files.exists(pointer));
        }
    }
}
