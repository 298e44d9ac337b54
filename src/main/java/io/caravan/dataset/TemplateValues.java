package io.caravan.dataset;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.ToDefinition;

/**
 * Writes the parameters of a route template into the route that is made of it, and takes the steps out that it disables. So the
 * route's model says what the route does, as that of any other route: a run reads it there.
 */
final class TemplateValues {

    private static final Pattern PARAMETER = Pattern.compile("\\{\\{([A-Za-z]+)}}");

    private final Map<String, Object> values;

    private TemplateValues(Map<String, Object> values) {
        this.values = values;
    }

    static RouteDefinition filledIn(RouteTemplateDefinition template, Map<String, Object> values) {
        RouteDefinition route = template.asRouteDefinition();
        TemplateValues filled = new TemplateValues(values);
        route.getInput().setUri(filled.in(route.getInput().getUri()));
        route.setDescription(filled.in(route.getDescriptionText()));
        filled.in(route.getOutputs());
        return route;
    }

    private void in(List<ProcessorDefinition<?>> steps) {
        steps.removeIf(
                step -> step.getDisabled() != null && in(step.getDisabled()).equals("true"));
        for (ProcessorDefinition<?> step : steps) {
            step.setDisabled(null);
            if (step.hasCustomIdAssigned()) step.setId(in(step.getId()));
            if (step instanceof ToDefinition to) to.setUri(in(to.getUri()));
            if (step instanceof LogDefinition log) log.setMessage(in(log.getMessage()));
            in(step.getOutputs());
        }
    }

    private String in(String text) {
        return PARAMETER
                .matcher(text)
                .replaceAll(
                        parameter -> Matcher.quoteReplacement(values.getOrDefault(parameter.group(1), parameter.group())
                                .toString()));
    }
}
