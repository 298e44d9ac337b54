package io.caravan.shape;

import io.caravan.error.BadRecordException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a book was read, from what was written down of it: no date is made up, and none is that of the run. A reading that is not at its end has
 * no number of days yet.
 */
public final class ReadingFunctions implements ShapeFunctions {

    static final String STATUS = "rstatus";
    static final String AT = "timestamp";

    private static final String READ = "Read";
    private static final String READING = "Reading";
    private static final String PAUSED = "Paused";
    private static final String TO_READ = "To Read";
    private static final String UNFINISHED = "DNF";

    /** The statuses by their ids, which the history has. */
    static final Map<String, String> STATUSES =
            Map.of("rs1", READ, "rs2", READING, "rs3", PAUSED, "rs4", TO_READ, "rs5", UNFINISHED);

    /** Of two reads of one time the first of these counts. */
    private static final List<String> RANKS = List.of(READ, READING, PAUSED, TO_READ, UNFINISHED);

    private static final Pattern ENTRY = Pattern.compile("(\\w+)\\s*:\\s*(.+)");
    private static final Function<Object, Object> TIME = FieldType.dated(
                    true,
                    List.of("yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "dd/MM/yyyy"),
                    ZoneOffset.UTC)
            .convert();

    /**
     * The changes of status with their times: begun, what the history says ({@code rs3: 2025-01-05, rs2: 2025-01-09}), and the end of one that
     * was read or given up. None of a book to read. A log that goes back in time is refused.
     */
    @ShapeFunction(
            value = "reading-log",
            takes = {"status", "started", "history", "completed"})
    public static Optional<List<Map<String, Object>>> readingLog(Arguments given) {
        String status = given.text("status").orElse("");
        if (status.equals(TO_READ)) return Optional.empty();
        List<Map<String, Object>> log = new ArrayList<>();
        given.time("started").ifPresent(at -> add(given, log, READING, at));
        given.text("history")
                .ifPresent(history -> Texts.split(history, ",").forEach(entry -> addWritten(given, log, entry)));
        boolean ended = status.equals(READ) || status.equals(UNFINISHED);
        if (ended) given.time("completed").ifPresent(at -> add(given, log, status, at));
        return log.isEmpty() ? Optional.empty() : Optional.of(log);
    }

    private static void addWritten(Arguments given, List<Map<String, Object>> log, String entry) {
        Matcher matcher = ENTRY.matcher(entry);
        String status = matcher.matches() ? STATUSES.get(matcher.group(1)) : null;
        if (status == null) throw noEntry(given, entry);
        Instant at;
        try {
            at = (Instant) TIME.apply(matcher.group(2));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw noEntry(given, entry);
        }
        add(given, log, status, at);
    }

    private static BadRecordException noEntry(Arguments given, String entry) {
        return given.refused(
                "history",
                "be '<status>: <date>', ... with a status of rs1 to rs5 and a date like 2025-01-31",
                entry,
                "correct the entry in the cell");
    }

    private static void add(Arguments given, List<Map<String, Object>> log, String status, Instant at) {
        Instant before = log.isEmpty() ? at : (Instant) log.get(log.size() - 1).get(AT);
        if (at.isBefore(before)) {
            String found = status + " at " + at + " behind " + before;
            throw given.refused("log", "not go back in time", found, "correct the dates of the row");
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put(STATUS, status);
        entry.put(AT, at);
        log.add(entry);
    }

    /** The status; Paused where the log of one that is being read ends so. */
    @ShapeFunction(
            value = "reading-status",
            takes = {"status", "log"})
    public static Optional<String> readingStatus(Arguments given) {
        List<Map<String, Object>> log = given.documents("log");
        boolean paused = !log.isEmpty() && log.get(log.size() - 1).get(STATUS).equals(PAUSED);
        return given.text("status").map(status -> status.equals(READING) && paused ? PAUSED : status);
    }

    /** The days from each Reading to the pause or end that follows, at least one; none while nothing has ended. */
    @ShapeFunction(value = "days-to-read", takes = "log")
    public static Optional<Long> daysToRead(Arguments given) {
        LocalDate begun = null;
        long days = 0;
        boolean ended = false;
        for (Map<String, Object> entry : given.documents("log")) {
            LocalDate at = ((Instant) entry.get(AT)).atOffset(ZoneOffset.UTC).toLocalDate();
            String status = (String) entry.get(STATUS);
            if (status.equals(READING)) {
                if (begun == null) begun = at;
            } else if (begun != null && !status.equals(TO_READ)) {
                days += ChronoUnit.DAYS.between(begun, at);
                begun = null;
                ended = true;
            }
        }
        return ended ? Optional.of(Math.max(1, days)) : Optional.empty();
    }

    /** How much of it a day, of a book that was read to its end; not of one that is heard. */
    @ShapeFunction(
            value = "pages-per-day",
            takes = {"status", "days", "format", "pages"})
    public static Optional<BigDecimal> pagesPerDay(Arguments given) {
        return isHeard(given) ? Optional.empty() : rate(given, "pages");
    }

    /** The same of one that is heard. */
    @ShapeFunction(
            value = "hours-per-day",
            takes = {"status", "days", "format", "hours"})
    public static Optional<BigDecimal> hoursPerDay(Arguments given) {
        return isHeard(given) ? rate(given, "hours") : Optional.empty();
    }

    private static boolean isHeard(Arguments given) {
        return given.text("format").orElse("").toLowerCase(Locale.ROOT).contains("audio");
    }

    private static Optional<BigDecimal> rate(Arguments given, String amount) {
        Optional<BigDecimal> days = given.number("days").filter(d -> d.signum() > 0);
        if (days.isEmpty() || !given.text("status").equals(Optional.of(READ))) return Optional.empty();
        return given.number(amount).map(all -> Figure.plain(all.divide(days.get(), 2, RoundingMode.HALF_EVEN)));
    }

    /** The status of the read whose log ends last; of two, Read before Reading before Paused before To Read before DNF. */
    @ShapeFunction(value = "latest-status", takes = "rows")
    public static Optional<String> latestStatus(Arguments given) {
        String latest = null;
        Instant latestAt = null;
        for (Map<String, Object> read : given.documents("rows")) {
            if (!(read.get(STATUS) instanceof String status)) continue;
            Instant at = endOf(read);
            int order = latest == null ? 1 : at.compareTo(latestAt);
            if (order > 0 || order == 0 && rank(status) < rank(latest)) {
                latest = status;
                latestAt = at;
            }
        }
        return Optional.ofNullable(latest);
    }

    private static int rank(String status) {
        int rank = RANKS.indexOf(status);
        return rank < 0 ? RANKS.size() : rank;
    }

    private static Instant endOf(Map<String, Object> read) {
        if (!(read.get("reading_log") instanceof List<?> log) || log.isEmpty()) return Instant.MIN;
        return (Instant) ((Map<?, ?>) log.get(log.size() - 1)).get(AT);
    }
}
