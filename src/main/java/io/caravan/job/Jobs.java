package io.caravan.job;

import io.caravan.ledger.Sql;
import java.sql.Connection;
import java.sql.SQLException;
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

    /** Puts failed jobs back that were put back less often than {@code maxRetries} times; how many. */
    public static int retryFailed(Connection c, int maxRetries) throws SQLException {
        return Sql.update(
                c,
                "update books.job set status = 'pending', retry_count = retry_count + 1,"
                        + " not_before = clock_timestamp() where status = 'failed' and retry_count < ?",
                maxRetries);
    }

    private static String[] texts(List<NewJob> jobs, Function<NewJob, String> text) {
        return jobs.stream().map(text).toArray(String[]::new);
    }
}
