package io.caravan.ledger;

import io.caravan.error.Mask;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Who did what with which code and settings: a row a run that may write, and one for what people and jobs did besides, until it is purged. */
public final class Audit {

    private static final String SELECT =
            "select a.run, a.pipeline, a.mode, a.os_user, a.host, a.named, a.command, a.route,"
                    + " a.version, a.configuration, a.started_at, a.finished_at, a.status, a.records_read from ledger.audit a";

    /**
     * A run as the audit keeps it.
     *
     * @param user who the operating system says began it
     * @param named who a setting says it was; empty where none does
     * @param configuration the same for the same settings, those of the command line not counted
     * @param finished empty while it goes on
     */
    public record Entry(
            long run,
            String pipeline,
            String mode,
            String user,
            String host,
            String named,
            String command,
            String route,
            String version,
            String configuration,
            Instant started,
            Optional<Instant> finished,
            String status,
            long recordsRead) {}

    private Audit() {}

    /** The newest runs first; of one pipeline with all its parts, or of all when {@code pipeline} is empty. */
    public static List<Entry> newest(Connection c, Optional<String> pipeline, int most) throws SQLException {
        String name = pipeline.orElse("");
        return Sql.list(
                c,
                Audit::entry,
                SELECT + " where ? = '' or a.pipeline = ? or starts_with(a.pipeline, ? || '[')"
                        + " order by a.run desc limit ?",
                name,
                name,
                name,
                most);
    }

    public static Optional<Entry> of(Connection c, long run) throws SQLException {
        return Sql.first(c, Audit::entry, SELECT + " where a.run = ?", run);
    }

    /** By name, every setting that a run had, as nobody is kept from seeing it. */
    public static SortedMap<String, String> settings(Connection c, long run) throws SQLException {
        SortedMap<String, String> settings = new TreeMap<>();
        Sql.each(
                c,
                r -> settings.put(r.getString(1), r.getString(2)),
                "select s.key, s.value from ledger.audit a join ledger.audit_configuration f on f.hash = a.configuration,"
                        + " jsonb_each_text(f.settings || a.given) s where a.run = ?",
                run);
        return settings;
    }

    /** The names of all pipelines that ever ran, in order. */
    public static List<String> pipelines(Connection c) throws SQLException {
        return Sql.list(c, r -> r.getString(1), "select distinct pipeline from ledger.audit order by pipeline");
    }

    /** Opens a run of a flow in both histories, and keeps its settings unless they are known; returns its number. */
    static long start(Connection c, Flow flow, String mode, Starter by) throws SQLException {
        String run = "insert into ledger.run (flow, mode, status) values (?, ?, 'running') returning id, started_at";
        return start(c, run, List.of(flow.id(), mode), flow.name(), mode, by);
    }

    /** Opens something else that changes what is kept, such as a function in Java, by its name; its number is none of a run. */
    public static long begin(Connection c, String name, String what, Starter by) throws SQLException {
        String number =
                "select nextval(pg_get_serial_sequence('ledger.run', 'id')) as id, clock_timestamp() as started_at";
        return start(c, number, List.of(), name, what, by);
    }

    /** Says how that ended; {@code records}: how many it was about. */
    public static void end(Connection c, long number, String status, long records) throws SQLException {
        Sql.update(
                c,
                "update ledger.audit set status = ?, finished_at = clock_timestamp(), records_read = ? where run = ?",
                status,
                records,
                number);
    }

    /** Says that somebody did something in this transaction, to a pipeline or to all (none); {@code records}: to how many of its. */
    public static void done(Connection c, String pipeline, String what, Starter by, long records) throws SQLException {
        end(c, begin(c, pipeline, what, by), "succeeded", records);
    }

    /** {@code numbered}: a statement that gives its number and when it begins. */
    private static long start(Connection c, String numbered, List<Object> values, String name, String mode, Starter by)
            throws SQLException {
        record Started(long run, boolean known) {}
        byte[] hash = by.hash();
        List<Object> all = new ArrayList<>(values);
        all.addAll(List.of(name, mode, by.user(), by.host(), by.named(), by.command(), by.route(), by.version(), hash));
        all.addAll(List.of(names(by.given()), values(by.given()), hash));
        Started started = Sql.first(
                        c,
                        r -> new Started(r.getLong(1), r.getBoolean(2)),
                        "with started as (" + numbered
                                + "), audited as (insert into ledger.audit (run, pipeline, mode, os_user,"
                                + " host, named, command, route, version, configuration, given, started_at, status)"
                                + " select id, ?, ?, ?, ?, ?, ?, ?, ?, ?, " + OBJECT
                                + ", started_at, 'running' from started)"
                                + " select id, exists (select 1 from ledger.audit_configuration where hash = ?) from started",
                        all.toArray())
                .orElseThrow();
        if (!started.known()) {
            Sql.update(
                    c,
                    "insert into ledger.audit_configuration (hash, settings) values (?, " + OBJECT
                            + ") on conflict (hash) do nothing",
                    hash,
                    names(by.settings()),
                    values(by.settings()));
        }
        return started.run();
    }

    /** Says where a run reads, and by sink where it may write, in words without secrets. */
    public static void ways(Connection c, long run, String source, Map<String, List<String>> places)
            throws SQLException {
        List<String> sinks = new ArrayList<>();
        List<String> all = new ArrayList<>();
        places.forEach((sink, some) -> some.forEach(place -> {
            sinks.add(sink);
            all.add(Mask.ofProcess().sentence(place));
        }));
        Sql.update(
                c,
                "with ways as (insert into ledger.audit_output (run, sink, places) select ?, sink, array_agg(place)"
                        + " from unnest(?, ?) as t (sink, place) group by sink)"
                        + " update ledger.audit set source = ? where run = ?",
                run,
                sinks.toArray(String[]::new),
                all.toArray(String[]::new),
                Mask.ofProcess().sentence(source),
                run);
    }

    /** Says which objects a run put or deleted by a sink. */
    public static void objects(Connection c, long run, String sink, Collection<String> objects) throws SQLException {
        Sql.update(
                c,
                "update ledger.audit_output set objects = objects || ? where run = ? and sink = ?",
                objects.toArray(String[]::new),
                run,
                sink);
    }

    /** Of names and values. */
    private static final String OBJECT =
            "coalesce((select jsonb_object_agg(name, value) from unnest(?, ?) as t (name, value)), '{}')";

    /** Around an update of {@code ledger.run}: the audit hears of it in the same statement. */
    static String hears(String update) {
        return "with told as (" + update + " returning id, status, finished_at, records_read) update ledger.audit a"
                + " set status = told.status, finished_at = told.finished_at, records_read = told.records_read"
                + " from told where a.run = told.id";
    }

    /** A pipeline has another name: its runs are found under that. */
    static void renamed(Connection c, String from, String to) throws SQLException {
        Sql.update(c, "update ledger.audit set pipeline = ? where pipeline = ?", to, from);
    }

    private static String[] names(Map<String, String> settings) {
        return settings.keySet().toArray(String[]::new);
    }

    private static String[] values(Map<String, String> settings) {
        return settings.values().toArray(String[]::new);
    }

    private static Entry entry(ResultSet r) throws SQLException {
        return new Entry(
                r.getLong(1),
                r.getString(2),
                r.getString(3),
                r.getString(4),
                r.getString(5),
                r.getString(6),
                r.getString(7),
                r.getString(8),
                r.getString(9),
                HexFormat.of().formatHex(r.getBytes(10)),
                r.getObject(11, OffsetDateTime.class).toInstant(),
                Optional.ofNullable(r.getObject(12, OffsetDateTime.class)).map(OffsetDateTime::toInstant),
                r.getString(13),
                r.getLong(14));
    }
}
