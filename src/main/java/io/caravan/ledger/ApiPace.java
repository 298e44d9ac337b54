package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Spaces the requests of all workers to one API, on all machines. */
public final class ApiPace {

    /** What the row of an API begins with that says until when nobody asks it. */
    private static final String SILENCE = "silence of ";

    private ApiPace() {}

    /** Takes the next place in the line, {@code gap} after the one before; how long from now it is. */
    public static Duration next(Connection c, String api, Duration gap) throws SQLException {
        double micros = gap.toNanos() / 1e3;
        return Sql.first(
                        c,
                        r -> Duration.ofNanos((long) (Math.max(0, r.getDouble(1)) * 1e9)),
                        "insert into ledger.api_pace as p (api, next_at)"
                                + " values (?, clock_timestamp() + ? * interval '1 microsecond')"
                                + " on conflict (api) do update set next_at = greatest(p.next_at, clock_timestamp())"
                                + " + ? * interval '1 microsecond'"
                                + " returning extract(epoch from next_at - ? * interval '1 microsecond'"
                                + " - clock_timestamp())",
                        api,
                        micros,
                        micros,
                        micros)
                .orElseThrow();
    }

    /** Nobody asks the API again before this pause is over, also who has a place in the line already. */
    public static void quiet(Connection c, String api, Duration pause) throws SQLException {
        for (String row : List.of(api, SILENCE + api)) {
            Sql.update(
                    c,
                    "insert into ledger.api_pace as p (api, next_at)"
                            + " values (?, clock_timestamp() + ? * interval '1 millisecond')"
                            + " on conflict (api) do update set next_at = greatest(p.next_at, excluded.next_at)",
                    row,
                    pause.toMillis());
        }
    }

    /** How long nobody asks the API; zero when everybody may. */
    public static Duration silence(Connection c, String api) throws SQLException {
        return Sql.first(
                        c,
                        r -> Duration.ofNanos((long) (r.getDouble(1) * 1e9)),
                        "select extract(epoch from next_at - clock_timestamp()) from ledger.api_pace"
                                + " where api = ? and next_at > clock_timestamp()",
                        SILENCE + api)
                .orElse(Duration.ZERO);
    }
}
