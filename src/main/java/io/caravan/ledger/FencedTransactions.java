package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Transactions of one run: each first makes sure, and holds on to it until it commits, that the run's lease is still
 * its own. A holder that was paused past its lease can change nothing.
 */
public final class FencedTransactions implements Transactions {

    private final Transactions plain;
    private final short flow;
    private final long token;

    public FencedTransactions(DataSource ledger, Lease lease) {
        this.plain = new PlainTransactions(ledger);
        this.flow = lease.flow();
        this.token = lease.token();
    }

    @Override
    public <T> T in(SqlWork<T> work) {
        return plain.in(c -> {
            fence(c);
            return work.on(c);
        });
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
}
