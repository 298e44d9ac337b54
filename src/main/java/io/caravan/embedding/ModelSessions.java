package io.caravan.embedding;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;

/** The models that are in memory in this process, each once, however many actions and services use it. */
final class ModelSessions {

    private static final class Used {

        private final Network network;
        private int times;

        Used(Network network) {
            this.network = network;
        }
    }

    private final Map<String, Used> used = new HashMap<>();

    static ModelSessions of(CamelContext context) {
        synchronized (context) {
            ModelSessions known = context.getCamelContextExtension().getContextPlugin(ModelSessions.class);
            if (known != null) return known;
            ModelSessions made = new ModelSessions();
            context.getCamelContextExtension().addContextPlugin(ModelSessions.class, made);
            return made;
        }
    }

    /** The model's network, loaded unless it is; whoever takes it gives it back once. */
    synchronized Network take(String identity, SentenceModel model) {
        Used one = used.computeIfAbsent(identity, i -> new Used(Network.load(model)));
        one.times++;
        return one.network;
    }

    synchronized void giveBack(String identity) {
        Used one = used.get(identity);
        one.times--;
        if (one.times > 0) return;
        used.remove(identity);
        one.network.close();
    }

    synchronized int loaded() {
        return used.size();
    }
}
