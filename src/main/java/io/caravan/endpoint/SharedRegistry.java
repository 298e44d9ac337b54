package io.caravan.endpoint;

import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.SimpleRegistry;

/**
 * Lets clients be bound while other threads resolve endpoints. Camel's own is a plain map that contexts fill before they start
 * (SimpleRegistry 4.17); a pipeline that starts later makes its clients while the others run.
 */
final class SharedRegistry extends SimpleRegistry {

    private static final long serialVersionUID = 1L;

    private SharedRegistry(Map<String, Map<Class<?>, Object>> beans) {
        super.putAll(beans);
    }

    /** Takes the place of the context's map, with all that is in it; a registry of the user's own stays. */
    static void in(CamelContext context) {
        DefaultRegistry registry = context.getRegistry(DefaultRegistry.class);
        if (registry != null && registry.getFallbackRegistry() instanceof SimpleRegistry plain) {
            registry.setFallbackRegistry(new SharedRegistry(plain));
        }
    }

    @Override
    public synchronized <T> T lookupByNameAndType(String name, Class<T> type) {
        return super.lookupByNameAndType(name, type);
    }

    @Override
    public synchronized <T> Map<String, T> findByTypeWithName(Class<T> type) {
        return super.findByTypeWithName(type);
    }

    @Override
    public synchronized <T> Set<T> findByType(Class<T> type) {
        return super.findByType(type);
    }

    @Override
    public synchronized void bind(String id, Class<?> type, Object bean) {
        super.bind(id, type, bean);
    }

    @Override
    public synchronized void unbind(String id) {
        super.unbind(id);
    }

    @Override
    public synchronized void clear() {
        super.clear();
    }
}
