package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to run one pipeline for a while, renewed every third of its time. Taking it raises the fencing token.
 *
 * <p>It ends when it expires, or at once when the connection that holds it ends: each holder keeps an advisory lock of
 * its own token, so a crashed process does not make the next run wait, and a paused one is waited for only until its
 * lease expires.
 */
public final class Lease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    /** First half of our advisory locks, so that they meet nobody else's in a shared database. */
    private static final int NAMESPACE = 0x43410000;

    private final Connection connection;
    private final short flow;
    private final long token;
    private final Duration time;
    private final ScheduledExecutorService heartbeat;
    private volatile long heldUntilNanos;

    private Lease(Connection connection, short flow, long token, Duration time, long takenNanos) {
        this.connection = connection;
        this.flow = flow;
        this.token = token;
        this.time = time;
        this.heldUntilNanos = takenNanos + time.toNanos();
        this.heartbeat = Executors.newSingleThreadScheduledExecutor(r -> {
            Thread t = new Thread(r, "caravan-lease");
            t.setDaemon(true);
            return t;
        });
        long every = Math.max(1, time.toMillis() / 3);
        heartbeat.scheduleAtFixedRate(this::renew, every, every, TimeUnit.MILLISECONDS);
    }

    /**
     * Takes the lease of a flow.
     *
     * <ul>
     *   <li>holder: who, for the message others get: host, process, run
     *   <li>errors: {@link LeaseHeldException} when somebody else holds it
     * </ul>
     */
    @SuppressWarnings("MustBeClosedChecker") // the connection lives as long as the lease
    public static Lease acquire(DataSource ledger, Flow flow, String holder, Duration time) {
        long now = System.nanoTime();
        try {
            Connection c = ledger.getConnection();
            try {
                c.setAutoCommit(false);
                long token = take(c, flow, holder, time);
                c.commit();
                c.setAutoCommit(true);
                // a renewal that takes longer than the lease lasts is of no use to anybody
                int limit = c.getNetworkTimeout();
                if (limit == 0 || limit > time.toMillis()) {
                    c.setNetworkTimeout(Runnable::run, (int) Math.max(1, time.toMillis()));
                }
                return new Lease(c, flow.id(), token, time, now);
            } catch (SQLException | RuntimeException | Error e) {
                giveBack(c, e);
                throw e;
            }
        } catch (SQLException e) {
            throw Sql.translated(e);
        }
    }

    public short flow() {
        return flow;
    }

    public long token() {
        return token;
    }

    Duration time() {
        return time;
    }

    /** Whether, by all this machine knows, the lease cannot have ended yet; asked before a sink is written. */
    public boolean held() {
        return heldUntilNanos - System.nanoTime() > 0;
    }

    /** Throws {@link LeaseLostException} unless it is {@link #held()}. */
    public void mustBeHeld() {
        if (!held()) throw new LeaseLostException(ended());
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
        synchronized (connection) {
            try (connection) {
                Sql.update(
                        connection,
                        "update ledger.lease set expires_at = clock_timestamp() where flow = ? and token = ?",
                        flow,
                        token);
                Sql.first(connection, row -> row.getBoolean(1), "select pg_advisory_unlock(?, ?)", space(flow), (int)
                        token);
            } catch (SQLException e) {
                LOG.warn("lease of flow {} was not given back, it ends by itself: {}", flow, e.getMessage());
            }
        }
    }

    private record Holder(long token, String name, boolean live, long secondsLeft) {}

    private static long take(Connection c, Flow flow, String holder, Duration time) throws SQLException {
        Sql.update(
                c, "insert into ledger.lease values (?, 0, '', clock_timestamp()) on conflict do nothing", flow.id());
        Optional<Holder> before = Sql.first(
                c,
                r -> new Holder(r.getLong(1), r.getString(2), r.getBoolean(3), r.getLong(4)),
                "select token, holder, expires_at > clock_timestamp(),"
                        + " ceil(extract(epoch from expires_at - clock_timestamp()))"
                        + " from ledger.lease where flow = ? for update",
                flow.id());
        Holder last = before.orElseThrow();
        if (last.live() && !gone(c, flow, last.token())) {
            throw new LeaseHeldException(flow.name() + ": the lease is held by " + last.name() + " for "
                    + last.secondsLeft() + " s more unless renewed; wait for that run to end, then run again");
        }
        long token = last.token() + 1;
        Sql.update(
                c,
                "update ledger.lease set token = ?, holder = ?,"
                        + " expires_at = clock_timestamp() + ? * interval '1 millisecond' where flow = ?",
                token,
                holder,
                time.toMillis(),
                flow.id());
        Sql.first(c, r -> true, "select pg_advisory_lock(?, ?)", space(flow.id()), (int) token);
        return token;
    }

    private static boolean gone(Connection c, Flow flow, long token) throws SQLException {
        return Sql.first(c, r -> r.getBoolean(1), "select pg_try_advisory_xact_lock(?, ?)", space(flow.id()), (int)
                        token)
                .orElse(false);
    }

    private static void giveBack(Connection c, Throwable cause) {
        try (c) {
            c.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static int space(short flow) {
        return NAMESPACE | (flow & 0xffff);
    }

    private void renew() {
        long now = System.nanoTime();
        synchronized (connection) {
            try {
                int renewed = Sql.update(
                        connection,
                        "update ledger.lease set expires_at = clock_timestamp() + ? * interval '1 millisecond'"
                                + " where flow = ? and token = ? and expires_at > clock_timestamp()",
                        time.toMillis(),
                        flow,
                        token);
                heldUntilNanos = renewed == 1 ? now + time.toNanos() : now;
            } catch (SQLException e) {
                LOG.warn("lease of flow {} was not renewed: {}", flow, e.getMessage());
                if (Sql.disconnected(e))
                    heldUntilNanos = now; // the lock went with the connection: anybody may take over
            }
        }
    }
}
