package io.caravan.run;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.run.RunReport.Phase;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;

/**
 * Runs a pipeline, or a chain, as a phase of the chain whose route calls this, as the message asks for: the request counts for every
 * phase. When the phase fails the message does; when it is partial the chain goes on or stops, as {@code onPartial} says.
 *
 * <ul>
 *   <li>out: body: the report of the chain so far; variable {@code report}: that of the pipeline that ended last
 *   <li>inside a pipeline it calls the other one as {@code to: direct:<pipeline>} does, and the records stay the body
 * </ul>
 */
public final class RunPhase implements Processor, CamelContextAware {

    private static final String UNIT = ChainModel.ACTION;
    private static final String PATH = "chainPath";
    private static final String STOP = "stop";

    private final String pipeline;
    private final boolean stopsOnPartial;
    private CamelContext context;
    private ProducerTemplate template;

    public RunPhase(String pipeline, String onPartial) {
        new SettingChecks(UNIT)
                .notBlank("pipeline", pipeline)
                .must(List.of(STOP, "continue").contains(onPartial), "onPartial", "be stop or continue", onPartial)
                .check();
        this.pipeline = pipeline;
        this.stopsOnPartial = onPartial.equals(STOP);
    }

    @Override
    public void process(Exchange exchange) {
        setCamelContext(exchange.getContext());
        if (RunScope.isOn(exchange)) template.send("direct:" + pipeline, exchange);
        else phase(exchange, chain(exchange));
    }

    private static Chain chain(Exchange exchange) {
        return Chain.of(exchange)
                .orElseThrow(() -> new ConfigurationException(
                        UNIT + ": it must stand in a route of its own, got a message that no chain's route has begun"));
    }

    private void phase(Exchange exchange, Chain chain) {
        List<String> path = path(exchange, chain);
        try {
            mustBe(path, chain);
        } catch (ConfigurationException e) {
            chain.ended(Phase.notBegun(pipeline, e));
            throw e;
        }
        int before = chain.phases();
        exchange.setVariable(
                PATH, Stream.concat(path.stream(), Stream.of(pipeline)).toList());
        template.send("direct:" + pipeline, exchange);
        exchange.setVariable(PATH, path);
        Exception failure = exchange.getException();
        if (failure != null && !(failure instanceof RunFailedException) && chain.phases() == before)
            chain.ended(Phase.notBegun(pipeline, failure));
        if (chain.onlyLooks()) exchange.setException(null); // its report says it, and the next phases have their own
        // a chain that is the phase of another stops itself alone
        boolean stops = stopsOnPartial && !chain.onlyLooks() && chain.stopsSince(before);
        exchange.setRouteStop(stops);
        exchange.getMessage().setBody(chain.report());
    }

    @SuppressWarnings("unchecked") // set here alone
    private static List<String> path(Exchange exchange, Chain chain) {
        List<String> path = exchange.getVariable(PATH, List.class);
        return path == null ? List.of(chain.name()) : path;
    }

    private void mustBe(List<String> path, Chain chain) {
        if (chain.hasRun(pipeline)) {
            throw new ConfigurationException(SettingChecks.sentence(
                    UNIT, "pipeline", "run no pipeline that " + chain.name() + " has run before it", pipeline));
        }
        if (path.contains(pipeline)) {
            throw new ConfigurationException(SettingChecks.sentence(
                    UNIT,
                    "pipeline",
                    "not lead to itself: " + String.join(" -> ", path) + " -> " + pipeline,
                    pipeline));
        }
        List<String> known = PipelineModel.callable(context);
        if (known.contains(pipeline)) return;
        throw new ConfigurationException(
                SettingChecks.sentence(UNIT, "pipeline", "be one of " + String.join(", ", known), pipeline)
                        + Nearest.hint(pipeline, known));
    }

    @Override
    public synchronized void setCamelContext(CamelContext camelContext) {
        if (context == camelContext) return;
        context = camelContext;
        template = camelContext.createProducerTemplate();
    }

    @Override
    public synchronized CamelContext getCamelContext() {
        return context;
    }
}
