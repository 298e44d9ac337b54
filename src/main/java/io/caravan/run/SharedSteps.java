package io.caravan.run;

import io.caravan.error.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Writes out what Kamelets share. Where the template of one says {@code to: shared:run}, the steps and beans of {@code
 * shared-steps/run.camel.yaml} take that step's place as Camel loads it, and its beans get the settings they ask for
 * ({@link NamedArguments}); a bean that the template has itself wins, and a template that names none stays as it is. A Kamelet in a Kamelet cannot do this in Camel 4.17: beans
 * of the outer one are unknown in the inner, and what the inner source sends ends in the outer (docs/architecture.md).
 *
 * <p>Camel finds this class by {@code META-INF/services}, in any application that has Caravan on its class path.
 */
public final class SharedSteps implements ContextServicePlugin {

    private static final String SHARED = "shared:";

    @Override
    public void load(CamelContext context) {
        Definitions.templates(context, SharedSteps::write);
    }

    private static void write(CamelContext context, RouteTemplateDefinition template) {
        List<ProcessorDefinition<?>> steps = new ArrayList<>();
        List<BeanFactoryDefinition<RouteTemplateDefinition>> beans = new ArrayList<>();
        for (ProcessorDefinition<?> step : template.getRoute().getOutputs()) {
            if (step instanceof ToDefinition to && to.getEndpointUri().startsWith(SHARED)) {
                RouteTemplateDefinition shared =
                        read(context, to.getEndpointUri().substring(SHARED.length()));
                steps.addAll(shared.getRoute().getOutputs());
                if (shared.getTemplateBeans() != null) beans.addAll(shared.getTemplateBeans());
            } else {
                steps.add(step);
            }
        }
        if (steps.equals(template.getRoute().getOutputs())) return;
        if (template.getTemplateBeans() != null) {
            Set<String> own = template.getTemplateBeans().stream()
                    .map(BeanFactoryDefinition::getName)
                    .collect(Collectors.toSet());
            beans.removeIf(bean -> own.contains(bean.getName()));
            beans.addAll(0, template.getTemplateBeans());
        }
        template.setTemplateBeans(beans);
        template.getRoute().setOutputs(steps);
        NamedArguments arguments = NamedArguments.of(context, template);
        beans.forEach(arguments::give);
    }

    private static RouteTemplateDefinition read(CamelContext context, String name) {
        try {
            Resource file =
                    ResourceHelper.resolveMandatoryResource(context, "classpath:shared-steps/" + name + ".camel.yaml");
            for (RoutesBuilder builder : PluginHelper.getRoutesLoader(context).findRoutesBuilders(file)) {
                RouteBuilder read = (RouteBuilder) builder;
                read.setCamelContext(context);
                read.configure();
                return read.getRouteTemplateCollection().getRouteTemplates().get(0);
            }
            throw new IllegalStateException("it holds no route template");
        } catch (Exception e) {
            throw new ConfigurationException("kamelet: to must name a file of classpath:shared-steps, got '" + SHARED
                    + name + "': " + e.getMessage());
        }
    }
}
