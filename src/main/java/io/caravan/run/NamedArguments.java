package io.caravan.run;

import io.caravan.error.ConfigurationException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.RouteTemplateDefinition;

/**
 * Gives the beans of a Kamelet their constructor's arguments by name: a text or number {@code
 * timeoutMillis} gets the Kamelet's property of that name, anything else, such as {@code access}, the bean {@code accessBean}. Of several constructors, or factory methods, the one with the most
 * parameters counts that all have a value. What the Kamelet lists by number stays.
 */
final class NamedArguments {

    private static final String CLASS = "#class:";

    private final CamelContext context;
    private final String kamelet;
    private final Set<String> properties;
    private final Set<String> beans;

    private NamedArguments(CamelContext context, String kamelet, Set<String> properties, Set<String> beans) {
        this.context = context;
        this.kamelet = kamelet;
        this.properties = properties;
        this.beans = beans;
    }

    static NamedArguments of(CamelContext context, RouteTemplateDefinition template) {
        return new NamedArguments(
                context,
                template.getId(),
                Stream.ofNullable(template.getTemplateParameters())
                        .flatMap(List::stream)
                        .map(p -> p.getName())
                        .collect(Collectors.toSet()),
                template.getTemplateBeans().stream()
                        .map(BeanFactoryDefinition::getName)
                        .collect(Collectors.toSet()));
    }

    /** Throws ConfigurationException when an argument is neither listed nor a property or bean of the Kamelet. */
    void give(BeanFactoryDefinition<?> bean) {
        if (!bean.getType().startsWith(CLASS) || bean.getType().contains("(")) return;
        Map<Integer, Object> listed = listed(bean);
        List<Executable> ways = ways(bean.getType().substring(CLASS.length()));
        if (ways.isEmpty() || ways.stream().anyMatch(way -> isWhole(way, listed))) return;
        Map<Integer, Object> arguments = ways.stream()
                .flatMap(way -> arguments(way, listed).stream())
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(kamelet + ": " + bean.getName()
                        + " must get each argument from a property or a bean of its name, got none for '"
                        + missing(ways.get(0), listed) + "'; declare it or list its number below constructors"));
        if (!arguments.isEmpty()) bean.setConstructors(arguments);
    }

    /** Whether each argument is listed. */
    private static boolean isWhole(Executable way, Map<Integer, Object> listed) {
        return !listed.isEmpty()
                && listed.keySet()
                        .equals(IntStream.range(0, way.getParameterCount())
                                .boxed()
                                .collect(Collectors.toSet()));
    }

    private static Map<Integer, Object> listed(BeanFactoryDefinition<?> bean) {
        Map<Integer, Object> listed = new TreeMap<>();
        if (bean.getConstructors() != null) {
            // Camel keeps them as the file writes them: texts
            ((Map<?, ?>) bean.getConstructors())
                    .forEach((position, value) -> listed.put(Integer.valueOf(position.toString()), value));
        }
        return listed;
    }

    /** The public constructors of a class, or its factory methods; those with the most parameters first. */
    private List<Executable> ways(String type) {
        String[] parts = type.split("#", 2);
        Class<?> made = context.getClassResolver().resolveClass(parts[0]);
        if (made == null) return List.of(); // Camel says it
        Stream<? extends Executable> all = parts.length == 1
                ? Arrays.<Constructor<?>>stream(made.getConstructors())
                : Arrays.<Method>stream(made.getMethods())
                        .filter(m -> Modifier.isStatic(m.getModifiers())
                                && m.getName().equals(parts[1]));
        return all.map(Executable.class::cast)
                .sorted(Comparator.comparingInt(Executable::getParameterCount).reversed())
                .toList();
    }

    private Optional<Map<Integer, Object>> arguments(Executable way, Map<Integer, Object> listed) {
        Map<Integer, Object> arguments = new TreeMap<>();
        for (Parameter parameter : way.getParameters()) {
            Optional<Object> argument = argument(parameter, arguments.size(), listed);
            if (argument.isEmpty()) return Optional.empty();
            arguments.put(arguments.size(), argument.get());
        }
        return arguments.keySet().containsAll(listed.keySet()) ? Optional.of(arguments) : Optional.empty();
    }

    private Optional<Object> argument(Parameter parameter, int position, Map<Integer, Object> listed) {
        if (listed.containsKey(position)) return Optional.of(listed.get(position));
        Class<?> type = parameter.getType();
        // Object: what Camel may make a number of, such as a password
        boolean setting = type.isPrimitive() || type == String.class || type == Object.class;
        String name = setting ? parameter.getName() : parameter.getName() + "Bean";
        if (!(setting ? properties : beans).contains(name)) return Optional.empty();
        return Optional.of(setting ? "{{" + name + "}}" : "#bean:{{" + name + "}}");
    }

    private String missing(Executable way, Map<Integer, Object> listed) {
        List<Parameter> parameters = List.of(way.getParameters());
        return parameters.stream()
                .filter(p -> argument(p, parameters.indexOf(p), listed).isEmpty())
                .map(Parameter::getName)
                .findFirst()
                .orElse("");
    }
}
