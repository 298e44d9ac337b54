package io.caravan.run;

import io.caravan.ledger.Await;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.jdbc.PgConnection;

/**
 * A process that may die at any durable step: before or after each commit, or where a test says so. When it dies, its
 * connections are cut, and from then on every call to its database fails.
 */
final class Doom {

    /** The process is dead: nothing of it goes on. */
    static final class CrashError extends Error {
        private static final long serialVersionUID = 1L;

        CrashError() {
            super("the process died", null, false, false);
        }
    }

    static final int NEVER = Integer.MAX_VALUE;

    /** What was asked of the database. */
    final List<String> statements = Collections.synchronizedList(new ArrayList<>());

    private final DataSource database;
    private final int at;
    private final AtomicInteger steps = new AtomicInteger();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Set<Integer> cut = ConcurrentHashMap.newKeySet();
    private volatile boolean dead;

    /** {@code at}: the step it dies at, from 1. */
    Doom(DataSource database, int at) {
        this.database = database;
        this.at = at;
    }

    /** A durable step was made. */
    void step() {
        if (dead) throw new CrashError();
        if (steps.incrementAndGet() >= at) die();
    }

    void die() {
        dead = true;
        open.forEach(this::cut);
        throw new CrashError();
    }

    boolean dead() {
        return dead;
    }

    /** Waits until the server has done with the connections that were cut: a commit that was under way may come through. */
    void settled() {
        if (cut.isEmpty()) return;
        Await.until("the server has done with the dead", Duration.ofSeconds(10), () -> {
            try (Connection c = database.getConnection();
                    PreparedStatement alive =
                            c.prepareStatement("select 1 from pg_stat_activity where pid = any(?) limit 1")) {
                alive.setArray(1, c.createArrayOf("int4", cut.toArray()));
                return !alive.executeQuery().next();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Connections that were taken and not given back. */
    int openConnections() {
        return open.size();
    }

    /** The database as this process sees it. */
    DataSource database() {
        return (DataSource) Proxy.newProxyInstance(
                Doom.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (dead) throw new CrashError();
                    Object result = invoke(database, method, arguments);
                    return result instanceof Connection c ? connection(c) : result;
                });
    }

    private Connection connection(Connection c) {
        open.add(c);
        if (dead) cut(c);
        return (Connection) Proxy.newProxyInstance(
                Doom.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) return close(c);
                    if (method.getName().equals("commit")) step();
                    if (method.getName().equals("prepareStatement")) statements.add((String) arguments[0]);
                    Object result = invoke(c, method, arguments);
                    if (method.getName().equals("commit")) step();
                    return result;
                });
    }

    /** Once given back, a connection may belong to the next process. */
    private Object close(Connection c) throws SQLException {
        synchronized (c) {
            open.remove(c);
            c.close();
        }
        return null;
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void cut(Connection c) {
        synchronized (c) {
            try {
                if (!open.contains(c)) return;
                PgConnection connection = c.unwrap(PgConnection.class);
                cut.add(connection.getBackendPID());
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
