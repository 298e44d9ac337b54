package io.caravan.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * The markers of those who write to a table: rows of {@code caravan_markers} in its schema, made at the first mark. A row
 * names the table by its oid, so that one dropped and made again has no marker, and a table without a row has none either.
 */
final class TableMarkers {

    /** Of this connection's user: what a statement was refused for. */
    private static final String NO_RIGHT = "42501";

    private final Table table;
    private final String markers;
    private final String create;

    TableMarkers(Table table) {
        this.table = table;
        this.markers = Table.quoted(table.schema()) + ".caravan_markers";
        this.create = "create table if not exists " + markers
                + " (relation oid, owner text, marker text not null, primary key (relation, owner))";
    }

    /** Whether the user lacks the right to keep markers here; nothing else fails this way once the table can be written. */
    static boolean refused(SQLException e) {
        return NO_RIGHT.equals(e.getSQLState());
    }

    /** What the user must be allowed for there to be markers. */
    String remedy() {
        return "allow its user to create tables in the schema, or run " + create
                + "; grant select, insert, update, delete on " + markers + " to its user";
    }

    /** The owner's marker; empty when there is none, or no row that it could speak of. */
    Optional<String> of(Connection c, String owner) throws SQLException {
        if (!exist(c, table.quoted(), markers)) return Optional.empty();
        String sql = "select marker from " + markers
                + " where relation = to_regclass(?) and owner = ? and exists (select from " + table.quoted() + ")";
        try (PreparedStatement select = c.prepareStatement(sql)) {
            select.setString(1, table.quoted());
            select.setString(2, owner);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /**
     * Leaves the marker, in the caller's transaction; the table is there. When it is empty, what others wrote is gone with
     * their markers.
     */
    void mark(Connection c, String owner, String marker) throws SQLException {
        if (!exist(c, markers, markers)) makeTable(c);
        String forget = "delete from " + markers + " where relation = to_regclass(?) and not exists (select from "
                + table.quoted() + ") or relation not in (select oid from pg_catalog.pg_class)";
        try (PreparedStatement delete = c.prepareStatement(forget)) {
            delete.setString(1, table.quoted());
            delete.executeUpdate();
        }
        String keep = "insert into " + markers + " (relation, owner, marker) values (to_regclass(?), ?, ?)"
                + " on conflict (relation, owner) do update set marker = excluded.marker";
        try (PreparedStatement upsert = c.prepareStatement(keep)) {
            upsert.setString(1, table.quoted());
            upsert.setString(2, owner);
            upsert.setString(3, marker);
            upsert.executeUpdate();
        }
    }

    /** Takes the owner's marker away, in the caller's transaction. */
    void unmark(Connection c, String owner) throws SQLException {
        if (!exist(c, markers, markers)) return;
        String forget = "delete from " + markers + " where relation = to_regclass(?) and owner = ?";
        try (PreparedStatement delete = c.prepareStatement(forget)) {
            delete.setString(1, table.quoted());
            delete.setString(2, owner);
            delete.executeUpdate();
        }
    }

    private void makeTable(Connection c) throws SQLException {
        try (Statement statement = c.createStatement()) {
            // two processes that start at once: one creates, the other finds it
            statement.execute("select pg_advisory_xact_lock(hashtext('caravan warehouse'))");
            statement.execute(create);
        }
    }

    private static boolean exist(Connection c, String one, String other) throws SQLException {
        try (PreparedStatement select =
                c.prepareStatement("select to_regclass(?) is not null and to_regclass(?) is not null")) {
            select.setString(1, one);
            select.setString(2, other);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
