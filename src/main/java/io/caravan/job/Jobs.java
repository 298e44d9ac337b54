package io.caravan.job;

import io.caravan.ledger.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Puts jobs into their table, and back into it. */
public final class Jobs {

    private Jobs() {}

    /** Makes those that are not there yet; the keys of those that were made. */
    public static Set<String> publish(Connection c, List<NewJob> jobs) throws SQLException {
        return new HashSet<>(Sql.list(
                c,
                r -> r.getString(1),
                "insert into books.job (key, title, author, isbn)"
                        + " select key, title, author, isbn from unnest(?, ?, ?, ?) with ordinality"
                        + " as t (key, title, author, isbn, place) order by place"
                        + " on conflict (key) do nothing returning key",
                texts(jobs, NewJob::key),
                texts(jobs, NewJob::title),
                texts(jobs, NewJob::author),
                texts(jobs, j -> j.isbn().orElse(null))));
    }

    /**
     * What {@link #retryFailed} would do.
     *
     * @param now how many failed jobs it would put back
     * @param usedUp how many it would not, as they were put back too often
     * @param enough the smallest number of retries with which it would put all back
     */
    public record Retries(long now, long usedUp, int enough) {}

    /** What {@link #retryFailed} would do with so many retries. */
    public static Retries retries(Connection c, int maxRetries) throws SQLException {
        return Sql.first(
                        c,
                        r -> new Retries(r.getLong(1), r.getLong(2), r.getInt(3)),
                        "select count(*) filter (where retry_count < ?), count(*) filter (where retry_count >= ?),"
                                + " coalesce(max(retry_count) + 1, 0) from books.job where status = 'failed'",
                        maxRetries,
                        maxRetries)
                .orElseThrow();
    }

    /** Puts failed jobs back that were put back less often than {@code maxRetries} times; how many. */
    public static int retryFailed(Connection c, int maxRetries) throws SQLException {
        return Sql.update(
                c,
                "update books.job set status = 'pending', retry_count = retry_count + 1,"
                        + " not_before = clock_timestamp() where status = 'failed' and retry_count < ?",
                maxRetries);
    }

    /**
     * Forgets the attempts that ended longer ago than that, each with its answers, but no job's last one; how many.
     *
     * @param after the number of a job, and {@code upTo} of another: only those between them, so that a transaction is short
     */
    public static int forget(Connection c, Duration age, long after, long upTo) throws SQLException {
        return Sql.update(
                c,
                "delete from books.attempt old where old.job > ? and old.job <= ?"
                        + " and old.ended_at < clock_timestamp() - ? * interval '1 second' and exists"
                        + " (select 1 from books.attempt new where new.job = old.job and new.attempt > old.attempt)",
                after,
                upTo,
                age.toSeconds());
    }

    /** The highest number of a job; 0 when there is none. */
    public static long last(Connection c) throws SQLException {
        return Sql.first(c, r -> r.getLong(1), "select coalesce(max(id), 0) from books.job")
                .orElseThrow();
    }

    private static String[] texts(List<NewJob> jobs, Function<NewJob, String> text) {
        return jobs.stream().map(text).toArray(String[]::new);
    }
}
