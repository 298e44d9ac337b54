package io.caravan.ledger;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** From now on it renews nothing: a renewal that is under way has ended when this returns. */
    void pause() {
        synchronized (open) {
            paused = true;
        }
    }

    /** Cuts its connections; the server has noticed it when this returns. */
    void die() throws SQLException {
        List<Integer> backends = new ArrayList<>();
        for (Connection c : open) {
            backends.add(c.unwrap(PgConnection.class).getBackendPID());
            c.unwrap(PgConnection.class).abort(Runnable::run);
        }
        Await.until("the server has dropped them", Duration.ofSeconds(30), () -> gone(backends));
    }

    private boolean gone(List<Integer> backends) {
        try (Connection c = database.getConnection();
                PreparedStatement asked = c.prepareStatement("select 1 from pg_stat_activity where pid = any(?)")) {
            asked.setArray(1, c.createArrayOf("int4", backends.toArray()));
            return !asked.executeQuery().next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
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
            Object result = invoke(c, method, arguments);
            return result instanceof PreparedStatement renewal && renews((String) arguments[0])
                    ? renewal(renewal)
                    : result;
        });
    }

    private PreparedStatement renewal(PreparedStatement statement) {
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            if (!method.getName().startsWith("execute")) return invoke(statement, method, arguments);
            synchronized (open) {
                if (paused) throw new SQLException("a paused process says nothing", "XX000");
                return invoke(statement, method, arguments);
            }
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
