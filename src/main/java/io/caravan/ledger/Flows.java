package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** The numbers of pipelines. */
public final class Flows {

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
}
