package io.caravan.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.caravan.error.Mask;
import io.caravan.error.Words;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands each event to another appender without the secrets of this process: its message, what it holds, and all exceptions. To a
 * console below DEBUG an exception is a sentence, not a stack trace. */
final class MaskedAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    private final Appender<ILoggingEvent> target;

    MaskedAppender(Appender<ILoggingEvent> target) {
        this.target = target;
        setName(target.getName());
    }

    @Override
    protected void append(ILoggingEvent event) {
        String message = event.getFormattedMessage();
        boolean trace = event.getThrowableProxy() != null && traced();
        String masked = masked(trace ? message : sentence(message, event.getThrowableProxy()));
        boolean plain = event.getThrowableProxy() == null
                && event.getMDCPropertyMap().isEmpty()
                && (message == null || message.equals(masked));
        target.doAppend(plain ? event : masked(event, masked, trace));
    }

    @Override
    public void stop() {
        target.stop();
        super.stop();
    }

    /** On a screen a sentence says more than where in the code it was: that is for who asks for everything. */
    private boolean traced() {
        return !(target instanceof ConsoleAppender) || LOG.isDebugEnabled();
    }

    private static String sentence(String message, IThrowableProxy thrown) {
        if (!(thrown instanceof ThrowableProxy proxy)) return message;
        String why = Words.of(proxy.getThrowable());
        return message.contains(why) ? message : message + ": " + why;
    }

    private static ILoggingEvent masked(ILoggingEvent event, String message, boolean trace) {
        return proxy(ILoggingEvent.class, event, (method, said) -> switch (method) {
            case "getMessage", "getFormattedMessage" -> message;
            case "getArgumentArray", "getKeyValuePairs" -> null;
            case "getThrowableProxy" -> trace ? masked((IThrowableProxy) said) : null;
            case "getMDCPropertyMap", "getMdc" ->
                ((Map<?, ?>) said)
                        .entrySet().stream()
                                .collect(
                                        Collectors.toMap(Map.Entry::getKey, e -> masked(String.valueOf(e.getValue()))));
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
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> {
                    try {
                        return change.apply(method.getName(), method.invoke(target, values));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
