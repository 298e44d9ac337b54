package io.caravan.endpoint;

import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.impl.DefaultCamelContext;

/** One Camel context for all tests that use a connector without a route; it ends with their JVM. */
public final class TestContext {

    private static final CamelContext SHARED = started();

    private TestContext() {}

    /** The connector, told of the context as a route would. */
    public static <T> T knownTo(T connector) {
        CamelContextAware.trySetCamelContext(connector, SHARED);
        return connector;
    }

    public static CamelContext get() {
        return SHARED;
    }

    private static CamelContext started() {
        DefaultCamelContext context = new DefaultCamelContext();
        context.start();
        Runtime.getRuntime().addShutdownHook(new Thread(context::stop));
        return context;
    }
}
