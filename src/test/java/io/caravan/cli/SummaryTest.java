package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private final Screen screen = new Screen();

    @Test
    void aRunIsATableWithItsStatusAndWhatToDoNext() {
        SinkReport left = new SinkReport(1_000, 20, 3, 1, 0, 0, List.of());

        new Summary(report(7, Mode.RUN, Status.PARTIAL, left, 1)).print(screen.terminal(), false);

        assertThat(screen.out())
                .containsExactly(
                        "sink  written  unchanged  deleted  dead  records/s  duration",
                        "left    1,000         20        3     1      2,048     0.5 s",
                        "things run 7: partial, 1,021 records read in 0.5 s",
                        "1 dead letters are open; see them: ./caravan dead-letters list --pipeline things");
        assertThat(screen.err()).isEmpty();
    }

    @Test
    void aRunIsOneJsonObjectWithTheseNames() {
        SinkReport left = new SinkReport(1_000, 20, 3, 1, 0, 0, List.of());

        new Summary(report(7, Mode.RUN, Status.PARTIAL, left, 1)).print(screen.terminal(), true);

        assertThat(screen.out())
                .containsExactly("{\"runId\":7,\"pipeline\":\"things\",\"status\":\"partial\",\"recordsRead\":1021,"
                        + "\"sinks\":{\"left\":{\"written\":1000,\"unchanged\":20,\"deleted\":3,\"dead\":1}},"
                        + "\"durationMillis\":500,\"problems\":[]}");
    }

    @Test
    void aRunThatWroteNothingSaysSo() {
        SinkReport left = new SinkReport(0, 1_021, 0, 0, 0, 0, List.of());

        new Summary(report(8, Mode.RUN, Status.SUCCEEDED, left, 0)).print(screen.terminal(), false);

        assertThat(screen.out())
                .endsWith("things run 8: succeeded, nothing had to be written, 1,021 records read in 0.5 s");
    }

    @Test
    void aPlanTellsInsertsUpdatesAndDeletes() {
        SinkReport left = new SinkReport(0, 5, 4, 0, 2, 3, List.of());

        new Summary(report(0, Mode.PLAN, Status.SUCCEEDED, left, 0)).print(screen.terminal(), false);

        assertThat(screen.out())
                .containsExactly(
                        "sink  inserts  updates  deletes  unchanged  dead",
                        "left        2        3        4          5     0",
                        "plan of things: nothing was written, 1,021 records read in 0.5 s");
    }

    @Test
    void verifyNamesTheFirstTwentyKeysAndInJsonAll() throws JsonProcessingException {
        List<String> keys = IntStream.range(0, 25).mapToObj(i -> "k" + i).toList();
        RunReport report = report(0, Mode.VERIFY, Status.PARTIAL, new SinkReport(0, 0, 5, 0, 20, 0, keys), 0);

        new Summary(report).print(screen.terminal(), false);
        assertThat(screen.out())
                .containsExactly(
                        "sink  missing  extra  different  compared",
                        "left       20      5          0         0",
                        "left differs in: " + String.join(", ", keys.subList(0, 20)) + ", ... (--json names more)",
                        "verify of things: sinks differ, 1,021 records read in 0.5 s");

        Screen other = new Screen();
        new Summary(report).print(other.terminal(), true);
        String json = other.out().get(0);
        assertThat(new ObjectMapper().readTree(json).at("/sinks/left/differing"))
                .hasSize(25);
    }

    @Test
    void aVerificationThatReadNothingSaysThatItComparedKeys() {
        RunReport report = new RunReport(
                0,
                "things",
                Mode.VERIFY,
                Status.SUCCEEDED,
                0,
                Map.of("left", new SinkReport(0, 360, 0, 0, 0, 0, List.of())),
                Duration.ofMillis(500),
                List.of(),
                0);

        new Summary(report).print(screen.terminal(), false);

        assertThat(screen.out())
                .containsExactly(
                        "sink  missing  extra  different  compared",
                        "left        0      0          0       360",
                        "verify of things: every sink holds the keys that it should, keys alone were compared in 0.5 s;"
                                + " --deep compares contents");
    }

    @Test
    void progressIsOneLine() {
        Map<String, Long> written = new TreeMap<>(Map.of("left", 900L, "right", 800L));

        assertThat(ProgressLine.text("things", 1_000, written, Duration.ofMillis(500)))
                .isEqualTo("things  0.5 s  1,000 read  2,000 records/s  left 900  right 800");
    }

    private static RunReport report(long run, Mode mode, Status status, SinkReport left, long open) {
        return new RunReport(
                run, "things", mode, status, 1_021, Map.of("left", left), Duration.ofMillis(500), List.of(), open);
    }
}
