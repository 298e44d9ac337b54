package io.caravan.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.caravan.error.Mask;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Hands each event to another appender without the secrets of this process: its message, what it holds, and all exceptions. */
final class MaskedAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

    private final Appender<ILoggingEvent> target;

    MaskedAppender(Appender<ILoggingEvent> target) {
        this.target = target;
        setName(target.getName());
    }

    @Override
    protected void append(ILoggingEvent event) {
        String message = event.getFormattedMessage();
        String masked = masked(message);
        boolean plain = event.getThrowableProxy() == null
                && event.getMDCPropertyMap().isEmpty()
                && (message == null || message.equals(masked));
        target.doAppend(plain ? event : masked(event, masked));
    }

    @Override
    public void stop() {
        target.stop();
        super.stop();
    }

    private static ILoggingEvent masked(ILoggingEvent event, String message) {
        return proxy(ILoggingEvent.class, event, (method, said) -> switch (method) {
            case "getMessage", "getFormattedMessage" -> message;
            case "getArgumentArray", "getKeyValuePairs" -> null;
            case "getThrowableProxy" -> masked((IThrowableProxy) said);
            case "getMDCPropertyMap", "getMdc" ->
                ((Map<?, ?>) said)
                        .entrySet().stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, e -> masked(String.valueOf(e.getValue()))));
            default -> said;
        });
    }

    private static IThrowableProxy masked(IThrowableProxy thrown) {
        if (thrown == null) return null;
        return proxy(IThrowableProxy.class, thrown, (method, said) -> switch (method) {
            case "getMessage" -> masked((String) said);
            case "getCause" -> masked((IThrowableProxy) said);
            case "getSuppressed" ->
                Arrays.stream((IThrowableProxy[]) said)
                        .map(MaskedAppender::masked)
                        .toArray(IThrowableProxy[]::new);
            default -> said;
        });
    }

    private static String masked(String text) {
        return text == null ? null : Mask.ofProcess().sentence(text);
    }

    /** The same, of which {@code change} makes the answers others, by the names of its methods. */
    private static <T> T proxy(Class<T> type, T target, BiFunction<String, Object, Object> change) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> {
            try {
                return change.apply(method.getName(), method.invoke(target, values));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
