package io.caravan.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.JdbcUrl;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import io.caravan.error.SqlServer;
import io.caravan.error.UnavailableException;
import io.caravan.ledger.Sql;
import io.caravan.local.Endpoint;
import io.caravan.local.Endpoints;
import io.caravan.pool.DatabasePool;
import io.caravan.pool.Place;
import io.caravan.pool.Session;
import io.caravan.quality.Quality;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The reference's tables of what became of each file, in a PostgreSQL: the file is known by agency and name, its run by date and hour, and both get their rows once, however often they are
 * checked. All of a check is written in one transaction. Tables that are missing are made; those that are there stay as they are.
 */
final class MonitoringTables {

    private static final String UNIT = "check-quality";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final int LONGEST_TEXT = 250;

    /** A value that its column takes for JSON, be it json or jsonb. */
    private record Json(Object value) {}

    private final Place place;
    private final SqlServer server;
    private final String schema;

    /** {@code uri}: {@code laptop} or a JDBC URL of PostgreSQL; {@code schema} must exist. */
    MonitoringTables(String uri, String user, String password, String schema) {
        SettingChecks settings = new SettingChecks(UNIT)
                .must(
                        uri.equals(Endpoints.LAPTOP) || uri.startsWith("jdbc:postgresql:"),
                        "caravan.warehouse.uri",
                        "be laptop or jdbc:postgresql://<host>:<port>/<database> for --monitoring",
                        uri.replaceAll("[?;].*", ""))
                .name("--monitoring-schema", schema);
        if (uri.startsWith("jdbc:")) JdbcUrl.check(settings, "caravan.warehouse.uri", uri);
        settings.check();
        Endpoint endpoint = Endpoints.resolve(UNIT, "postgres", uri, user, password);
        this.place = new Place(endpoint.uri(), endpoint.user(), endpoint.password());
        this.schema = schema;
        this.server = new SqlServer(
                new ServerErrors(
                        UNIT,
                        "caravan.warehouse.uri",
                        "a PostgreSQL",
                        endpoint.uri().replaceAll("\\?.*", "")),
                endpoint.user());
    }

    /** Whether somebody said that nobody is to hear of the file; false when it is not known. */
    boolean suppressed(Checked checked) {
        return in(c -> {
            boolean there = Sql.first(c, r -> r.getBoolean(1), "select to_regclass('monitoring_file') is not null")
                    .orElseThrow();
            return there && file(c, checked).filter(File::suppressed).isPresent();
        });
    }

    private record File(long id, boolean suppressed) {}

    /** Writes all of a check, or nothing. */
    void write(Checked checked) {
        in(c -> {
            // two that start at once: one makes the tables, the other finds them
            Sql.each(c, row -> {}, "select pg_advisory_xact_lock(hashtext('caravan monitoring'))");
            Sql.update(c, SettingFile.read(UNIT, "tables", "classpath:db/monitoring/tables.sql"));
            OffsetDateTime now = checked.at().atOffset(ZoneOffset.UTC);
            long file = file(c, checked).map(File::id).orElseGet(() -> -1L);
            if (file < 0) file = newFile(c, checked, now);
            long run = run(c, checked, file, now);
            upsert(c, "monitoring_file_data_quality", run, file, now, quality(checked.quality()));
            if (!checked.quality().profile().isEmpty())
                upsert(c, "monitoring_file_data_profile", run, file, now, profile(checked.quality()));
            Sql.update(
                    c,
                    "update monitoring_file set latest_data_quality_score = ?, updated_at = ? where id = ?",
                    checked.quality().scoreCompatible(),
                    now,
                    file);
            return null;
        });
    }

    /** Of this agency and of no other; one that is not suppressed first, of several the newest. */
    private static Optional<File> file(Connection c, Checked checked) throws SQLException {
        return Sql.first(
                c,
                row -> new File(row.getLong(1), row.getBoolean(2)),
                "select id, is_suppressed from monitoring_file where lower(agency_slug) = lower(?) and file_name = ?"
                        + " order by is_suppressed, id desc limit 1",
                cut(checked.slug()),
                cut(checked.file()));
    }

    private static long newFile(Connection c, Checked checked, OffsetDateTime now) throws SQLException {
        return Sql.first(
                        c,
                        row -> row.getLong(1),
                        "insert into monitoring_file (s3_url, file_name, range, is_active, agency_slug, wildcard_mask,"
                                + " notify_slack, is_missing, is_file_change_excluded, is_suppressed, created_by, created_at)"
                                + " values (?, ?, '1.d', true, ?, '', false, false, false, false, 'caravan', ?) returning id",
                        cut(checked.place()),
                        cut(checked.file()),
                        cut(checked.slug()),
                        now)
                .orElseThrow();
    }

    private static long run(Connection c, Checked checked, long file, OffsetDateTime now) throws SQLException {
        return Sql.first(
                        c,
                        row -> row.getLong(1),
                        "insert into monitoring_file_run as r (monitoring_file_id, run_date, run_hour, file_size, created_at)"
                                + " values (?, ?, ?, ?, ?) on conflict (monitoring_file_id, run_date, run_hour)"
                                + " do update set file_size = excluded.file_size, updated_at = excluded.created_at"
                                + " returning r.id",
                        file,
                        checked.date(),
                        checked.hour(),
                        Math.max(0, checked.size()),
                        now)
                .orElseThrow();
    }

    private static Map<String, Object> quality(Quality quality) {
        Map<String, Object> metrics = new LinkedHashMap<>(quality.metrics());
        Map<String, Object> honest = new LinkedHashMap<>();
        honest.put("score", quality.score());
        honest.put("deductions", quality.deductions());
        metrics.put("honest", honest);
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("score", quality.scoreCompatible());
        columns.put("passed", quality.passed());
        columns.put("metrics", new Json(metrics));
        columns.put("deductions", new Json(quality.deductionsCompatible()));
        columns.put("failed_validation_message", quality.failure().isEmpty() ? null : quality.failure());
        columns.put("failed_validation_rules", new Json(quality.failedRules()));
        return columns;
    }

    private static Map<String, Object> profile(Quality quality) {
        Map<String, Object> columns = new LinkedHashMap<>();
        quality.profile()
                .forEach((key, value) ->
                        columns.put(key.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT), new Json(value)));
        return columns;
    }

    private static void upsert(
            Connection c, String table, long run, long file, OffsetDateTime now, Map<String, Object> columns)
            throws SQLException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("monitoring_file_run_id", run);
        all.put("monitoring_file_id", file);
        all.putAll(columns);
        all.put("created_at", now);
        all.put("updated_at", now);
        List<String> sets = new ArrayList<>();
        for (String name : all.keySet())
            if (!name.equals("monitoring_file_run_id") && !name.equals("created_at"))
                sets.add(name + " = excluded." + name);
        String sql = "insert into " + table + " (" + String.join(", ", all.keySet()) + ") values ("
                + String.join(", ", Collections.nCopies(all.size(), "?"))
                + ") on conflict (monitoring_file_run_id) do update set " + String.join(", ", sets);
        try (PreparedStatement insert = c.prepareStatement(sql)) {
            int at = 0;
            for (Object value : all.values()) {
                at++;
                if (value instanceof Json json) insert.setObject(at, text(json.value()), Types.OTHER);
                else insert.setObject(at, value);
            }
            insert.executeUpdate();
        }
    }

    /** PostgreSQL holds no U+0000 in a text. */
    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value).replace("\\u0000", "\\ufffd");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String cut(String text) {
        String whole = text.replace('\0', '\ufffd');
        return whole.length() <= LONGEST_TEXT ? whole : whole.substring(0, LONGEST_TEXT);
    }

    private interface Work<T> {
        T on(Connection c) throws SQLException;
    }

    private <T> T in(Work<T> work) {
        try (DatabasePool database = DatabasePool.of(
                place, new Session("caravan " + UNIT, schema, "", TIMEOUT_MILLIS), TIMEOUT_MILLIS / 6)) {
            return Sql.transaction(database, c -> {
                boolean there = Sql.first(c, r -> 1, "select 1 from pg_namespace where nspname = ?", schema)
                        .isPresent();
                if (!there) throw server.server().lacks("", "schema", schema, "");
                return work.on(c);
            });
        } catch (SQLException e) {
            throw meaning(e);
        }
    }

    private CaravanException meaning(SQLException e) {
        if (SqlServer.late(e))
            return server.server()
                    .late(
                            "write the monitoring tables",
                            "timeoutMillis",
                            (long) TIMEOUT_MILLIS,
                            ServerErrors.words(e),
                            e);
        Optional<CaravanException> failure = server.failure("write the monitoring tables", e);
        if (failure.isPresent()) return failure.get();
        String message = UNIT + ": cannot write the monitoring tables of schema " + schema + ": "
                + ServerErrors.line(e.getMessage()) + " (SQLSTATE " + e.getSQLState() + ")";
        return e.getSQLState().startsWith("40")
                ? new UnavailableException(message, e)
                : new ConfigurationException(message);
    }
}
