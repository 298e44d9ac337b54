package io.caravan.run;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;

/** What the wiring says of a chain: the pipelines that its route calls by {@code pipeline-action}. */
final class ChainModel {

    static final String ACTION = "pipeline-action";
    private static final String PIPELINE = "pipeline";

    private ChainModel() {}

    /** In their order; none for a route that is no chain. */
    static List<String> phases(CamelContext context, RouteDefinition route) {
        List<String> phases = new ArrayList<>();
        if (Boolean.TRUE.equals(route.isKamelet())) return phases;
        collect(new BlockCalls(context), RouteBlock.of(context, route).children(), phases);
        return phases;
    }

    private static void collect(BlockCalls calls, List<RouteBlock> blocks, List<String> phases) {
        for (RouteBlock block : blocks) {
            calls.kamelet(block)
                    .filter(call -> call.name().equals(ACTION))
                    .flatMap(call -> call.value(PIPELINE))
                    .ifPresent(phases::add);
            collect(calls, block.children(), phases);
        }
    }
}
