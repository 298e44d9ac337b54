package io.caravan.ledger;

import io.caravan.error.LockHolders;
import io.caravan.error.LongWait;
import io.caravan.pool.OwnConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** Says, of work on the ledger that takes long, whose locks it waits for. */
final class LedgerWaits {

    private final DataSource ledger;
    private final Consumer<String> notices;

    LedgerWaits(DataSource ledger, Consumer<String> notices) {
        this.ledger = ledger;
        this.notices = notices;
    }

    /** Does the work on this connection. */
    <T> T during(Connection c, SqlWork<T> work) throws SQLException {
        int pid = c.unwrap(PGConnection.class).getBackendPID();
        return new LongWait(() -> whom(pid), notices).<T, SQLException>during(() -> work.on(c));
    }

    private Optional<String> whom(int pid) {
        try (Connection other = OwnConnections.of(ledger)) {
            return LockHolders.of(other, pid).map(holders -> "ledger: waits for " + holders);
        } catch (SQLException e) {
            throw Sql.translated(e);
        }
    }
}
