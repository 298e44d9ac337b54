package io.caravan.run;

import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Shows each route or template of a context before Camel builds it: those that are there when the context begins to start, and those
 * that come later. A plugin is loaded before there are any.
 */
final class Definitions {

    private Definitions() {}

    static void routes(CamelContext context, BiConsumer<CamelContext, RouteDefinition> look) {
        whenStarting(context, (starting, model) -> {
            model.getRouteDefinitions().forEach(route -> look.accept(starting, route));
            model.addModelLifecycleStrategy(new ModelLifecycleStrategySupport() {
                @Override
                public void onAddRouteDefinition(RouteDefinition route) {
                    look.accept(starting, route);
                }
            });
        });
    }

    static void templates(CamelContext context, BiConsumer<CamelContext, RouteTemplateDefinition> look) {
        whenStarting(context, (starting, model) -> {
            model.getRouteTemplateDefinitions().forEach(template -> look.accept(starting, template));
            model.addModelLifecycleStrategy(new ModelLifecycleStrategySupport() {
                @Override
                public void onAddRouteTemplateDefinition(RouteTemplateDefinition template) {
                    look.accept(starting, template);
                }
            });
        });
    }

    private static void whenStarting(CamelContext context, BiConsumer<CamelContext, Model> begin) {
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextInitializing(CamelContext starting) {
                Model model = starting.getCamelContextExtension().getContextPlugin(Model.class);
                if (model != null) begin.accept(starting, model);
            }
        });
    }
}
