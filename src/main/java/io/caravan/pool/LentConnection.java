package io.caravan.pool;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicBoolean;

/** A connection that tells once, when it is closed or aborted, that it is free again. */
final class LentConnection implements InvocationHandler {

    private final Connection connection;
    private final Runnable back;
    private final AtomicBoolean given = new AtomicBoolean();

    private LentConnection(Connection connection, Runnable back) {
        this.connection = connection;
        this.back = back;
    }

    static Connection of(Connection connection, Runnable back) {
        return (Connection) Proxy.newProxyInstance(
                LentConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new LentConnection(connection, back));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        if (name.equals("equals")) return proxy == arguments[0];
        boolean ends = name.equals("close") || name.equals("abort");
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            if (ends && given.compareAndSet(false, true)) back.run();
        }
    }
}
