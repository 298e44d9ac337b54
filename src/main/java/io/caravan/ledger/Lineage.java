package io.caravan.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which runs read an object and where that went; which wrote one and from what; where a record comes from and who holds it. */
public final class Lineage {

    /** What a run read; {@code size} is below 0 where nobody knows. */
    public record Input(String object, String etag, long size, boolean aside) {}

    /** Where a run wrote; the counts are below 0 where it has not ended. */
    public record Output(String sink, List<String> places, long written, long deleted) {}

    /** A run; {@code inputs} are the first of so many. */
    public record Run(
            long id,
            String pipeline,
            String status,
            Instant started,
            String source,
            List<Input> inputs,
            long inputsInAll,
            List<Output> outputs) {}

    /** A sink and what it has of a record. */
    public record Holder(String sink, String state) {}

    /** A record: its object is empty when no object holds it any more, the etag when nobody knows by which it was read last. */
    public record Origin(
            String pipeline,
            String key,
            Optional<String> object,
            Optional<String> etag,
            long firstRun,
            long changedRun,
            boolean deleted,
            List<Holder> sinks) {}

    private static final int INPUTS = 20;

    private Lineage() {}

    /** The newest runs that read an object of this name; the name may have more before it, such as a bucket: the longest that is known counts. */
    public static List<Run> read(Connection c, String name, int most) throws SQLException {
        String[] names = endings(name);
        Optional<String> known = Sql.first(
                c,
                r -> r.getString(1),
                "select object from ledger.audit_input where object = any (?) order by length(object) desc limit 1",
                (Object) names);
        if (known.isEmpty()) return List.of();
        return runs(c, "select run from ledger.audit_input where object = ?", known.get(), known.get(), most);
    }

    /**
     * The newest runs that wrote an object of this name, or to a table, collection, index or label of this name, or anywhere at what a
     * place is called in words.
     */
    public static List<Run> written(Connection c, String name, int most) throws SQLException {
        List<Run> runs = runs(c, "select run from ledger.audit_output where objects && ?", endings(name), "", most);
        if (!runs.isEmpty()) return runs;
        List<String> places =
                Sql.list(c, r -> r.getString(1), "select distinct unnest(places) from ledger.audit_output");
        places.removeIf(place -> !named(place, name));
        if (places.isEmpty()) return List.of();
        return runs(
                c,
                "select run from ledger.audit_output where places && ? and coalesce(written + deleted, 1) > 0",
                places.toArray(String[]::new),
                "",
                most);
    }

    /** What is known of the records of this key, of a pipeline or of all. */
    public static List<Origin> ofKey(Connection c, String key, Optional<String> pipeline) throws SQLException {
        record Row(short flow, Origin origin) {}
        String of = pipeline.orElse("");
        List<Row> rows = Sql.list(
                c,
                r -> new Row(
                        r.getShort(1),
                        new Origin(
                                r.getString(2),
                                key,
                                Optional.ofNullable(r.getString(3)),
                                Optional.ofNullable(r.getString(4)),
                                r.getLong(5),
                                r.getLong(6),
                                r.getBoolean(7),
                                List.of())),
                "select f.id, f.name, b.object, (select i.etag from ledger.audit_input i join ledger.audit a on a.run = i.run"
                        + " where i.object = b.object and a.pipeline = f.name order by i.run desc limit 1),"
                        + " s.first_run, s.changed_run, s.dead from ledger.flow f join lateral"
                        + " (select * from ledger.record_state where flow = f.id and key = ?) s on true"
                        + " left join ledger.batch_state b on b.flow = s.flow and b.fingerprint = s.batch"
                        + " where ? = '' or " + Flows.OF_A_PIPELINE + " order by f.name",
                key,
                of,
                of,
                of);
        List<Origin> origins = new ArrayList<>();
        for (Row row : rows) {
            Origin o = row.origin();
            origins.add(new Origin(
                    o.pipeline(),
                    key,
                    o.object(),
                    o.etag(),
                    o.firstRun(),
                    o.changedRun(),
                    o.deleted(),
                    sinks(c, row.flow(), o)));
        }
        return origins;
    }

    private static List<Holder> sinks(Connection c, short flow, Origin o) throws SQLException {
        return Sql.list(
                c,
                r -> new Holder(r.getString(1), state(r, o.deleted())),
                "select k.sink, k.acked_run >= ?, (select node from ledger.dropped d where d.flow = k.flow and d.sink = k.sink"
                        + " and d.key = ?), (select id from ledger.dead_letter l where l.flow = k.flow and l.key = ?"
                        + " and l.state = 'open' and l.sink in ('', k.sink) order by id desc limit 1)"
                        + " from ledger.sink_state k where k.flow = ? order by k.sink",
                o.changedRun(),
                o.key(),
                o.key(),
                flow);
    }

    private static String state(ResultSet r, boolean deleted) throws SQLException {
        String node = r.getString(3);
        long letter = r.getLong(4);
        if (node != null) return "kept out by " + node;
        if (letter != 0) return "refused its newest form: dead letter " + letter;
        if (!r.getBoolean(2)) return deleted ? "waits for its deletion" : "waits for its newest form";
        return deleted ? "deleted it" : "holds it";
    }

    /** {@code first}: an object that stands before the others of a run; empty for none. */
    private static List<Run> runs(Connection c, String which, Object value, String first, int most)
            throws SQLException {
        List<Run> found = Sql.list(
                c,
                r -> new Run(
                        r.getLong(1),
                        r.getString(2),
                        r.getString(3),
                        r.getObject(4, OffsetDateTime.class).toInstant(),
                        r.getString(5),
                        List.of(),
                        r.getLong(6),
                        List.of()),
                "select a.run, a.pipeline, a.status, a.started_at, a.source,"
                        + " (select count(*) from ledger.audit_input i where i.run = a.run)"
                        + " from ledger.audit a where a.run in (" + which + ") order by a.run desc limit ?",
                value,
                most);
        List<Run> runs = new ArrayList<>();
        for (Run run : found) {
            runs.add(new Run(
                    run.id(),
                    run.pipeline(),
                    run.status(),
                    run.started(),
                    run.source(),
                    inputs(c, run.id(), first),
                    run.inputsInAll(),
                    outputs(c, run.id())));
        }
        return runs;
    }

    private static List<Input> inputs(Connection c, long run, String first) throws SQLException {
        return Sql.list(
                c,
                r -> new Input(r.getString(1), r.getString(2), r.getLong(3), r.getBoolean(4)),
                "select object, etag, coalesce(size, -1), aside from ledger.audit_input where run = ?"
                        + " order by object <> ?, object limit " + INPUTS,
                run,
                first);
    }

    private static List<Output> outputs(Connection c, long run) throws SQLException {
        return Sql.list(
                c,
                r -> new Output(
                        r.getString(1), List.of((String[]) r.getArray(2).getArray()), r.getLong(3), r.getLong(4)),
                "select sink, places, coalesce(written, -1), coalesce(deleted, -1) from ledger.audit_output"
                        + " where run = ? order by sink",
                run);
    }

    /** The name, and what is left of it without the first of its parts, without the first two, ... */
    private static String[] endings(String name) {
        List<String> endings = new ArrayList<>(List.of(name));
        for (int at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
            if (at + 1 < name.length()) endings.add(name.substring(at + 1));
        }
        return endings.toArray(String[]::new);
    }

    /** Whether a place in words, {@code warehouse-sink, schema public, uri ..., table books}, is called so. */
    private static boolean named(String place, String name) {
        if (place.equals(name)) return true;
        for (String part : place.split(", ")) {
            String value = part.substring(part.indexOf(' ') + 1);
            if (value.equals(name) || value.equals(name.substring(name.lastIndexOf('.') + 1))) return true;
        }
        return false;
    }
}
