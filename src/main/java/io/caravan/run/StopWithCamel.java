package io.caravan.run;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Asks what goes on in a Camel context to stop when the context is told to: under the Camel CLI, Camel K or any Main a
 * signal is a shutdown, which would wait for the end of a run until it gives up.
 */
public final class StopWithCamel extends EventNotifierSupport {

    private static final String BY = "the shutdown of Camel";

    private final Set<Progress> going = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private StopWithCamel() {
        setIgnoreExchangeEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
    }

    /** From now on, this run ends with its Camel. */
    public static void watch(CamelContext context, Progress run) {
        of(context).going.add(run);
    }

    private static StopWithCamel of(CamelContext context) {
        synchronized (context.getManagementStrategy()) {
            for (Object notifier : context.getManagementStrategy().getEventNotifiers()) {
                if (notifier instanceof StopWithCamel there) return there;
            }
            StopWithCamel made = new StopWithCamel();
            ServiceHelper.startService(made);
            context.getManagementStrategy().addEventNotifier(made);
            return made;
        }
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event.getType() == CamelEvent.Type.CamelContextStopping;
    }

    @Override
    public void notify(CamelEvent event) {
        List<Progress> now;
        synchronized (going) {
            now = List.copyOf(going);
        }
        now.forEach(run -> run.stop(BY));
    }
}
