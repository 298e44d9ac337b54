package io.caravan.run;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/** A database at which something happens once, before the first statement that begins so, on the thread that asks. */
final class Before {

    private final DataSource database;
    private final String beginning;
    private final Runnable event;
    private final AtomicBoolean happened = new AtomicBoolean();

    Before(DataSource database, String beginning, Runnable event) {
        this.database = database;
        this.beginning = beginning;
        this.event = event;
    }

    boolean happened() {
        return happened.get();
    }

    DataSource database() {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = invoke(database, method, arguments);
            return result instanceof Connection c ? connection(c) : result;
        });
    }

    private Connection connection(Connection c) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            boolean asked = method.getName().equals("prepareStatement")
                    && arguments[0].toString().startsWith(beginning);
            if (asked && happened.compareAndSet(false, true)) event.run();
            return invoke(c, method, arguments);
        });
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
