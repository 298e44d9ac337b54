package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Transactions of one run: each first makes sure, and holds on to it until it commits, that the run's lease is still
 * its own. A holder that was paused past its lease can change nothing.
 */
public final class FencedTransactions implements Transactions {

    private final DataSource ledger;
    private final short flow;
    private final long token;

    public FencedTransactions(DataSource ledger, Lease lease) {
        this.ledger = ledger;
        this.flow = lease.flow();
        this.token = lease.token();
    }

    @Override
    public <T> T in(SqlWork<T> work) {
        try (Connection c = ledger.getConnection()) {
            c.setAutoCommit(false);
            try {
                fence(c);
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

    private void fence(Connection c) throws SQLException {
        boolean ours = Sql.first(
                        c,
                        row -> true,
                        "select 1 from ledger.lease where flow = ? and token = ? and expires_at > clock_timestamp() for share",
                        flow,
                        token)
                .isPresent();
        if (!ours) {
            throw new LeaseLostException("ledger: the lease of this run (token " + token
                    + ") has ended and another run may have taken over; nothing more is written, run again");
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
