package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.observation.Observations;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state in a file: the reference system's, also in its odd forms, that never moves back. */
class SeriesStateTest {

    @TempDir
    Path folder;

    @Test
    void theReferencesFileIsReadAndWrittenInItsForm() throws Exception {
        Path file = folder.resolve("state.json");
        Files.writeString(file, "{\n  \"XX_RATE_D\": \"2031-03-05T00:00:00\"\n}");
        SeriesState state = SeriesState.file(file);
        assertThat(state.load()).isEqualTo(Map.of("XX_RATE_D", LocalDateTime.of(2031, 3, 5, 0, 0)));
        state.save(Map.of(
                "XX_RATE_D", LocalDateTime.of(2031, 3, 6, 0, 0),
                "XX_MONTH_M", LocalDateTime.of(2031, 3, 1, 10, 0, 0, 120_000)));
        assertThat(file)
                .hasContent("{\n  \"XX_RATE_D\": \"2031-03-06T00:00:00\",\n"
                        + "  \"XX_MONTH_M\": \"2031-03-01T10:00:00.000120\"\n}");
    }

    @Test
    void anOffsetIsDroppedAndNotConverted() throws Exception {
        Path file = folder.resolve("state.json");
        Files.writeString(
                file,
                "{\"A\":\"2031-03-05T21:00:00-03:00\",\"B\":\"2031-03-05T21:00:00Z\",\"C\":\"2031-03-05\","
                        + "\"D\":\"2031-03-05 21:00:00.5+0530\",\"E\":\"2031-03-05T21:00:00.000001+05:30\"}");
        assertThat(SeriesState.file(file).load())
                .containsEntry("A", LocalDateTime.of(2031, 3, 5, 21, 0))
                .containsEntry("B", LocalDateTime.of(2031, 3, 5, 21, 0))
                .containsEntry("C", LocalDateTime.of(2031, 3, 5, 0, 0))
                .containsEntry("D", LocalDateTime.of(2031, 3, 5, 21, 0, 0, 500_000_000))
                .containsEntry("E", LocalDateTime.of(2031, 3, 5, 21, 0, 0, 1_000));
    }

    @Test
    void aMissingOrEmptyFileIsNoStateAndABrokenOneIsSaid() throws Exception {
        Path file = folder.resolve("deep/er/state.json");
        SeriesState state = SeriesState.file(file);
        assertThat(state.load()).isEmpty();
        assertThat(state.check()).isEmpty();
        assertThat(folder.resolve("deep")).doesNotExist();
        state.save(Map.of("A", LocalDateTime.of(2031, 3, 5, 0, 0)));
        assertThat(file).exists();
        Files.writeString(file, " \n");
        assertThat(state.load()).isEmpty();
        for (String broken : List.of(
                "{\"A\": \"2031-03-05T00:00:00\"",
                "[]",
                "{\"A\": 3}",
                "{\"A\": \"yesterday\"}",
                "{} {}",
                "{\"A\":\"2031-02-30\"}")) {
            Files.writeString(file, broken);
            assertThatThrownBy(state::load)
                    .as(broken)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("state: " + file + " must hold {\"<series>\": ")
                    .hasMessageEndingWith("correct it, or delete it to read everything again");
            assertThatThrownBy(() -> state.save(Map.of("A", LocalDateTime.of(2031, 3, 9, 0, 0))))
                    .isInstanceOf(ConfigurationException.class);
            assertThat(file).hasContent(broken);
            assertThat(state.check()).isPresent();
        }
    }

    @Test
    void itNeverMovesBackWhoeverWritesAtTheSameMoment() throws Exception {
        Path file = folder.resolve("state.json");
        ExecutorService writers = Executors.newFixedThreadPool(4);
        LocalDateTime start = LocalDateTime.of(2031, 1, 1, 0, 0);
        try {
            List<Future<LocalDateTime>> greatest = new ArrayList<>();
            for (int w = 0; w < 4; w++) {
                Random random = new Random(w);
                String own = "OWN_" + w;
                greatest.add(writers.submit(() -> {
                    SeriesState state = SeriesState.file(file);
                    LocalDateTime most = start;
                    for (int i = 0; i < 25; i++) {
                        LocalDateTime time = start.plusHours(random.nextInt(100_000));
                        if (time.isAfter(most)) most = time;
                        state.save(Map.of("SHARED", time, own, time));
                        assertThat(state.load().get("SHARED")).isAfterOrEqualTo(most);
                        assertThat(state.load().get(own)).isEqualTo(most);
                    }
                    return most;
                }));
            }
            LocalDateTime most = start;
            for (Future<LocalDateTime> each : greatest) if (each.get().isAfter(most)) most = each.get();
            assertThat(SeriesState.file(file).load()).hasSize(5).containsEntry("SHARED", most);
        } finally {
            writers.shutdownNow();
        }
    }

    @Test
    void theSinkMovesItOnlyWhenItIsFlushedAndWhatIsGoneMovesNothing() throws IOException {
        Path file = folder.resolve("state.json");
        StateSink sink = new StateSink("state", SeriesState.file(file));
        assertThat(sink.last()).isTrue();
        assertThat(sink.gathers()).isTrue();
        sink.write(List.of(
                observation("A", "2031-03-05T00:00:00-03:00"),
                observation("B", "2031-03-01T00:00:00-03:00"),
                observation("A", "2031-03-04T00:00:00-03:00"),
                Record.tombstone(
                        "x", Observations.FIELDS, new Object[] {"2032-01-01T00:00:00", "A", null, null, null}, 1)));
        assertThat(file).doesNotExist();
        sink.flush();
        assertThat(file).hasContent("{\n  \"A\": \"2031-03-05T00:00:00\",\n  \"B\": \"2031-03-01T00:00:00\"\n}");
        sink.write(List.of(observation("A", "2031-03-09T00:00:00-03:00")));
        sink.discard();
        sink.flush();
        assertThat(SeriesState.file(file).load()).containsEntry("A", LocalDateTime.of(2031, 3, 5, 0, 0));
        assertThatThrownBy(sink::keys).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void anObservationThatIsStillToComeMovesOnlyASeriesThatHasNoOther() throws IOException {
        Path file = folder.resolve("state.json");
        StateSink sink = new StateSink("state", SeriesState.file(file));
        sink.write(List.of(
                observation("A", "2021-03-05T00:00:00-03:00"),
                observation("A", "2399-01-01T00:00:00-03:00"),
                observation("A", "2399-01-01T00:00:00"),
                observation("B", "2399-01-01T00:00:00-03:00")));
        sink.flush();
        assertThat(file).hasContent("{\n  \"A\": \"2021-03-05T00:00:00\",\n  \"B\": \"2399-01-01T00:00:00\"\n}");
        sink.write(
                List.of(observation("A", "2399-01-02T00:00:00-03:00"), observation("B", "2399-01-02T00:00:00-03:00")));
        sink.flush();
        assertThat(file).hasContent("{\n  \"A\": \"2021-03-05T00:00:00\",\n  \"B\": \"2399-01-02T00:00:00\"\n}");
        sink.write(List.of(observation("A", "2021-03-06T00:00:00-03:00")));
        sink.flush();
        assertThat(file).hasContent("{\n  \"A\": \"2021-03-06T00:00:00\",\n  \"B\": \"2399-01-02T00:00:00\"\n}");
    }

    private static Record observation(String series, String time) {
        Object[] values = {time, series, 1.5, "pct", "D"};
        return Record.read(series + time, Observations.FIELDS, values, new Origin("o", 1));
    }
}
