package io.caravan.run;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** What was read of definitions that do not change any more, for every run of a context; gone with the definition. */
final class ReadOnce {

    private final Map<Object, Object> read = Collections.synchronizedMap(new WeakHashMap<>());

    private ReadOnce() {}

    static ReadOnce of(CamelContext context) {
        ReadOnce once = context.getCamelContextExtension().getContextPlugin(ReadOnce.class);
        if (once != null) return once;
        once = new ReadOnce();
        context.getCamelContextExtension().addContextPlugin(ReadOnce.class, once);
        return once;
    }

    /** {@code definition} counts by identity, as Camel's do; the value must not hold it. */
    @SuppressWarnings("unchecked") // each kind of definition is read by one reader
    <T> T get(Object definition, Supplier<T> reader) {
        Object known = read.get(definition);
        if (known == null) read.put(definition, known = reader.get());
        return (T) known;
    }
}
