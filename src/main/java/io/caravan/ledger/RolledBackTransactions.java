package io.caravan.ledger;

import io.caravan.pool.OwnConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** One transaction around everything, rolled back at the end: the ledger thinks a run through and keeps nothing of it. */
public final class RolledBackTransactions implements Transactions, AutoCloseable {

    private final Connection connection;
    private final LedgerWaits waits;

    /** {@code notices} hears for whom a statement waits that takes long. */
    @SuppressWarnings("MustBeClosedChecker") // closed with this
    public RolledBackTransactions(DataSource ledger, Consumer<String> notices) {
        waits = new LedgerWaits(ledger, notices);
        try {
            connection = OwnConnections.of(ledger);
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw Sql.translated(e);
        }
    }

    @Override
    public synchronized <T> T in(SqlWork<T> work) {
        try {
            return waits.during(connection, work);
        } catch (SQLException e) {
            throw Sql.translated(e);
        }
    }

    @Override
    public synchronized void close() {
        try (connection) {
            connection.rollback();
        } catch (SQLException e) {
            throw Sql.translated(e);
        }
    }
}
