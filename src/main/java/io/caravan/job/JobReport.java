package io.caravan.job;

import io.caravan.ledger.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What people want to know of the jobs. */
public final class JobReport {

    /** How long completed jobs count for the throughput, in seconds. */
    private static final int WINDOW_SECONDS = 60;

    /**
     * All jobs at a glance.
     *
     * @param byStatus how many jobs have each status, in the order of their lives
     * @param perSecond jobs completed a second, of the last minute
     * @param oldestPending how long ago the oldest pending job was made
     * @param failures how many jobs failed for each reason, the most frequent first
     * @param retries what may become of the failed ones
     */
    public record Overview(
            Map<String, Long> byStatus,
            double perSecond,
            Optional<Duration> oldestPending,
            Map<String, Long> failures,
            Jobs.Retries retries) {

        /** Of two tables; what may become of failed ones is said by itself for each. */
        public Overview and(Overview other) {
            Map<String, Long> statuses = new LinkedHashMap<>(byStatus);
            other.byStatus.forEach((status, n) -> statuses.merge(status, n, Long::sum));
            Map<String, Long> reasons = new LinkedHashMap<>(failures);
            other.failures.forEach((reason, n) -> reasons.merge(reason, n, Long::sum));
            Optional<Duration> oldest = Stream.of(oldestPending, other.oldestPending)
                    .flatMap(Optional::stream)
                    .max(Comparator.naturalOrder());
            return new Overview(statuses, perSecond + other.perSecond, oldest, reasons, retries);
        }

        public long of(String status) {
            return byStatus.getOrDefault(status, 0L);
        }

        public long all() {
            return byStatus.values().stream().mapToLong(n -> n).sum();
        }
    }

    /** One job at a glance. */
    public record Line(
            long id,
            String kind,
            String key,
            String status,
            int attempts,
            Instant created,
            Optional<String> worker,
            Optional<String> error) {}

    /** One job as its table has it. */
    public record Job(
            long id,
            String kind,
            String key,
            Payload payload,
            String status,
            Instant created,
            Optional<Instant> completed,
            Optional<String> error,
            int retries,
            Optional<Long> book,
            List<Attempt> attempts) {}

    /** One attempt at a job; {@code answers} and {@code result} are JSON. */
    public record Attempt(
            int attempt,
            String worker,
            Instant started,
            Optional<Instant> ended,
            Optional<String> outcome,
            Optional<String> reason,
            Optional<String> answers,
            Optional<String> result) {}

    private JobReport() {}

    /** {@code mostReasons}: of failures; the rest is not told. {@code maxRetries}: how often a job is put back at most. */
    public static Overview overview(Connection c, int mostReasons, int maxRetries) throws SQLException {
        Map<String, Long> byStatus = new LinkedHashMap<>();
        for (String status : List.of("pending", "processing", "completed", "failed")) byStatus.put(status, 0L);
        Sql.each(
                c, r -> byStatus.put(r.getString(1), r.getLong(2)), "select status, count(*) from job group by status");
        double perSecond = Sql.first(
                        c,
                        r -> r.getDouble(1),
                        "select count(*) / greatest(1, extract(epoch from clock_timestamp() - min(completed_at)))"
                                + " from job where status = 'completed'"
                                + " and completed_at > clock_timestamp() - ? * interval '1 second'",
                        WINDOW_SECONDS)
                .orElse(0.0);
        Optional<Duration> oldest = Sql.first(
                c,
                r -> Duration.ofMillis(r.getLong(1)),
                "select (extract(epoch from clock_timestamp() - min(created_at)) * 1000)::bigint from job"
                        + " where status = 'pending' having count(*) > 0");
        Map<String, Long> failures = new LinkedHashMap<>();
        Sql.each(
                c,
                r -> failures.put(r.getString(1), r.getLong(2)),
                "select coalesce(error_message, ''), count(*) from job where status = 'failed'"
                        + " group by 1 order by 2 desc, 1 limit ?",
                mostReasons);
        return new Overview(byStatus, perSecond, oldest, failures, Jobs.retries(c, maxRetries));
    }

    /** How many jobs of each kind have each status, by name. */
    public static Map<String, Map<String, Long>> kinds(Connection c) throws SQLException {
        Map<String, Map<String, Long>> kinds = new TreeMap<>();
        Sql.each(
                c,
                r -> kinds.computeIfAbsent(r.getString(1), kind -> new LinkedHashMap<>())
                        .put(r.getString(2), r.getLong(3)),
                "select kind, status, count(*) from job group by 1, 2 order by 1, 2");
        return kinds;
    }

    /** The newest jobs first; {@code kind}, {@code status}: only these. */
    public static List<Line> lines(Connection c, Optional<String> kind, Optional<String> status, int most)
            throws SQLException {
        return Sql.list(
                c,
                r -> new Line(
                        r.getLong(1),
                        r.getString(2),
                        r.getString(3),
                        r.getString(4),
                        r.getInt(5),
                        time(r, 6).orElseThrow(),
                        text(r, 7),
                        text(r, 8)),
                "select id, kind, key, status, attempts, created_at, worker, error_message from job"
                        + " where kind = coalesce(?, kind) and status = coalesce(?, status) order by id desc limit ?",
                kind.orElse(null),
                status.orElse(null),
                most);
    }

    /** Whether there is a job of that number. */
    public static boolean has(Connection c, long id) throws SQLException {
        return Sql.first(c, r -> true, "select 1 from job where id = ?", id).isPresent();
    }

    /** The job of that number with all its attempts. */
    public static Optional<Job> find(Connection c, long id) throws SQLException {
        List<Attempt> attempts = Sql.list(
                c,
                r -> new Attempt(
                        r.getInt(1),
                        r.getString(2),
                        time(r, 3).orElseThrow(),
                        time(r, 4),
                        text(r, 5),
                        text(r, 6),
                        text(r, 7),
                        text(r, 8)),
                "select attempt, worker, started_at, ended_at, outcome, reason, answers, result from attempt"
                        + " where job = ? order by attempt",
                id);
        return Sql.first(
                c,
                r -> new Job(
                        r.getLong(1),
                        r.getString(2),
                        r.getString(3),
                        Payload.of(r.getString(4)),
                        r.getString(5),
                        time(r, 6).orElseThrow(),
                        time(r, 7),
                        text(r, 8),
                        r.getInt(9),
                        Optional.ofNullable(r.getObject(10, Long.class)),
                        attempts),
                // only books have a column for the number of what they were loaded as
                "select id, kind, key, payload, status, created_at, completed_at, error_message, retry_count,"
                        + " (to_jsonb(job) ->> 'book_id')::bigint from job where id = ?",
                id);
    }

    private static Optional<Instant> time(ResultSet r, int column) throws SQLException {
        return Optional.ofNullable(r.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static Optional<String> text(ResultSet r, int column) throws SQLException {
        return Optional.ofNullable(r.getString(column));
    }
}
