package io.caravan.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.BadRecordException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadingFunctionsTest {

    private static final long SEED = 21;
    private static final LocalDate FIRST = LocalDate.of(2020, 1, 1);

    private final Random random = new Random(SEED);

    private static Arguments given(Object... pairs) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) values.put((String) pairs[i], pairs[i + 1]);
        return new Arguments("user_reads.x", values);
    }

    private static Instant at(LocalDate day) {
        return day.atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    /** Any reading: begun, paused and taken up again any number of times, at its end or not. */
    @Test
    void aLogHasAllThatWasWrittenAndNothingElse() {
        for (int trial = 0; trial < 5_000; trial++) {
            List<LocalDate> days = new ArrayList<>();
            LocalDate day = FIRST;
            int changes = 2 * random.nextInt(4);
            for (int i = 0; i < changes + 2; i++) days.add(day = day.plusDays(random.nextInt(40)));
            List<String> history = new ArrayList<>();
            long expected = 0;
            LocalDate begun = days.get(0);
            for (int i = 1; i <= changes; i++) {
                boolean pause = i % 2 == 1;
                history.add((pause ? "rs3: " : "rs2: ") + days.get(i));
                if (pause) expected += ChronoUnit.DAYS.between(begun, days.get(i));
                else begun = days.get(i);
            }
            LocalDate end = days.get(changes + 1);
            String status = List.of("Read", "DNF", "Reading").get(random.nextInt(3));
            boolean ended = !status.equals("Reading");
            if (ended) expected += ChronoUnit.DAYS.between(begun, end);
            Optional<List<Map<String, Object>>> log = ReadingFunctions.readingLog(given(
                    "status",
                    status,
                    "started",
                    at(days.get(0)),
                    "history",
                    String.join(", ", history),
                    "completed",
                    at(end)));
            assertThat(log.orElseThrow()).as("seed " + SEED).hasSize(changes + (ended ? 2 : 1));
            assertThat(log.get().get(log.get().size() - 1).get("rstatus")).isEqualTo(ended ? status : "Reading");
            assertThat(log.get())
                    .extracting(entry -> (Instant) entry.get("timestamp"))
                    .isSorted();
            Optional<Long> read = ReadingFunctions.daysToRead(given("log", log.get()));
            if (!ended && changes == 0) assertThat(read).isEmpty();
            else assertThat(read).as("seed " + SEED + ", " + log).contains(Math.max(1, expected));
        }
    }

    @Test
    void nothingIsMadeUp() {
        assertThat(ReadingFunctions.readingLog(given("status", "Paused"))).isEmpty();
        assertThat(ReadingFunctions.readingLog(given("status", "Read"))).isEmpty();
        assertThat(ReadingFunctions.readingLog(given("status", "To Read", "started", at(FIRST))))
                .isEmpty();
        assertThat(ReadingFunctions.readingLog(given("status", "Read", "completed", at(FIRST)))
                        .orElseThrow())
                .containsExactly(Map.of("rstatus", "Read", "timestamp", at(FIRST)));
        assertThat(ReadingFunctions.daysToRead(
                        given("log", List.of(Map.of("rstatus", "Read", "timestamp", at(FIRST))))))
                .isEmpty();
    }

    @Test
    void aLogThatGoesBackInTimeOrIsOfAnotherFormIsRefused() {
        assertThatThrownBy(() -> ReadingFunctions.readingLog(
                        given("status", "Read", "started", at(FIRST.plusDays(1)), "completed", at(FIRST))))
                .isInstanceOf(BadRecordException.class)
                .hasMessage("shape-documents-action: user_reads.x (log) must not go back in time, got 'Read at "
                        + "2020-01-01T00:00:00Z behind 2020-01-02T00:00:00Z'; correct the dates of the row");
        for (String history : List.of("rs9: 2020-01-01", "2020-01-01", "rs3 2020-01-01", "rs3: soon")) {
            assertThatThrownBy(() -> ReadingFunctions.readingLog(given("status", "Read", "history", history)))
                    .isInstanceOf(BadRecordException.class)
                    .hasMessageContaining("(history) must be '<status>: <date>', ... with a status of rs1 to rs5")
                    .hasMessageContaining("got '" + history + "'");
        }
    }

    @Test
    void whatIsBeingReadAndWasPausedLastIsPaused() {
        List<Map<String, Object>> paused = List.of(Map.of("rstatus", "Paused", "timestamp", at(FIRST)));
        assertThat(ReadingFunctions.readingStatus(given("status", "Reading", "log", paused)))
                .contains("Paused");
        assertThat(ReadingFunctions.readingStatus(given("status", "DNF", "log", paused)))
                .contains("DNF");
        assertThat(ReadingFunctions.readingStatus(given("status", "Reading"))).contains("Reading");
        assertThat(ReadingFunctions.readingStatus(given("log", paused))).isEmpty();
    }

    @Test
    void aRateIsOfAWholeBookInPagesOrInHours() {
        for (int trial = 0; trial < 5_000; trial++) {
            long days = 1 + random.nextInt(400);
            long amount = 1 + random.nextInt(2_000);
            boolean heard = random.nextBoolean();
            String format = heard ? "Audiobook" : "paperback";
            Arguments given = given("status", "Read", "days", days, "format", format, "pages", amount, "hours", amount);
            Optional<BigDecimal> pages = ReadingFunctions.pagesPerDay(given);
            Optional<BigDecimal> hours = ReadingFunctions.hoursPerDay(given);
            assertThat(heard ? pages : hours).isEmpty();
            BigDecimal rate = (heard ? hours : pages).orElseThrow();
            // to the nearest hundredth
            assertThat(rate.multiply(BigDecimal.valueOf(days))
                            .subtract(BigDecimal.valueOf(amount))
                            .abs())
                    .as("seed " + SEED)
                    .isLessThanOrEqualTo(new BigDecimal("0.005").multiply(BigDecimal.valueOf(days)));
        }
        assertThat(ReadingFunctions.pagesPerDay(given("status", "DNF", "days", 5L, "pages", 100L)))
                .isEmpty();
        assertThat(ReadingFunctions.pagesPerDay(given("status", "Read", "pages", 100L)))
                .isEmpty();
        assertThat(ReadingFunctions.pagesPerDay(given("status", "Read", "days", 5L)))
                .isEmpty();
    }

    @Test
    void theLatestStatusIsTheSameInWhateverOrderReadsCome() {
        List<String> ranks = List.of("Read", "Reading", "Paused", "To Read", "DNF");
        for (int trial = 0; trial < 2_000; trial++) {
            List<Map<String, Object>> reads = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(6); i++) {
                String status = ranks.get(random.nextInt(5));
                reads.add(
                        status.equals("To Read")
                                ? Map.of("rstatus", status)
                                : Map.of(
                                        "rstatus",
                                        status,
                                        "reading_log",
                                        List.of(Map.of(
                                                "rstatus",
                                                status,
                                                "timestamp",
                                                at(FIRST.plusDays(random.nextInt(3)))))));
            }
            Optional<String> latest = ReadingFunctions.latestStatus(given("rows", reads));
            assertThat(latest).isPresent();
            Collections.shuffle(reads, random);
            assertThat(ReadingFunctions.latestStatus(given("rows", reads)))
                    .as("seed " + SEED + ", " + reads)
                    .isEqualTo(latest);
        }
        assertThat(ReadingFunctions.latestStatus(given("rows", List.of()))).isEmpty();
    }

    @Test
    void allFunctionsAreFoundByTheirAnnotation() {
        assertThat(NamedFunction.names())
                .containsExactly(
                        "days-to-read",
                        "hours-per-day",
                        "latest-status",
                        "pages-per-day",
                        "reading-log",
                        "reading-status");
    }
}
