package io.caravan.run;

import io.caravan.error.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.support.ResourceHelper;

/**
 * What the wiring says of a pipeline: read from its route, so that a sink or step is declared in one place only.
 *
 * @param route the id of the route that begins with the pipeline's source Kamelet
 * @param generations by sink: a hash of the steps before it and of its own settings, without credentials. When it
 *     changes, what the sink holds was made by other rules, and it gets everything again
 */
public record PipelineModel(String name, String route, String description, Map<String, String> generations) {

    private static final Pattern CREDENTIAL = Pattern.compile("(?i).*(user|password|secret|token|apikey).*");
    private static final Pattern USER_INFO = Pattern.compile("//[^/@]*@");

    /** The pipeline of that name among the routes of a context. */
    public static PipelineModel find(CamelContext context, String name) {
        return all(context).stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        "caravan: pipeline must be one of " + names(context) + ", got '" + name + "'"));
    }

    /** All pipelines: the routes that begin with a source Kamelet which names one. */
    public static List<PipelineModel> all(CamelContext context) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        List<PipelineModel> all = new ArrayList<>();
        for (RouteDefinition route : model.getRouteDefinitions()) {
            Kamelet source = Kamelet.parse(context, route.getInput().getUri());
            if (source.name().endsWith("-source") && source.parameters().containsKey("pipeline")) {
                all.add(read(context, route, source.parameters().get("pipeline")));
            }
        }
        return all;
    }

    private static List<String> names(CamelContext context) {
        return all(context).stream().map(PipelineModel::name).sorted().toList();
    }

    private static PipelineModel read(CamelContext context, RouteDefinition route, String name) {
        StringBuilder steps = new StringBuilder();
        Map<String, String> generations = new TreeMap<>();
        walk(context, route.getOutputs(), steps, generations);
        String description = route.getDescriptionText() == null ? "" : route.getDescriptionText();
        return new PipelineModel(name, route.getRouteId(), description, generations);
    }

    private static void walk(
            CamelContext context, List<ProcessorDefinition<?>> nodes, StringBuilder steps, Map<String, String> sinks) {
        for (ProcessorDefinition<?> node : nodes) {
            Kamelet kamelet = node instanceof ToDefinition to ? Kamelet.parse(context, to.getUri()) : Kamelet.NONE;
            if (kamelet.name().endsWith("-sink")) {
                String sink = kamelet.parameters().getOrDefault("sink", kamelet.name());
                if (sinks.put(sink, hash(steps + kamelet.shape(context))) != null) {
                    throw new ConfigurationException(
                            "pipeline: sinks must have different names, got '" + sink + "' twice");
                }
            } else if (kamelet != Kamelet.NONE) {
                steps.append(kamelet.shape(context)).append('\n');
            } else {
                if (node.getOutputs().isEmpty()) {
                    steps.append(context.resolvePropertyPlaceholders(node.toString()))
                            .append('\n');
                }
                walk(context, node.getOutputs(), steps, sinks);
            }
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A call of a Kamelet with its parameters, placeholders resolved. */
    private record Kamelet(String name, Map<String, String> parameters) {

        static final Kamelet NONE = new Kamelet("", Map.of());

        static Kamelet parse(CamelContext context, String uri) {
            if (!uri.startsWith("kamelet:")) return NONE;
            int query = uri.indexOf('?');
            String path = query < 0 ? uri : uri.substring(0, query);
            Map<String, String> parameters = new LinkedHashMap<>();
            if (query >= 0) {
                for (String pair : uri.substring(query + 1).split("&")) {
                    int eq = pair.indexOf('=');
                    String value = URLDecoder.decode(pair.substring(eq + 1), StandardCharsets.UTF_8);
                    parameters.put(pair.substring(0, eq), context.resolvePropertyPlaceholders(raw(value)));
                }
            }
            return new Kamelet(path.substring("kamelet:".length()), parameters);
        }

        private static String raw(String value) {
            Matcher m = Pattern.compile("RAW[({](.*)[)}]").matcher(value);
            return m.matches() ? m.group(1) : value;
        }

        /** What of this call shapes the result: its settings, and the content of the files they name. */
        String shape(CamelContext context) {
            StringBuilder shape = new StringBuilder(name);
            new TreeMap<>(parameters).forEach((key, value) -> {
                if (CREDENTIAL.matcher(key).matches()) return;
                shape.append('\n')
                        .append(key)
                        .append('=')
                        .append(USER_INFO.matcher(value).replaceAll("//"));
                if (value.startsWith("classpath:") || value.startsWith("file:")) {
                    shape.append('=').append(content(context, value));
                }
            });
            return shape.toString();
        }

        private static String content(CamelContext context, String resource) {
            try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, resource)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new ConfigurationException("pipeline: file must be readable, got '" + resource + "'");
            }
        }
    }
}
