package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/** An object as a run read it; {@code size}: in bytes, null where nobody knows. */
public record AuditInput(String object, String etag, Long size) {

    /** With its run before the three, and behind them whether it was set aside. */
    static final String INSERT =
            "insert into ledger.audit_input as i (run, object, etag, size, aside) values (?, ?, ?, ?, ?)"
                    + " on conflict (run, object) do update set etag = excluded.etag, size = excluded.size, aside = excluded.aside";

    /** {@code size}: below 0 where nobody knows. */
    public AuditInput(String object, String etag, long size) {
        this(object, etag, size < 0 ? null : Long.valueOf(size));
    }

    /** Says that a run read it, where nothing else is said of it. */
    public void write(Connection c, long run, boolean aside) throws SQLException {
        Sql.update(c, INSERT, run, object, etag, size, aside);
    }
}
