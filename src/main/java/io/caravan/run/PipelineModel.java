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
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.support.ResourceHelper;

/**
 * What the wiring says of a pipeline: read from its route, so that a sink or step is declared in one place only.
 *
 * @param route the id of the route that begins with the pipeline's source Kamelet
 * @param wiring its source and sinks
 */
public record PipelineModel(String name, String route, String description, Wiring wiring) {

    private static final Pattern CREDENTIAL = Pattern.compile(
            "(?i).*(user|password|secret|token|apikey|accesskey|accountkey|connectionstring|credentials).*");
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
                all.add(read(context, route, source));
            }
        }
        return all;
    }

    private static List<String> names(CamelContext context) {
        return all(context).stream().map(PipelineModel::name).sorted().toList();
    }

    private static PipelineModel read(CamelContext context, RouteDefinition route, Kamelet source) {
        Walk walk = new Walk(context);
        walk.through(route.getOutputs(), "", OptionalInt.empty());
        String description = route.getDescriptionText() == null ? "" : route.getDescriptionText();
        Wiring wiring = new Wiring(hash(source.shape(context)), walk.generations, walk.branches);
        return new PipelineModel(source.parameters().get("pipeline"), route.getRouteId(), description, wiring);
    }

    /** Goes through the blocks of a route and remembers what is before each sink. */
    private static final class Walk {

        private final Map<String, String> generations = new TreeMap<>();
        private final Map<String, Integer> branches = new TreeMap<>();
        private final CamelContext context;

        Walk(CamelContext context) {
            this.context = context;
        }

        /** {@code steps}: all that was passed before; returns them with those of these nodes. */
        String through(List<ProcessorDefinition<?>> nodes, String steps, OptionalInt branch) {
            String passed = steps;
            for (ProcessorDefinition<?> node : nodes) {
                if (node instanceof MulticastDefinition multicast) multicast(multicast, passed, branch);
                else passed = through(node, passed, branch);
            }
            return passed;
        }

        private String through(ProcessorDefinition<?> node, String steps, OptionalInt branch) {
            Kamelet kamelet = node instanceof ToDefinition to ? Kamelet.parse(context, to.getUri()) : Kamelet.NONE;
            if (kamelet.name().endsWith("-sink")) {
                sink(kamelet, steps, branch);
                return steps;
            }
            if (kamelet != Kamelet.NONE) return steps + kamelet.shape(context) + '\n';
            boolean leaf = node.getOutputs().isEmpty();
            String own = leaf ? context.resolvePropertyPlaceholders(node.toString()) + '\n' : "";
            return through(node.getOutputs(), steps + own, branch);
        }

        private void multicast(MulticastDefinition multicast, String steps, OptionalInt branch) {
            if (branch.isPresent()) {
                throw new ConfigurationException("pipeline: a multicast must not stand inside another;"
                        + " make every branch one of the outer multicast");
            }
            int index = 0;
            for (ProcessorDefinition<?> child : multicast.getOutputs()) {
                through(child, steps, OptionalInt.of(index++));
            }
        }

        private void sink(Kamelet kamelet, String steps, OptionalInt branch) {
            String sink = kamelet.parameters().getOrDefault("sink", kamelet.name());
            if (generations.put(sink, hash(steps + kamelet.shape(context))) != null) {
                throw new ConfigurationException("pipeline: sinks must have different names, got '" + sink + "' twice");
            }
            branch.ifPresent(index -> branches.put(sink, index));
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
