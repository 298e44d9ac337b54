package io.caravan.job;

import io.caravan.ledger.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

        public long of(String status) {
            return byStatus.getOrDefault(status, 0L);
        }

        public long all() {
            return byStatus.values().stream().mapToLong(n -> n).sum();
        }
    }

    /** One job as its table has it. */
    public record Job(
            long id,
            String key,
            String title,
            String author,
            Optional<String> isbn,
            String status,
            Instant created,
            Optional<Instant> completed,
            Optional<String> error,
            int retries,
            Optional<Long> book,
            List<Attempt> attempts) {}

    /** One attempt at a job; {@code answers} and {@code book} are JSON. */
    public record Attempt(
            int attempt,
            String worker,
            Instant started,
            Optional<Instant> ended,
            Optional<String> outcome,
            Optional<String> reason,
            Optional<String> answers,
            Optional<String> book) {}

    private JobReport() {}

    /** {@code mostReasons}: of failures; the rest is not told. {@code maxRetries}: how often a job is put back at most. */
    public static Overview overview(Connection c, int mostReasons, int maxRetries) throws SQLException {
        Map<String, Long> byStatus = new LinkedHashMap<>();
        for (String status : List.of("pending", "processing", "completed", "failed")) byStatus.put(status, 0L);
        Sql.each(
                c,
                r -> byStatus.put(r.getString(1), r.getLong(2)),
                "select status, count(*) from books.job group by status");
        double perSecond = Sql.first(
                        c,
                        r -> r.getDouble(1),
                        "select count(*) / greatest(1, extract(epoch from clock_timestamp() - min(completed_at)))"
                                + " from books.job where status = 'completed'"
                                + " and completed_at > clock_timestamp() - ? * interval '1 second'",
                        WINDOW_SECONDS)
                .orElse(0.0);
        Optional<Duration> oldest = Sql.first(
                c,
                r -> Duration.ofMillis(r.getLong(1)),
                "select (extract(epoch from clock_timestamp() - min(created_at)) * 1000)::bigint from books.job"
                        + " where status = 'pending' having count(*) > 0");
        Map<String, Long> failures = new LinkedHashMap<>();
        Sql.each(
                c,
                r -> failures.put(r.getString(1), r.getLong(2)),
                "select coalesce(error_message, ''), count(*) from books.job where status = 'failed'"
                        + " group by 1 order by 2 desc, 1 limit ?",
                mostReasons);
        return new Overview(byStatus, perSecond, oldest, failures, Jobs.retries(c, maxRetries));
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
                "select attempt, worker, started_at, ended_at, outcome, reason, answers, book from books.attempt"
                        + " where job = ? order by attempt",
                id);
        return Sql.first(
                c,
                r -> new Job(
                        r.getLong(1),
                        r.getString(2),
                        r.getString(3),
                        r.getString(4),
                        text(r, 5),
                        r.getString(6),
                        time(r, 7).orElseThrow(),
                        time(r, 8),
                        text(r, 9),
                        r.getInt(10),
                        Optional.ofNullable(r.getObject(11, Long.class)),
                        attempts),
                "select id, key, title, author, isbn, status, created_at, completed_at, error_message, retry_count,"
                        + " book_id from books.job where id = ?",
                id);
    }

    private static Optional<Instant> time(ResultSet r, int column) throws SQLException {
        return Optional.ofNullable(r.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static Optional<String> text(ResultSet r, int column) throws SQLException {
        return Optional.ofNullable(r.getString(column));
    }
}
