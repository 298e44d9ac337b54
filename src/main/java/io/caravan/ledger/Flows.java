package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The numbers of pipelines. */
public final class Flows {

    /** Every table with rows of flows; a test compares it with the schema. Deliveries go with their runs. */
    static final List<String> OF_A_FLOW = List.of(
            "record_state",
            "batch_state",
            "former_batch",
            "object_state",
            "sink_state",
            "adopted",
            "dropped",
            "former_sink",
            "sink_place",
            "dead_letter",
            "checkpoint",
            "backfill",
            "column_change",
            "writer",
            "run",
            "lease");

    /** A condition on {@code flow f} with the name of a pipeline twice: that it is this one, or one of its parts. */
    static final String OF_A_PIPELINE = "(f.name = ? or starts_with(f.name, ? || '['))";

    private Flows() {}

    /** The flow of that name, made when it is new. */
    public static Flow of(Connection c, String name) throws SQLException {
        Optional<Flow> known = find(c, name);
        if (known.isPresent()) return known.get();
        Sql.update(c, "insert into ledger.flow (name) values (?) on conflict (name) do nothing", name);
        return find(c, name).orElseThrow();
    }

    /** What was in scope when the flow's deletes were last settled; empty when nobody has kept it. */
    public static Optional<String> scope(Connection c, short flow) throws SQLException {
        return Sql.first(
                c, r -> r.getString(1), "select scope from ledger.flow where id = ? and scope is not null", flow);
    }

    public static void settleScope(Connection c, short flow, String scope) throws SQLException {
        Sql.update(c, "update ledger.flow set scope = ? where id = ? and scope is distinct from ?", scope, flow, scope);
    }

    public static Optional<Flow> find(Connection c, String name) throws SQLException {
        return Sql.first(c, r -> new Flow(r.getShort(1), name), "select id from ledger.flow where name = ?", name);
    }

    /** The names of all, in order. */
    public static List<String> names(Connection c) throws SQLException {
        return Sql.list(c, r -> r.getString(1), "select name from ledger.flow order by name");
    }

    /** The names of a pipeline's flows: its own, if it has run as one, and those of its parts. */
    public static List<String> names(Connection c, String pipeline) throws SQLException {
        return Sql.list(
                c,
                r -> r.getString(1),
                "select f.name from ledger.flow f where " + OF_A_PIPELINE + " order by f.name",
                pipeline,
                pipeline);
    }

    /** Whether nothing is known of it: no run, no record, no sink. */
    public static boolean isBlank(Connection c, short flow) throws SQLException {
        return Sql.first(
                        c,
                        r -> true,
                        "select 1 where exists (select 1 from ledger.run where flow = ?)"
                                + " or exists (select 1 from ledger.record_state where flow = ?)"
                                + " or exists (select 1 from ledger.sink_state where flow = ?)",
                        flow,
                        flow,
                        flow)
                .isEmpty();
    }

    /** Forgets all that is known of a pipeline, its lease too, but who ran it when; returns how many rows by table. */
    public static Map<String, Integer> remove(Connection c, short flow) throws SQLException {
        Map<String, Integer> forgotten = new LinkedHashMap<>();
        for (String table : OF_A_FLOW) {
            String delete = "delete from ledger." + table + " where flow = ?";
            forgotten.put(table, Sql.ofAll(c, all -> Sql.update(all, delete, flow)));
        }
        Sql.update(c, "delete from ledger.flow where id = ?", flow);
        return forgotten;
    }

    /** Gives a pipeline another name, which no other has. */
    public static void rename(Connection c, Flow flow, String name) throws SQLException {
        Sql.update(c, "update ledger.flow set name = ? where id = ?", name, flow.id());
        Audit.renamed(c, flow.name(), name);
        SinkStates.renamed(c, flow.id(), flow.name());
    }
}
