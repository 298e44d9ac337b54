package io.caravan.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.object.FileObjectStore;
import io.caravan.object.ObjectStore;
import io.caravan.record.Record;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader that knows nothing of us, {@code peers/series-reader.py}, and a data set that it laid out. */
class ForeignReaderTest {

    private static final String DAY = "2031-03-%02dT00:00:00-03:00";

    @TempDir
    private Path folder;

    @Test
    void itReadsWhatWePublish() throws Exception {
        ObjectStore store = new FileObjectStore(folder);
        publish(store, Rates.point("XX_RATE_D", DAY.formatted(4), 12.5), Rates.point("YY", DAY.formatted(4), 100));
        publish(store, Rates.point("XX_RATE_D", DAY.formatted(5), 13), Rates.gone("YY", DAY.formatted(4)));
        publish(
                store,
                Rates.point("XX_RATE_D", DAY.formatted(4), 0.1),
                Rates.point("XX_RATE_D", "2031-04-01T10:00:00.250000-03:00", 1));
        assertThat(python("read"))
                .containsExactly(
                        "XX_RATE_D|2031-03-04T00:00:00-03:00|0.1",
                        "XX_RATE_D|2031-03-05T00:00:00-03:00|13.0",
                        "XX_RATE_D|2031-04-01T10:00:00.250000-03:00|1.0");
    }

    @Test
    void weReadWhatItLaidOutAndItReadsOursBehindIt() throws Exception {
        python("write");
        ObjectStore store = new FileObjectStore(folder);
        assertThat(Rates.history(store))
                .containsOnlyKeys(
                        "XX_RATE_D|" + DAY.formatted(3),
                        "XX_RATE_D|" + DAY.formatted(4),
                        "XX_RATE_D|" + DAY.formatted(5),
                        "YY|" + DAY.formatted(4));
        publish(store, Rates.point("XX_RATE_D", DAY.formatted(4), 9));
        assertThat(python("read"))
                .containsExactly(
                        "XX_RATE_D|2031-03-03T00:00:00-03:00|1.5",
                        "XX_RATE_D|2031-03-04T00:00:00-03:00|9.0",
                        "XX_RATE_D|2031-03-05T00:00:00-03:00|4.5",
                        "YY|2031-03-04T00:00:00-03:00|3.0");
    }

    private static void publish(ObjectStore store, Record... points) {
        VersionsSink sink = Rates.sink(store);
        assertThat(sink.write(List.of(points))).isEmpty();
        sink.flush();
    }

    private List<String> python(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("python3", "peers/series-reader.py", command, folder.toString(), "xx_demo")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }
}
