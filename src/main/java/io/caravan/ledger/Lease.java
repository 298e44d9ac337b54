package io.caravan.ledger;

import io.caravan.pool.OwnConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to run one pipeline, or what has one key, for a while, renewed every third of its time. Taking it raises the fencing token.
 *
 * <p>It ends when it is given back or expires, and at once when its holder's process has provably ended. A connection that
 * is cut proves nothing: the holder opens another, and whoever waits for the lease waits until it has expired. Beside the
 * row the connection holds an advisory lock of the token, by which others see whether the holder is still connected.
 */
public final class Lease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private final DataSource ledger;
    private final LeaseRow row;
    private final long token;
    private final LeaseTerms terms;
    private final ScheduledExecutorService heartbeat;
    private final Object lock = new Object();

    /** Guarded by the lock, as are the methods that use it. */
    private Connection connection;
    /** Guarded by the lock: a heartbeat that waited for it meanwhile must not open another connection. */
    private boolean closed;

    private volatile long heldUntilNanos;

    private Lease(DataSource ledger, LeaseRow row, long token, LeaseTerms terms, long takenNanos) {
        this.ledger = ledger;
        this.row = row;
        this.token = token;
        this.terms = terms;
        this.heldUntilNanos = takenNanos + terms.time().toNanos();
        this.heartbeat = Executors.newSingleThreadScheduledExecutor(r -> {
            Thread t = new Thread(r, "caravan-lease");
            t.setDaemon(true);
            return t;
        });
    }

    /** Takes the lease of a flow from a holder that is gone, or nobody; see {@link #acquire(DataSource, Flow, LeaseTerms)}. */
    public static Lease acquire(DataSource ledger, Flow flow, String holder, Duration time) {
        return acquire(ledger, flow, LeaseTerms.of(holder, time));
    }

    /**
     * Takes the lease of a flow, as patiently as the terms say.
     *
     * <ul>
     *   <li>errors: {@link LeaseHeldException} when somebody else holds it
     * </ul>
     */
    public static Lease acquire(DataSource ledger, Flow flow, LeaseTerms terms) {
        return acquire(ledger, LeaseRow.of(flow), terms);
    }

    /** The same of a key that runs of jobs have in common; {@code name}: who asks. */
    public static Lease acquire(DataSource ledger, String key, String name, LeaseTerms terms) {
        return acquire(ledger, LeaseRow.of(key, name), terms);
    }

    private static Lease acquire(DataSource ledger, LeaseRow row, LeaseTerms terms) {
        try {
            long now = terms.nanos().getAsLong();
            TakeLease.Taken taken = new TakeLease(ledger, row, terms).take();
            Lease lease = new Lease(
                    ledger, row, taken.token(), terms, now + taken.waited().toNanos());
            lease.begin();
            return lease;
        } catch (SQLException e) {
            throw Sql.translated(e);
        }
    }

    private void begin() {
        try {
            if (!confirmed()) throw new LeaseLostException(ended());
            long every = Math.max(1, terms.time().toMillis() / 3);
            heartbeat.scheduleAtFixedRate(this::renew, every, every, TimeUnit.MILLISECONDS);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** The pipeline that it is of. */
    public short flow() {
        return (Short) row.id();
    }

    public long token() {
        return token;
    }

    /** Who holds it, for others on this machine. */
    public ProcessId process() {
        return terms.process();
    }

    Duration time() {
        return terms.time();
    }

    /** Whether, by all this machine knows, the lease cannot have ended yet; asked before a sink is written. */
    public boolean held() {
        return heldUntilNanos - terms.nanos().getAsLong() > 0;
    }

    /** Throws {@link LeaseLostException} unless it is {@link #held()}. */
    public void mustBeHeld() {
        if (!held()) throw new LeaseLostException(ended());
    }

    /** Whether the ledger says so too; one that cannot be asked says nothing. Asked after a sink was written. */
    public boolean confirmed() {
        if (!held()) return false;
        synchronized (lock) {
            try {
                if (closed || !ours()) heldUntilNanos = terms.nanos().getAsLong();
            } catch (SQLException e) {
                LOG.warn("lease of {} was not confirmed: {}", row.name(), e.getMessage());
            }
        }
        return held();
    }

    private boolean ours() throws SQLException {
        boolean first = connection == null;
        try {
            return Sql.first(
                            connected(),
                            row -> true,
                            "select 1 from " + row.table() + " where " + row.column()
                                    + " = ? and token = ? and expires_at > clock_timestamp()",
                            row.id(),
                            token)
                    .isPresent();
        } catch (SQLException e) {
            disconnect(e);
            if (first || connection != null) throw e;
            return ours(); // the connection was cut: the ledger may well be there
        }
    }

    /** What somebody is told who would write after it. */
    String ended() {
        return "ledger: the lease of this run (token " + token
                + ") has ended and another run may have taken over; nothing more is written, run again";
    }

    /** Gives the lease back; another run may start at once. */
    @Override
    public void close() {
        heartbeat.shutdownNow();
        synchronized (lock) {
            closed = true;
            heldUntilNanos = terms.nanos().getAsLong(); // who still has it writes nothing more
            try {
                Connection last = connected();
                Sql.update(
                        last,
                        "update " + row.table() + " set expires_at = clock_timestamp() where " + row.column()
                                + " = ? and token = ?",
                        row.id(),
                        token);
                Sql.first(last, row -> row.getBoolean(1), "select pg_advisory_unlock(?, ?)", row.space(), (int) token);
                last.close();
            } catch (SQLException e) {
                LOG.warn("lease of {} was not given back, it ends by itself: {}", row.name(), e.getMessage());
                drop(e);
            }
            connection = null;
        }
        awaitTheHeart();
    }

    /** A heartbeat that does not wait for the ledger itself ends with the lease, and leaves no thread behind. */
    private void awaitTheHeart() {
        try {
            heartbeat.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew() {
        long now = terms.nanos().getAsLong();
        synchronized (lock) {
            if (closed) return;
            try {
                int renewed = Sql.update(
                        connected(),
                        "update " + row.table() + " set expires_at = clock_timestamp() + ? * interval '1 millisecond',"
                                + " renewed_at = clock_timestamp()"
                                + " where " + row.column() + " = ? and token = ? and expires_at > clock_timestamp()",
                        terms.time().toMillis(),
                        row.id(),
                        token);
                heldUntilNanos = renewed == 1 ? now + terms.time().toNanos() : now;
            } catch (SQLException e) {
                LOG.warn("lease of {} was not renewed: {}", row.name(), e.getMessage());
                disconnect(e);
            } catch (RuntimeException | Error e) {
                LOG.error("lease of {} was not renewed", row.name(), e); // thrown on, it would end the heartbeat
            }
        }
    }

    /** Our connection, or a new one when it was cut. */
    @SuppressWarnings("MustBeClosedChecker") // lives as long as the lease
    private Connection connected() throws SQLException {
        if (connection == null) {
            connection = OwnConnections.of(ledger); // runs that wait for a turn must not lose their leases
            // a renewal that takes longer than the lease lasts is of no use to anybody
            int limit = connection.getNetworkTimeout();
            long time = Math.max(1, terms.time().toMillis());
            if (limit == 0 || limit > time) connection.setNetworkTimeout(Runnable::run, (int) time);
            // not waited for: the server may not have seen yet that our last connection is gone
            Sql.first(connection, row -> true, "select pg_try_advisory_lock(?, ?)", row.space(), (int) token);
        }
        return connection;
    }

    private void disconnect(SQLException why) {
        if (!Sql.disconnected(why)) return;
        drop(why);
        connection = null;
    }

    /** Ends it, instead of giving it back to the pool with our lock. */
    private void drop(SQLException why) {
        if (connection == null) return;
        try (Connection cut = connection) {
            cut.abort(Runnable::run);
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }
}
