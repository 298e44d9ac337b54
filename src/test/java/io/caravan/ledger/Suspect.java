package io.caravan.ledger;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.postgresql.jdbc.PgConnection;

/** A process as its database knows it: it may be paused, so that it renews no lease, or die, so that its connections are cut. */
final class Suspect {

    private final DataSource database;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean paused;

    Suspect(DataSource database) {
        this.database = database;
    }

    void pause() {
        paused = true;
    }

    void die() throws SQLException {
        for (Connection c : open) c.unwrap(PgConnection.class).abort(Runnable::run);
    }

    int openConnections() {
        return open.size();
    }

    DataSource database() {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = invoke(database, method, arguments);
            return result instanceof Connection c ? connection(c) : result;
        });
    }

    private Connection connection(Connection c) {
        open.add(c);
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("close")) open.remove(c);
            if (paused && method.getName().equals("prepareStatement") && renews((String) arguments[0])) {
                throw new SQLException("a paused process says nothing", "XX000");
            }
            return invoke(c, method, arguments);
        });
    }

    private static boolean renews(String sql) {
        return sql.startsWith("update ledger.lease set expires_at");
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
