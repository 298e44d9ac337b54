package io.caravan.run;

import io.caravan.record.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.support.ResourceHelper;

/**
 * The generations of a route's sinks as the first version of the ledger has them (before migration 5): of the parameters
 * that the route writes, whatever they are to the records. By these a ledger of that version is known to be in step with the
 * route, so that an upgrade sends nothing again. Must not change any more.
 */
final class FormerGenerations {

    private static final String SCHEME = "kamelet:";
    private static final Pattern RAW = Pattern.compile("RAW[({](.*)[)}]");
    private static final Pattern CREDENTIAL = Pattern.compile(
            "(?i).*(user|password|secret|token|apikey|accesskey|accountkey|connectionstring|credentials).*");
    private static final Pattern USER_INFO = Pattern.compile("//[^/@]*@");

    private final CamelContext context;
    private final Map<String, String> generations = new TreeMap<>();

    private FormerGenerations(CamelContext context) {
        this.context = context;
    }

    /** By sink. */
    static Map<String, String> of(CamelContext context, RouteDefinition route) {
        FormerGenerations former = new FormerGenerations(context);
        former.through(route.getOutputs(), "");
        return former.generations;
    }

    /** {@code steps}: all that was passed before; returns them with those of these blocks. */
    private String through(List<ProcessorDefinition<?>> blocks, String steps) {
        String passed = steps;
        for (ProcessorDefinition<?> block : blocks) passed = through(block, passed);
        return passed;
    }

    private String through(ProcessorDefinition<?> block, String steps) {
        if (block.getShortName().equals("multicast")) {
            block.getOutputs().forEach(branch -> through(branch, steps));
            return steps;
        }
        String uri = block instanceof ToDefinition to && to.getUri() != null ? to.getUri() : "";
        if (!uri.startsWith(SCHEME)) {
            boolean leaf = block.getOutputs().isEmpty();
            return through(block.getOutputs(), leaf ? steps + resolved(block.toString()) + '\n' : steps);
        }
        String name = uri.substring(SCHEME.length()).replaceFirst("\\?.*", "");
        Map<String, String> parameters = parameters(uri);
        if (!name.endsWith("-sink")) return steps + shape(name, parameters) + '\n';
        String sink = parameters.getOrDefault("sink", name);
        generations.put(sink, Sha256.hex(steps + shape(name, parameters), 16));
        return steps;
    }

    private Map<String, String> parameters(String uri) {
        Map<String, String> parameters = new TreeMap<>();
        int query = uri.indexOf('?');
        if (query < 0) return parameters;
        for (String pair : uri.substring(query + 1).split("&")) {
            int eq = pair.indexOf('=');
            if (eq < 0) continue;
            String value = decoded(pair.substring(eq + 1));
            Matcher raw = RAW.matcher(value);
            parameters.put(pair.substring(0, eq), resolved(raw.matches() ? raw.group(1) : value));
        }
        return parameters;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value; // no version before knew such a route
        }
    }

    private String shape(String name, Map<String, String> parameters) {
        StringBuilder shape = new StringBuilder(name);
        parameters.forEach((key, value) -> {
            if (CREDENTIAL.matcher(key).matches()) return;
            shape.append('\n')
                    .append(key)
                    .append('=')
                    .append(USER_INFO.matcher(value).replaceAll("//"));
            if (value.startsWith("classpath:") || value.startsWith("file:")) {
                shape.append('=').append(content(value));
            }
        });
        return shape.toString();
    }

    private String content(String resource) {
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // who reads it says so
        }
    }

    private String resolved(String text) {
        try {
            String resolved = context.resolvePropertyPlaceholders(text);
            return resolved == null ? "" : resolved;
        } catch (IllegalArgumentException e) {
            return text; // no version before knew such a route
        }
    }
}
