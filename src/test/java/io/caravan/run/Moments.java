package io.caravan.run;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * The moments of a run at which something can happen to it: each statement to its ledger, and what a test adds ({@link
 * #pass}). At one of them it does what the test says, on the run's own thread. What it asks of its ledger from then on can
 * be withheld, as from a process that is paused or cut off.
 */
final class Moments {

    private final DataSource database;
    private final int at;
    private final Runnable event;
    private final AtomicInteger passed = new AtomicInteger();
    private volatile String where = "";
    private volatile Throwable failure;
    private volatile boolean begun;
    private volatile boolean renewsNothing;
    private volatile boolean cutOff;

    /** {@code at}: the moment of the event, from 1. */
    Moments(DataSource database, int at, Runnable event) {
        this.database = database;
        this.at = at;
        this.event = event;
    }

    /** A moment has come; those before the run has its lease and after it gave it back do not count. */
    void pass(String what) {
        if (!begun || passed.incrementAndGet() != at) return;
        where = at + ", " + what;
        try {
            event.run();
        } catch (RuntimeException | Error e) { // the run would take it for its own failure
            failure = e;
        }
    }

    /** Throws what the event threw. */
    void rethrow() {
        if (failure instanceof Error e) throw e;
        if (failure instanceof RuntimeException e) throw e;
    }

    /** Which moment it was, for people. */
    String where() {
        return where;
    }

    /** Whether the event took place. */
    boolean happened() {
        return passed.get() >= at;
    }

    /** From now on the heartbeat does not reach the ledger. */
    void renewNothing() {
        renewsNothing = true;
    }

    /** From now on nothing reaches the ledger. */
    void cutOff() {
        cutOff = true;
    }

    DataSource database() {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            if (cutOff) throw away();
            Object result = invoke(database, method, arguments);
            return result instanceof Connection c ? connection(c) : result;
        });
    }

    private Connection connection(Connection c) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("prepareStatement")) {
                String sql = (String) arguments[0];
                boolean heartbeat = sql.startsWith("update ledger.lease set expires_at");
                if (cutOff || heartbeat && renewsNothing) throw away();
                // the heartbeat comes when it likes: the moments of a run are the same each time without it
                if (!Thread.currentThread().getName().equals("caravan-lease")) pass(sql);
                if (cutOff) throw away();
                if (sql.startsWith("update ledger.lease set token")) begun = true;
                if (sql.startsWith("update ledger.lease set expires_at = clock_timestamp() where")) begun = false;
            }
            if (cutOff && method.getName().equals("commit")) throw away();
            return invoke(c, method, arguments);
        });
    }

    private static SQLException away() {
        return new SQLException("the ledger is out of reach", "08006");
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
