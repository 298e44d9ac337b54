package io.caravan.ledger;

import io.caravan.error.Mask;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What each run was and did. */
public final class Runs {

    /** What one run did to one sink; {@code dropped}: by the id of a node of the route, how many records it kept from it. */
    public record Delivery(
            long written,
            long unchanged,
            long deleted,
            long dead,
            Optional<String> problem,
            Map<String, Long> dropped) {

        /** Without a filter before it. */
        public Delivery(long written, long unchanged, long deleted, long dead, Optional<String> problem) {
            this(written, unchanged, deleted, dead, problem, Map.of());
        }

        /** How many records all nodes together kept from it. */
        public long droppedInAll() {
            return dropped.values().stream().mapToLong(n -> n).sum();
        }
    }

    /** A run as the ledger keeps it; {@code finished} is empty while it goes on. */
    public record Entry(
            long id,
            String pipeline,
            String mode,
            String status,
            Instant started,
            Optional<Instant> finished,
            long recordsRead,
            Optional<String> problem,
            Map<String, Delivery> deliveries) {}

    private Runs() {}

    /** Opens a run, and says in the audit by whom; whatever still says it is running for this flow died without a word, as we hold its lease. */
    public static long start(Connection c, Flow flow, String mode, Starter by) throws SQLException {
        endDead(c, flow);
        return Audit.start(c, flow, mode, by);
    }

    /** The same for what nobody is told of, such as a plan, which is rolled back. */
    public static long start(Connection c, Flow flow, String mode) throws SQLException {
        endDead(c, flow);
        return Sql.first(
                        c,
                        r -> r.getLong(1),
                        "insert into ledger.run (flow, mode, status) values (?, ?, 'running') returning id",
                        flow.id(),
                        mode)
                .orElseThrow();
    }

    /** The run that did what is due at this time; empty when none did, or it failed, as then another may try. */
    public static Optional<Long> of(Connection c, Flow flow, Instant due) throws SQLException {
        return Sql.first(
                c,
                r -> r.getLong(1),
                "select id from ledger.run where flow = ? and scheduled_for = ? and status in ('succeeded', 'partial')"
                        + " order by id limit 1",
                flow.id(),
                due.atOffset(ZoneOffset.UTC));
    }

    /** Says that a run is what is due at this time. */
    public static void due(Connection c, long run, Instant due) throws SQLException {
        Sql.update(c, "update ledger.run set scheduled_for = ? where id = ?", due.atOffset(ZoneOffset.UTC), run);
    }

    private static void endDead(Connection c, Flow flow) throws SQLException {
        Sql.update(
                c,
                Audit.hears("update ledger.run set status = 'failed', finished_at = clock_timestamp(),"
                        + " problem = 'the process ended before the run did' where flow = ? and status = 'running'"),
                flow.id());
    }

    public static void finish(
            Connection c, long run, String status, long recordsRead, String problem, Map<String, Delivery> deliveries)
            throws SQLException {
        Sql.update(
                c,
                Audit.hears("update ledger.run set status = ?, finished_at = clock_timestamp(), records_read = ?,"
                        + " problem = ? where id = ?"),
                status,
                recordsRead,
                problem.isEmpty() ? null : Mask.ofProcess().sentence(problem),
                run);
        for (Map.Entry<String, Delivery> sink : deliveries.entrySet()) {
            Delivery d = sink.getValue();
            Sql.update(
                    c,
                    "with told as (insert into ledger.delivery (run, sink, written, unchanged, deleted, dead, problem, dropped)"
                            + " values (?, ?, ?, ?, ?, ?, ?, coalesce((select jsonb_object_agg(node, records)"
                            + " from unnest(?, ?) as t (node, records)), '{}')) returning run, sink, written, deleted)"
                            + " update ledger.audit_output o set written = told.written, deleted = told.deleted"
                            + " from told where o.run = told.run and o.sink = told.sink",
                    run,
                    sink.getKey(),
                    d.written(),
                    d.unchanged(),
                    d.deleted(),
                    d.dead(),
                    d.problem().map(Mask.ofProcess()::sentence).orElse(null),
                    d.dropped().keySet().toArray(String[]::new),
                    d.dropped().values().toArray(Long[]::new));
        }
    }

    /** The newest runs first; of one pipeline with all its parts, or of all when {@code pipeline} is empty. */
    public static List<Entry> newest(Connection c, Optional<String> pipeline, int most) throws SQLException {
        List<Entry> runs = Sql.list(
                c,
                Runs::entry,
                "select r.id, f.name, r.mode, r.status, r.started_at, r.finished_at, r.records_read, r.problem"
                        + " from ledger.run r join ledger.flow f on f.id = r.flow"
                        + " where ? = '' or " + Flows.OF_A_PIPELINE + " order by r.id desc limit ?",
                pipeline.orElse(""),
                pipeline.orElse(""),
                pipeline.orElse(""),
                most);
        for (Entry run : runs) {
            Sql.each(
                    c,
                    r -> run.deliveries()
                            .put(
                                    r.getString(1),
                                    new Delivery(
                                            r.getLong(2),
                                            r.getLong(3),
                                            r.getLong(4),
                                            r.getLong(5),
                                            Optional.ofNullable(r.getString(6)),
                                            dropped(r.getArray(7), r.getArray(8)))),
                    "select sink, written, unchanged, deleted, dead, problem,"
                            + " array(select key from jsonb_each_text(dropped) order by key),"
                            + " array(select value::bigint from jsonb_each_text(dropped) order by key) from ledger.delivery where run = ?"
                            + " order by sink",
                    run.id());
        }
        return runs;
    }

    private static Map<String, Long> dropped(Array nodes, Array records) throws SQLException {
        String[] names = (String[]) nodes.getArray();
        Long[] counts = (Long[]) records.getArray();
        Map<String, Long> dropped = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) dropped.put(names[i], counts[i]);
        return dropped;
    }

    /** When the run began, by the ledger's clock; of one that is forgotten, when the next began that is not. */
    public static Instant began(Connection c, long run) throws SQLException {
        return Sql.first(
                        c,
                        r -> r.getObject(1, OffsetDateTime.class).toInstant(),
                        "select started_at from ledger.run where id >= ? order by id limit 1",
                        run)
                .orElseThrow();
    }

    /** The number of the pipeline's run before this one; 0 when there is none. */
    public static long before(Connection c, short flow, long run) throws SQLException {
        return Sql.first(
                        c,
                        r -> r.getLong(1),
                        "select id from ledger.run where flow = ? and id < ? order by id desc limit 1",
                        flow,
                        run)
                .orElse(0L);
    }

    /** The number of the pipeline's newest run; 0 when there is none. */
    public static long last(Connection c, short flow) throws SQLException {
        return Sql.first(
                        c, r -> r.getLong(1), "select id from ledger.run where flow = ? order by id desc limit 1", flow)
                .orElse(0L);
    }

    /** Whether a run of the pipeline was ever started, however it ended. */
    public static boolean hasStarted(Connection c, String pipeline) throws SQLException {
        return Sql.first(
                        c,
                        r -> true,
                        "select 1 from ledger.run r join ledger.flow f on f.id = r.flow"
                                + " where f.name = ? and r.mode = 'run' limit 1",
                        pipeline)
                .isPresent();
    }

    /** Whether a run of the pipeline has ever delivered everything without a dead letter. */
    public static boolean hasSucceeded(Connection c, String pipeline) throws SQLException {
        return Sql.first(
                        c,
                        r -> true,
                        "select 1 from ledger.run r join ledger.flow f on f.id = r.flow"
                                + " where f.name = ? and r.mode = 'run' and r.status = 'succeeded' limit 1",
                        pipeline)
                .isPresent();
    }

    /** How the last run of a flow ended, and when one succeeded last. */
    public record OfFlow(String flow, String status, Optional<String> problem, Optional<Instant> success) {}

    /** Of each flow of a pipeline that ever ran, by name. */
    public static List<OfFlow> lastOfFlows(Connection c, String pipeline) throws SQLException {
        String plain = " from ledger.run r where r.flow = f.id and r.mode = 'run'";
        return Sql.list(
                c,
                r -> new OfFlow(
                        r.getString(1),
                        r.getString(2),
                        Optional.ofNullable(r.getString(3)),
                        Optional.ofNullable(r.getObject(4, OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)),
                "select f.name, l.status, l.problem, (select r.finished_at" + plain
                        + " and r.status = 'succeeded' order by r.id desc limit 1) from ledger.flow f,"
                        + " lateral (select r.status, r.problem" + plain + " order by r.id desc limit 1) l where "
                        + Flows.OF_A_PIPELINE + " order by f.name",
                pipeline,
                pipeline);
    }

    private static Entry entry(ResultSet r) throws SQLException {
        return new Entry(
                r.getLong(1),
                r.getString(2),
                r.getString(3),
                r.getString(4),
                r.getObject(5, OffsetDateTime.class).toInstant(),
                Optional.ofNullable(r.getObject(6, OffsetDateTime.class)).map(OffsetDateTime::toInstant),
                r.getLong(7),
                Optional.ofNullable(r.getString(8)),
                new LinkedHashMap<>());
    }
}
