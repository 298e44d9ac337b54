package io.caravan.run;

import io.caravan.error.ConfigurationException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.VetoCamelContextStartException;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Names each sink after its step: where a route calls a sink Kamelet without the parameter {@code sink}, the step's id becomes that
 * parameter before Camel builds the route, so the sink itself and the run know it by one name. A step without an id leaves the
 * Kamelet's default. A step that drops records gets its id as {@code name} in the same way. Two sinks of one name in a pipeline keep the context from starting.
 *
 * <p>Camel finds this class by {@code META-INF/services}, in any application that has Caravan on its class path.
 */
public final class NamedSinks implements ContextServicePlugin {

    private static final String SINK = "sink";
    private static final String NAME = "name";
    private static final String KAMELET = "kamelet:";

    @Override
    public void load(CamelContext context) {
        Definitions.routes(context, NamedSinks::name);
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            /** Before the Kamelets' own beans are made. */
            @Override
            public void onContextInitialized(CamelContext initialized) throws VetoCamelContextStartException {
                checkNames(initialized);
            }

            @Override
            public void onContextStarting(CamelContext starting) throws VetoCamelContextStartException {
                check(starting);
            }
        });
    }

    private static void name(CamelContext context, RouteDefinition route) {
        if (Boolean.TRUE.equals(route.isKamelet())) return;
        List<ProcessorDefinition<?>> steps = route.getOutputs();
        ProcessorDefinitionHelper.filterTypeInOutputs(steps, ToDefinition.class)
                .forEach(to -> name(context, to, to.getUri(), to::setUri));
        ProcessorDefinitionHelper.filterTypeInOutputs(steps, KameletDefinition.class)
                .forEach(kamelet -> name(
                        context,
                        kamelet,
                        KAMELET + kamelet.getName(),
                        uri -> kamelet.setName(uri.substring(KAMELET.length()))));
    }

    private static void name(CamelContext context, ProcessorDefinition<?> step, String uri, Consumer<String> set) {
        if (!step.hasCustomIdAssigned()) return;
        KameletCall.of(context, uri)
                .filter(call -> call.hasDefault(parameter(call)) && !call.writes(parameter(call)))
                .ifPresent(call -> set.accept(
                        uri + (uri.contains("?") ? "&" : "?") + parameter(call) + "=RAW(" + step.getId() + ")"));
    }

    private static String parameter(KameletCall call) {
        return call.isSink() ? SINK : call.name().equals(RouteShape.FILTER) ? NAME : "";
    }

    private static Stream<String> calls(RouteDefinition route) {
        if (Boolean.TRUE.equals(route.isKamelet()) || Boolean.TRUE.equals(route.isTemplate())) return Stream.empty();
        List<ProcessorDefinition<?>> steps = route.getOutputs();
        return Stream.of(
                        Stream.of(route.getInput().getUri()),
                        ProcessorDefinitionHelper.filterTypeInOutputs(steps, ToDefinition.class).stream()
                                .map(ToDefinition::getUri),
                        ProcessorDefinitionHelper.filterTypeInOutputs(steps, KameletDefinition.class).stream()
                                .map(kamelet -> KAMELET + kamelet.getName()))
                .flatMap(uris -> uris);
    }

    private static void check(CamelContext context) throws VetoCamelContextStartException {
        try {
            PipelineModel.all(context);
        } catch (ConfigurationException e) {
            throw new VetoCamelContextStartException(e.getMessage(), e, context);
        }
    }

    private static void checkNames(CamelContext context) throws VetoCamelContextStartException {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        if (model == null) return;
        try {
            model.getRouteDefinitions().forEach(route -> calls(route)
                    .flatMap(uri -> KameletCall.of(context, uri).stream())
                    .forEach(KameletCall::mustBeNamable));
        } catch (IllegalArgumentException e) {
            // Camel says which setting there is not
        } catch (ConfigurationException e) {
            throw new VetoCamelContextStartException(e.getMessage(), e, context);
        }
    }
}
