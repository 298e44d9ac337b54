package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Transactions of somebody who holds no lease: for reading, and for what people do by hand. */
public final class PlainTransactions implements Transactions {

    private final DataSource ledger;

    public PlainTransactions(DataSource ledger) {
        this.ledger = ledger;
    }

    @Override
    public <T> T in(SqlWork<T> work) {
        try (Connection c = ledger.getConnection()) {
            c.setAutoCommit(false);
            try {
                T result = work.on(c);
                c.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                rollback(c, e);
                throw e;
            }
        } catch (SQLException e) {
            throw Sql.translated(e);
        }
    }

    private static void rollback(Connection c, Throwable cause) {
        try {
            c.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
