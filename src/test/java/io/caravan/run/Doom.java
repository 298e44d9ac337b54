package io.caravan.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
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
                if (open.contains(c)) c.unwrap(PgConnection.class).abort(Runnable::run);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
