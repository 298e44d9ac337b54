package io.caravan.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.Refusal;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.JsonArrayForm;
import io.caravan.format.JsonlForm;
import io.caravan.format.ParquetForm;
import io.caravan.format.WritableFormat;
import io.caravan.object.FileObjectStore;
import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.record.Record;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionsSinkTest {

    private static final String DAY_4 = "2031-03-04T00:00:00-03:00";
    private static final String DAY_5 = "2031-03-05T00:00:00-03:00";
    private static final String APRIL = "2031-04-01T00:00:00-03:00";

    @TempDir
    private Path folder;

    private ObjectStore store;

    @BeforeEach
    void makeStore() {
        store = new FileObjectStore(folder);
    }

    @Test
    void aVersionIsLaidOutAsTheReferenceDoes() throws IOException {
        publish(store, 7, Rates.point("XX_RATE_D", DAY_4, 12.5));
        String version = Rates.text(store, "datasets/xx_demo/index/current_version.txt");
        assertThat(version).matches("v[0-9]{8}_[0-9]{6}_[0-9]{6}");
        String base = "datasets/xx_demo/versions/" + version + "/";
        String data = """
                [
                  {
                    "obs_time": "2031-03-04T00:00:00-03:00",
                    "internal_series_code": "XX_RATE_D",
                    "value": 12.5,
                    "unit": "pct_TNA",
                    "frequency": "D",
                    "collection_date": "2031-03-05T09:10:11.000123+00:00"
                  }
                ]""";
        assertThat(Rates.text(store, base + "data/XX_RATE_D/year=2031/month=03/data.json"))
                .isEqualTo(data);
        assertThat(Rates.text(store, "datasets/xx_demo/projections/XX_RATE_D/year=2031/month=03/data.json"))
                .isEqualTo(data);
        assertThat(Rates.text(store, base + "manifest.json"))
                .contains("\"version_id\": \"" + version + "\"")
                .contains("\"min_obs_time\": \"2031-03-04T03:00:00Z\"")
                .contains("\"json_files\": [\n    \"XX_RATE_D/year=2031/month=03/data.json\"\n  ]")
                .contains("\"partitions\": [\n    \"XX_RATE_D/year=2031/month=03/\"\n  ]")
                .contains("\"token\": 7");
        assertThat(Rates.text(store, "datasets/xx_demo/projections/manifest.json"))
                .contains("\"projected_versions\": [\n    \"" + version + "\"\n  ]")
                .contains("\"last_projected_version\": \"" + version + "\"");
    }

    @Test
    void newestWinsDeletesGoAndAVersionSaysWhat() {
        publish(store, 1, Rates.point("A", DAY_4, 1), Rates.point("A", DAY_5, 2), Rates.point("B", APRIL, 3));
        publish(store, 1, Rates.point("A", DAY_4, 9), Rates.gone("A", DAY_5), Rates.point("A", APRIL, 4));
        Map<String, String> wanted = Map.of("A|" + DAY_4, "9.0", "A|" + APRIL, "4.0", "B|" + APRIL, "3.0");
        assertThat(Rates.history(store)).isEqualTo(wanted);
        assertThat(Rates.projected(store)).isEqualTo(wanted);
        Versions versions = Rates.versions(store);
        List<String> all = versions.list();
        assertThat(all).hasSize(2).isSorted();
        Manifest manifest = versions.manifest(all.get(1));
        assertThat(List.of(manifest.added(), manifest.revised(), manifest.removed()))
                .containsExactly(1L, 1L, 1L);
        assertThat(manifest.previous()).isEqualTo(all.get(0));
        List<String> removed = new ArrayList<>();
        versions.removed(all.get(1), row -> removed.add(row.key()));
        assertThat(removed).containsExactly("A|" + DAY_5);
        List<String> news = new ArrayList<>();
        versions.news(all.get(1), row -> news.add(row.key()));
        assertThat(news).containsExactly("A|" + DAY_4, "A|" + APRIL);
    }

    @Test
    void whatChangesNothingPublishesNothing() {
        publish(store, 1, Rates.point("A", DAY_4, 1));
        publish(store, 2, Rates.point("A", DAY_4, 1).with("collection_date", "2031-04-01T00:00:00+00:00"));
        assertThat(Rates.versions(store).list()).hasSize(1);
    }

    @Test
    void oneInstantInTwoOffsetsIsOnePoint() {
        publish(store, 1, Rates.point("A", "2031-03-04T00:00:00-03:00", 1));
        publish(
                store,
                1,
                Rates.point("A", "2031-03-04T03:00:00+00:00", 2),
                Rates.gone("A", "2031-03-04T00:00:00-03:00"));
        assertThat(Rates.history(store)).isEqualTo(Map.of("A|2031-03-04T03:00:00+00:00", "2.0"));
    }

    @Test
    void ofTwoTextsOfOneInstantInOneRunTheSecondIsRefusedAndItsDeleteTakesNothing() {
        String other = "2031-03-04T03:00:00+00:00";
        for (boolean swapped : List.of(false, true)) {
            ObjectStore own = new FileObjectStore(folder.resolve("swapped-" + swapped));
            List<Record> points = new ArrayList<>(List.of(Rates.point("A", DAY_4, 1), Rates.point("A", other, 2)));
            if (swapped) Collections.reverse(points);
            VersionsSink sink = Rates.sink(own);
            sink.fencedBy(Rates.token(1));
            assertThat(sink.write(points)).isEmpty();
            List<Refusal> refused = sink.flush();
            assertThat(refused).extracting(r -> r.record().key()).containsExactly("A|" + other);
            assertThat(refused.get(0).reason())
                    .isEqualTo("record: field 'obs_time' must be met once for a series, in whatever text; key 'A|"
                            + DAY_4 + "' is the same point, got '" + other + "'; correct one of both at the source");
            publish(own, 1, Rates.gone("A", other));
            assertThat(Rates.history(own)).isEqualTo(Map.of("A|" + DAY_4, "1.0"));
        }
    }

    @Test
    void aPointThatALaterRunBringsByAnotherTextIsToldAndIsNotTheFirstOnesToDelete() {
        String other = "2031-03-04T03:00:00+00:00";
        publish(store, 1, Rates.point("A", DAY_4, 1));
        VersionsSink sink = Rates.sink(store);
        sink.fencedBy(Rates.token(1));
        assertThat(sink.write(List.of(Rates.point("A", other, 2)))).isEmpty();
        assertThat(sink.flush()).isEmpty();
        assertThat(sink.notes())
                .containsExactly("versions: 1 point has another key for the same series and instant now, as 'A|" + other
                        + "' for 'A|" + DAY_4 + "'");
        publish(store, 1, Rates.gone("A", DAY_4));
        assertThat(Rates.history(store)).isEqualTo(Map.of("A|" + other, "2.0"));
        publish(store, 1, Rates.gone("A", other));
        assertThat(Rates.history(store)).isEmpty();
    }

    @Test
    void comparisonIsOfTheHistoryAndNotOfTheCollectionDate() {
        publish(store, 1, Rates.point("A", DAY_4, 1), Rates.point("B", DAY_4, 1));
        VersionsSink sink = Rates.sink(store);
        assertThat(sink.keys()).containsExactlyInAnyOrder("A|" + DAY_4, "B|" + DAY_4);
        assertThat(sink.differing(List.of(
                        Rates.point("A", DAY_4, 1).with("collection_date", "later"),
                        Rates.point("B", DAY_4, 2),
                        Rates.gone("A", DAY_5),
                        Rates.point("A", APRIL, 1))))
                .containsExactlyInAnyOrder("B|" + DAY_4, "A|" + APRIL);
        assertThat(sink.check()).isEmpty();
    }

    @Test
    void seriesCodesStayInside() {
        Random random = new Random(5);
        String letters = "../\\ aZ0_-.\0\n%:$é";
        List<String> codes = new ArrayList<>(List.of("..", ".", "a/../../b", "/etc", "", "a\0b", ".hidden", "x."));
        for (int i = 0; i < 500; i++) {
            StringBuilder code = new StringBuilder();
            for (int j = random.nextInt(6); j >= 0; j--) code.append(letters.charAt(random.nextInt(letters.length())));
            codes.add(code.toString());
        }
        VersionsSink sink = Rates.sink(store);
        for (String code : codes) {
            List<Refusal> refused = sink.write(List.of(Rates.point(code, DAY_4, 1)));
            boolean fine = code.matches("[A-Za-z0-9_.-]+") && !code.startsWith(".") && !code.endsWith(".");
            assertThat(refused.isEmpty()).as(code).isEqualTo(fine);
        }
        sink.flush();
        store.list("", new Glob("*"))
                .forEachRemaining(object -> assertThat(object.name()).matches("datasets/xx_demo/[A-Za-z0-9_./=-]+"));
    }

    @Test
    void aLowerTokenIsRefused() {
        publish(store, 5, Rates.point("A", DAY_4, 1));
        assertThatThrownBy(() -> publish(store, 4, Rates.point("A", DAY_4, 2)))
                .isInstanceOf(CaravanException.class)
                .hasMessageStartingWith("versions-sink: the run's token must be at least that of version v")
                .hasMessageContaining(", got '4'");
        publish(store, 5, Rates.point("A", DAY_4, 3));
        assertThat(Rates.history(store)).isEqualTo(Map.of("A|" + DAY_4, "3.0"));
    }

    @Test
    void everyFormatAndStrategyHoldsTheSameHistory() {
        List<WritableFormat> formats = List.of(
                new JsonArrayForm(Compression.NONE),
                new JsonArrayForm(Compression.GZIP),
                new JsonlForm(Compression.ZSTD),
                new CsvForm(",", false, Compression.GZIP),
                new ParquetForm(Compression.SNAPPY));
        int n = 0;
        for (WritableFormat format : formats) {
            for (PartitionStrategy strategy : PartitionStrategy.values()) {
                ObjectStore own = new FileObjectStore(folder.resolve("f" + n++));
                Publisher publisher = Rates.publisher(own, format, strategy, false, 4);
                for (List<Record> run : List.of(
                        List.of(Rates.point("A", DAY_4, 1), Rates.point("B", DAY_4, 2), Rates.point("A", APRIL, 0.1)),
                        List.of(Rates.point("A", DAY_4, 7), Rates.gone("B", DAY_4)))) {
                    VersionsSink sink = new VersionsSink("s", publisher);
                    assertThat(sink.write(run)).isEmpty();
                    sink.flush();
                }
                Map<String, String> seen = new TreeMap<>();
                Versions versions = new Versions(publisher);
                versions.history(
                        versions.current().orElseThrow(),
                        row -> seen.put(
                                row.key(), row.get("value").orElseThrow().toString()));
                assertThat(seen)
                        .as(format.suffix() + " " + strategy)
                        .isEqualTo(Map.of("A|" + DAY_4, "7.0", "A|" + APRIL, "0.1"));
                assertThat(new VersionsSink("s", publisher)
                                .differing(List.of(
                                        Rates.point("A", DAY_4, 7),
                                        Rates.point("A", APRIL, 0.1),
                                        Rates.gone("B", DAY_4))))
                        .isEmpty();
            }
        }
    }

    @Test
    void firstWinsKeepsWhatIsThere() {
        Publisher first = Rates.publisher(
                store, new JsonArrayForm(Compression.NONE), PartitionStrategy.SERIES_YEAR_MONTH, true, 1);
        for (double value : new double[] {1, 2}) {
            VersionsSink sink = new VersionsSink("s", first);
            sink.write(List.of(Rates.point("A", DAY_4, value)));
            sink.flush();
        }
        assertThat(Rates.history(store)).isEqualTo(Map.of("A|" + DAY_4, "1.0"));
    }

    /** As the facts say: no data/ in front of paths, an object with data instead of an array, Z on local times. */
    @Test
    void aDataSetOfTheReferenceIsAdopted() throws IOException {
        String base = "datasets/xx_demo/";
        String row = "{\"obs_time\": \"%s\", \"internal_series_code\": \"A\", \"value\": %s, \"unit\": \"u\","
                + " \"frequency\": \"D\", \"collection_date\": \"2031-03-05T09:10:11.000123+00:00\"}";
        put(base + "projections/A/year=2031/month=03/data.json", "{\"data\": [" + row.formatted(DAY_4, "1.0") + "]}");
        put(
                base + "projections/B/year=2031/month=03/data.json",
                "[" + row.replace("\"A\"", "\"B\"").formatted(DAY_4, "1.0") + "]");
        put(
                base + "projections/manifest.json",
                "{\"projected_versions\": [\"v20310305_091012_000007\"], \"last_projection_date\": \"x\", \"last_projected_version\": \"v20310305_091012_000007\"}");
        put(
                base + "versions/v20310305_091012_000007/manifest.json",
                "{\"version_id\": \"v20310305_091012_000007\", \"json_files\": [\"A/year=2031/month=03/data.json\"]}");
        // never projected
        put(
                base + "versions/v20310306_000000_000000/data/A/year=2031/month=03/data.json",
                "[" + row.formatted(DAY_5, "5.0") + "]");
        put(
                base + "versions/v20310306_000000_000000/manifest.json",
                "{\"version_id\": \"v20310306_000000_000000\", \"json_files\": [\"data/A/year=2031/month=03/data.json\"]}");
        put(base + "index/current_version.txt", "v20310306_000000_000000\n");
        Map<String, String> before = Map.of("A|" + DAY_4, "1.0", "A|" + DAY_5, "5.0", "B|" + DAY_4, "1.0");
        assertThat(Rates.history(store)).isEqualTo(before);
        publish(store, 1, Rates.point("A", DAY_4, 1), Rates.point("A", APRIL, 2));
        Map<String, String> after = new TreeMap<>(before);
        after.put("A|" + APRIL, "2.0");
        assertThat(Rates.history(store)).isEqualTo(after);
        assertThat(Rates.projected(store)).isEqualTo(after);
        assertThat(Rates.versions(store).list())
                .hasSize(3)
                .startsWith("v20310305_091012_000007", "v20310306_000000_000000");
        assertThat(Rates.text(store, base + "projections/B/year=2031/month=03/data.json"))
                .as("not written again")
                .startsWith("[{\"obs_time\"");
    }

    @Test
    void aRollbackIsTheNextVersionWithTheOldContent() {
        publish(store, 1, Rates.point("A", DAY_4, 1), Rates.point("B", DAY_4, 1));
        Map<String, String> old = Rates.history(store);
        publish(store, 1, Rates.point("A", DAY_4, 2), Rates.gone("B", DAY_4), Rates.point("C", DAY_4, 3));
        Versions versions = Rates.versions(store);
        String first = versions.list().get(0);
        Manifest back = versions.rollback(first, Rates.token(2)).orElseThrow();
        assertThat(back.rolledBackTo()).contains(first);
        assertThat(Rates.history(store)).isEqualTo(old);
        assertThat(Rates.projected(store)).isEqualTo(old);
        assertThat(versions.list()).hasSize(3);
        assertThat(versions.rollback(first, Rates.token(2))).isEmpty();
    }

    @Test
    void gcKeepsWhatReadersNeed() {
        for (int i = 0; i < 6; i++) publish(store, 1, Rates.point("A", DAY_4, i), Rates.point("S" + i, DAY_4, i));
        Versions versions = Rates.versions(store);
        List<String> all = versions.list();
        String running = "datasets/xx_demo/versions/v29990101_000000_000000/data/A/data.json";
        put(running, "[]");
        put("datasets/xx_demo/versions/" + all.get(0).substring(0, 21) + "1/data/A/data.json", "[]");
        Map<String, String> before = Rates.history(store);
        assertThat(versions.gc(2, true)).isNotEmpty();
        assertThat(versions.list()).isEqualTo(all);
        versions.gc(2, false);
        assertThat(versions.list()).isEqualTo(all.subList(4, 6));
        assertThat(Rates.history(store)).isEqualTo(before);
        versions.history(all.get(4), row -> {});
        assertThat(store.read(running, 10)).isPresent();
        assertThat(versions.gc(2, false)).isEmpty();
        publish(store, 1, Rates.point("A", DAY_5, 1));
        assertThat(Rates.history(store)).hasSize(before.size() + 1);
    }

    @Test
    void aVersionIdIsUtcAndAlwaysGreater() {
        Clock clock = Clock.fixed(Instant.parse("2031-03-05T09:10:12.000007Z"), ZoneOffset.ofHours(-3));
        assertThat(VersionId.after("", clock)).isEqualTo("v20310305_091012_000007");
        assertThat(VersionId.after("v20310305_091012_000007", clock)).isEqualTo("v20310305_091012_000008");
        assertThat(VersionId.after("v20991231_235959_999999", clock)).isEqualTo("v21000101_000000_000000");
    }

    @Test
    void otherSettingsThanTheDataSetHasAreRefused() {
        publish(store, 1, Rates.point("A", DAY_4, 1));
        Publisher other =
                Rates.publisher(store, new JsonlForm(Compression.NONE), PartitionStrategy.SERIES_YEAR_MONTH, false, 1);
        VersionsSink sink = new VersionsSink("s", other);
        sink.fencedBy(Rates.token(1));
        sink.write(List.of(Rates.point("A", DAY_4, 2)));
        assertThatThrownBy(sink::flush)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("must be published with these settings");
    }

    @Test
    void aCrashAtAnyWriteShowsTheOldOrTheNewVersionAndTheNextRunFinishes() {
        int crashes = Crashes.prove(point -> new FileObjectStore(folder.resolve("crash-" + point)));
        System.out.println("VersionsSinkTest: " + crashes + " crashes, each write of a run before and after");
        assertThat(crashes).isGreaterThan(20);
    }

    @Test
    void fourWritersAndTwoReadersMakeOneLinearHistory() throws Exception {
        int writers = 4;
        int rounds = 8;
        ExecutorService threads = Executors.newFixedThreadPool(writers + 2);
        AtomicBoolean ended = new AtomicBoolean();
        publish(store, 1, Rates.point("BASE", DAY_4, 0));
        List<Future<Integer>> work = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            String series = "W" + w;
            work.add(threads.submit(() -> {
                // each run brings two points that belong together
                for (int i = 1; i <= rounds; i++) {
                    publish(
                            new FileObjectStore(folder),
                            1,
                            Rates.point(series, DAY_4, i),
                            Rates.point(series, APRIL, i));
                }
                return 0;
            }));
        }
        List<Future<Integer>> readers = new ArrayList<>();
        for (int r = 0; r < 2; r++) {
            readers.add(threads.submit((Callable<Integer>) () -> {
                int read = 0;
                for (; !ended.get(); read++) {
                    Map<String, String> seen = Rates.history(new FileObjectStore(folder));
                    for (int w = 0; w < writers; w++) {
                        assertThat(seen.get("W" + w + "|" + DAY_4)).isEqualTo(seen.get("W" + w + "|" + APRIL));
                    }
                }
                return read;
            }));
        }
        for (Future<Integer> writer : work) writer.get();
        ended.set(true);
        int read = 0;
        for (Future<Integer> reader : readers) read += reader.get();
        threads.shutdown();
        Versions versions = Rates.versions(store);
        List<String> all = versions.list();
        assertThat(all).as("one version a run, none lost").hasSize(1 + writers * rounds);
        for (int i = 1; i < all.size(); i++) {
            assertThat(versions.manifest(all.get(i)).previous()).isEqualTo(all.get(i - 1));
        }
        Map<String, String> wanted = new TreeMap<>(Map.of("BASE|" + DAY_4, "0.0"));
        for (int w = 0; w < writers; w++) {
            wanted.put("W" + w + "|" + DAY_4, rounds + ".0");
            wanted.put("W" + w + "|" + APRIL, rounds + ".0");
        }
        assertThat(Rates.history(store)).isEqualTo(wanted);
        assertThat(Rates.projected(store)).isEqualTo(wanted);
        System.out.println("VersionsSinkTest: " + all.size() + " versions of 4 writers in one line, " + read
                + " readings of a whole version meanwhile");
        assertThat(read).isPositive();
    }

    private static void publish(ObjectStore store, long token, Record... points) {
        VersionsSink sink = Rates.sink(store);
        sink.fencedBy(Rates.token(token));
        assertThat(sink.write(List.of(points))).isEmpty();
        assertThat(sink.flush()).isEmpty();
    }

    private void put(String name, String text) {
        store.put(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
