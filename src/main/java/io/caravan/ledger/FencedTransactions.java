package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Transactions of one run: each first makes sure, and holds on to it until it commits, that the run's lease is still
 * its own. A holder that was paused past its lease can change nothing.
 *
 * <p>The lock on the lease's row keeps others from taking the lease, not the holder from renewing it. A transaction that
 * says nothing for as long as a lease lasts is ended by the database, so that a paused process keeps nobody out.
 */
public final class FencedTransactions implements Transactions {

    private final Transactions plain;
    private final Lease lease;

    public FencedTransactions(DataSource ledger, Lease lease) {
        this(new PlainTransactions(ledger), lease);
    }

    /** {@code notices} hears for whom one waits that takes long. */
    public FencedTransactions(DataSource ledger, Lease lease, Consumer<String> notices) {
        this(new PlainTransactions(ledger, notices), lease);
    }

    private FencedTransactions(Transactions plain, Lease lease) {
        this.plain = plain;
        this.lease = lease;
    }

    @Override
    public <T> T in(SqlWork<T> work) {
        return plain.in(c -> {
            fence(c);
            return work.on(c);
        });
    }

    /** Without a look at the lease: who has lost it learns so when it writes. */
    @Override
    public <T> T read(SqlWork<T> work) {
        return plain.in(work);
    }

    private void fence(Connection c) throws SQLException {
        boolean ours = Sql.first(
                        c,
                        row -> true,
                        "select set_config('idle_in_transaction_session_timeout', ?, true) from ledger.lease"
                                + " where flow = ? and token = ? and expires_at > clock_timestamp() for key share",
                        Long.toString(lease.time().toMillis()),
                        lease.flow(),
                        lease.token())
                .isPresent();
        if (!ours) throw new LeaseLostException(lease.ended());
    }
}
