package io.caravan.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * The signals of the operating system. Java has them in {@code sun.misc.Signal} alone, which compilers warn of; a Java
 * without it does with a signal what it always does.
 */
final class OsSignal {

    /** Told of a signal, in a thread of its own. */
    interface Listener {
        void told(String name, int number);
    }

    private OsSignal() {}

    /** Tells of this signal instead of ending the process; one that the process was started to ignore stays ignored. */
    static void listen(String name, Listener listener) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object asked = signal.getConstructor(String.class).newInstance(name);
            int number = (int) signal.getMethod("getNumber").invoke(asked);
            InvocationHandler tell = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    listener.told("SIG" + name, number);
                    return null;
                }
                return method.invoke(listener, arguments);
            };
            Object told = Proxy.newProxyInstance(OsSignal.class.getClassLoader(), new Class<?>[] {handler}, tell);
            signal.getMethod("handle", signal, handler).invoke(null, asked, told);
        } catch (InvocationTargetException e) {
            // refused, as with -Xrs
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
