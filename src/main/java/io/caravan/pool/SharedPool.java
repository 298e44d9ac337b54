package io.caravan.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/** The one pool that a process has for a place. It is there from the first who joins until the last has left. */
final class SharedPool {

    /** Of the whole process: contexts of Camel come and go in it, and commands ask the same database beside them. */
    private static final Map<Place, SharedPool> OPEN = new HashMap<>();

    private static int most = DatabasePool.MOST;

    private final Place place;
    private final int size;
    private final HikariDataSource pool;
    /** Fair, and apart from the pool's own queue: waiting for others is not waiting for a server that is away. */
    private final Semaphore turns;
    /** What each physical connection was last. */
    private final Map<PGConnection, Session> sessions = Collections.synchronizedMap(new WeakHashMap<>());

    /** Guarded by the class. */
    private int users;

    private SharedPool(Place place, int connectMillis, int answerMillis) {
        this.place = place;
        this.size = most;
        this.turns = new Semaphore(size, true);
        HikariConfig config = new HikariConfig();
        config.setPoolName("caravan-" + place.url().replaceAll(".*/|\\?.*", ""));
        config.setDataSource(place.direct("caravan", connectMillis, answerMillis));
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        // what a burst took goes back to the server soon: others need its connections too
        config.setIdleTimeout(30_000);
        config.setConnectionTimeout(connectMillis);
        config.setValidationTimeout(connectMillis);
        config.setInitializationFailTimeout(-1);
        this.pool = new HikariDataSource(config);
    }

    static void most(int connections) {
        synchronized (SharedPool.class) {
            most = connections;
        }
    }

    static SharedPool join(Place place, int connectMillis, int answerMillis) {
        synchronized (SharedPool.class) {
            SharedPool shared = OPEN.computeIfAbsent(place, p -> new SharedPool(p, connectMillis, answerMillis));
            if (connectMillis < shared.pool.getConnectionTimeout()) shared.pool.setConnectionTimeout(connectMillis);
            shared.users++;
            return shared;
        }
    }

    void leave() {
        synchronized (SharedPool.class) {
            if (--users > 0) return;
            OPEN.remove(place);
        }
        pool.close();
    }

    int lent() {
        return size - turns.availablePermits();
    }

    Connection take(Session session) throws SQLException {
        turn(session);
        try {
            return LentConnection.of(begun(session), turns::release);
        } catch (SQLException | RuntimeException | Error e) {
            turns.release();
            throw e;
        }
    }

    private void turn(Session session) throws SQLException {
        try {
            if (turns.tryAcquire(session.timeoutMillis(), TimeUnit.MILLISECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted while waiting for a connection", "08001", e);
        }
        throw new SQLTransientConnectionException(
                "none of the " + size + " connections of this process became free within " + session.timeoutMillis()
                        + " ms; look for what holds them there, or raise '" + DatabasePool.SETTING + "'",
                "53300");
    }

    @SuppressWarnings("MustBeClosedChecker") // closed by who takes it
    private Connection begun(Session session) throws SQLException {
        Connection c = pool.getConnection();
        try {
            c.setNetworkTimeout(Runnable::run, session.timeoutMillis());
            PGConnection physical = c.unwrap(PGConnection.class);
            if (!session.equals(sessions.get(physical))) {
                sessions.remove(physical);
                session.begin(c);
                sessions.put(physical, session);
            }
            return c;
        } catch (SQLException | RuntimeException | Error e) {
            c.close();
            throw e;
        }
    }
}
