package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.object.TestPlace;
import io.caravan.run.RunReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A dataset's file in each kind of bucket, and its versions published in the same one. */
@Timeout(180)
class SourceKindsIT {

    private static final String CSV = "date,code,value\n2021-03-04,XX_RATE_D,12.5\n";

    @TempDir
    Path folder;

    @Test
    void s3() throws Exception {
        check("s3", TestPlace.s3("s3proxy"));
    }

    @Test
    void gcs() throws Exception {
        check("gcs", TestPlace.gcs());
    }

    @Test
    void azure() throws Exception {
        check("azure", TestPlace.azure());
    }

    private void check(String kind, TestPlace place) throws Exception {
        Map<String, String> settings = new HashMap<>();
        place.settings().forEach((name, value) -> settings.put("caravan.objects." + name, value));
        settings.put("caravan.series.output", place.uri());
        Path file = Files.writeString(
                folder.resolve("rates.yaml"),
                "source: {kind: " + kind + ", url: '" + place.uri() + "/in/rates of today.csv', format: csv}\n"
                        + "parse: {plugin: table}\n"
                        + "parse_config: {date_column: date, series_column: code, value_column: value}\n"
                        + "load: {plugin: versioned}\n");
        try (RunningDatasets datasets = new RunningDatasets(settings, file)) {
            RunReport none = datasets.run("rates");
            assertThat(none.problems())
                    .containsExactly("dataset: source.url must name a file that is there, got '" + place.uri()
                            + "/in/rates of today.csv'; correct 'source.url'");
            put(place, CSV);
            assertThat(written(datasets.run("rates"))).isEqualTo(1);
            assertThat(written(datasets.run("rates"))).isZero();
            put(place, CSV + "2021-03-05,XX_RATE_D,12.75\n");
            assertThat(written(datasets.run("rates"))).isEqualTo(1);
        }
    }

    private static long written(RunReport run) {
        assertThat(run.problems()).isEmpty();
        return run.sinks().get("versions").written();
    }

    private static void put(TestPlace place, String csv) throws Exception {
        // an object beside it whose name begins as its does
        place.put("in/rates of today.csv.old", new byte[0]);
        place.put("in/rates of today.csv", csv.getBytes(StandardCharsets.UTF_8));
    }
}
