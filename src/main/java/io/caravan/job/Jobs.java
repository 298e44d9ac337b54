package io.caravan.job;

import io.caravan.ledger.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Puts jobs into their table, and back into it. */
public final class Jobs {

    private Jobs() {}

    /** Makes those that are not there yet, all of one kind; the keys of those that were made. */
    public static Set<String> publish(Connection c, List<NewJob> jobs) throws SQLException {
        return new HashSet<>(Sql.list(
                c,
                r -> r.getString(1),
                "insert into job (kind, key, payload, concurrency_key)"
                        + " select kind, key, payload::jsonb, concurrency_key from unnest(?, ?, ?, ?) with ordinality"
                        + " as t (kind, key, payload, concurrency_key, place) order by place"
                        + " on conflict (key, kind) do nothing returning key",
                texts(jobs, NewJob::kind),
                texts(jobs, NewJob::key),
                texts(jobs, job -> job.payload().json()),
                texts(jobs, job -> job.concurrencyKey().orElse(null))));
    }

    /** How many of these {@link #publish} would make. */
    public static long missing(Connection c, List<NewJob> jobs) throws SQLException {
        return Sql.first(
                        c,
                        r -> r.getLong(1),
                        "select count(*) from unnest(?, ?) as t (kind, key) where not exists"
                                + " (select 1 from job where job.key = t.key and job.kind = t.kind)",
                        texts(jobs, NewJob::kind),
                        texts(jobs, NewJob::key))
                .orElseThrow();
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
                                + " coalesce(max(retry_count) + 1, 0) from job where status = 'failed'",
                        maxRetries,
                        maxRetries)
                .orElseThrow();
    }

    /** Puts failed jobs back that were put back less often than {@code maxRetries} times; how many. */
    public static int retryFailed(Connection c, int maxRetries) throws SQLException {
        return Sql.update(
                c,
                "update job set status = 'pending', retry_count = retry_count + 1,"
                        + " not_before = clock_timestamp() where status = 'failed' and retry_count < ?",
                maxRetries);
    }

    /** Puts a failed or cancelled job back, as if it had never been tried; whether it was one. */
    public static boolean retry(Connection c, long id) throws SQLException {
        return Sql.update(
                        c,
                        "update job set status = 'pending', retry_count = 0, lost = 0, not_before = clock_timestamp()"
                                + " where id = ? and status in ('failed', 'cancelled')",
                        id)
                == 1;
    }

    /** The same of all failed ones, of a kind or all; how many. */
    public static int retryAllFailed(Connection c, Optional<String> kind) throws SQLException {
        return Sql.update(
                c,
                "update job set status = 'pending', retry_count = 0, lost = 0, not_before = clock_timestamp()"
                        + " where status = 'failed' and kind = coalesce(?, kind)",
                kind.orElse(null));
    }

    /**
     * Ends a job that is not to be done, whoever has it in hand: what its worker says later is refused. Whether it was there to
     * be ended.
     */
    public static boolean cancel(Connection c, long id) throws SQLException {
        int cancelled = Sql.update(
                c,
                "update job set status = 'cancelled', token = null, worker = null, leased_until = null"
                        + " where id = ? and status in ('pending', 'processing', 'failed')",
                id);
        if (cancelled == 0) return false;
        Sql.update(
                c,
                "update attempt set ended_at = clock_timestamp(), outcome = 'cancelled', reason = 'jobs cancel'"
                        + " where job = ? and ended_at is null",
                id);
        return true;
    }

    /** Tells a job that nobody has in hand something else; whether it was such a one. */
    public static boolean edit(Connection c, long id, Payload payload, Optional<String> concurrencyKey)
            throws SQLException {
        return Sql.update(
                        c,
                        "update job set payload = ?::jsonb, concurrency_key = ?"
                                + " where id = ? and status in ('pending', 'failed', 'cancelled')",
                        payload.json(),
                        concurrencyKey.orElse(null),
                        id)
                == 1;
    }

    /**
     * Forgets the attempts that ended longer ago than that, each with its answers, but no job's last one; how many.
     *
     * @param after the number of a job, and {@code upTo} of another: only those between them, so that a transaction is short
     */
    public static int forget(Connection c, Duration age, long after, long upTo) throws SQLException {
        return Sql.update(
                c,
                "delete from attempt old where old.job > ? and old.job <= ?"
                        + " and old.ended_at < clock_timestamp() - ? * interval '1 second' and exists"
                        + " (select 1 from attempt new where new.job = old.job and new.attempt > old.attempt)",
                after,
                upTo,
                age.toSeconds());
    }

    /** The highest number of a job; 0 when there is none. */
    public static long last(Connection c) throws SQLException {
        return Sql.first(c, r -> r.getLong(1), "select coalesce(max(id), 0) from job")
                .orElseThrow();
    }

    private static String[] texts(List<NewJob> jobs, Function<NewJob, String> text) {
        return jobs.stream().map(text).toArray(String[]::new);
    }
}
