package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** What APIs answered, kept for a while. */
public final class Responses {

    /** Status and body, as they came. */
    public record Response(int status, byte[] body) {}

    private Responses() {}

    /** The answer to this request, when it is not older than {@code maxAge}. */
    public static Optional<Response> find(Connection c, String api, String request, Duration maxAge)
            throws SQLException {
        return Sql.first(
                c,
                r -> new Response(r.getInt(1), r.getBytes(2)),
                "select status, body from ledger.response_cache where api = ? and request = ?"
                        + " and fetched_at > clock_timestamp() - ? * interval '1 millisecond'",
                api,
                request,
                maxAge.toMillis());
    }

    /** Forgets what is older than that; how many answers. */
    public static int forget(Connection c, String api, Duration age) throws SQLException {
        return Sql.update(
                c,
                "delete from ledger.response_cache where api = ?"
                        + " and fetched_at < clock_timestamp() - ? * interval '1 millisecond'",
                api,
                age.toMillis());
    }

    /** Keeps an answer; a later one takes the place of an earlier. */
    public static void keep(Connection c, String api, String request, Response response) throws SQLException {
        Sql.update(
                c,
                "insert into ledger.response_cache (api, request, status, body) values (?, ?, ?, ?)"
                        + " on conflict (api, request) do update set status = excluded.status, body = excluded.body,"
                        + " fetched_at = clock_timestamp()",
                api,
                request,
                response.status(),
                response.body());
    }
}
