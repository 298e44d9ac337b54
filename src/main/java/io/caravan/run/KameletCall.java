package io.caravan.run;

import io.caravan.error.ConfigurationException;
import io.caravan.run.KameletProperties.Identity;
import io.caravan.run.KameletProperties.Property;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.Kamelet;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.util.URISupport;

/** A call of a Kamelet in a route, with what it effectively says: the parameters written there, else what Camel has in their place. */
final class KameletCall {

    /** Where the route of a Kamelet begins and ends; they are none and have no file, for which all jars would be searched. */
    private static final Set<String> ENDS = Set.of(Kamelet.SOURCE_ID, Kamelet.SINK_ID);

    private static final Pattern RAW = Pattern.compile("RAW[({](.*)[)}]", Pattern.DOTALL);
    private static final Pattern OPTIONAL = Pattern.compile("\\{\\{\\?.*}}");
    /** What Camel's endpoint reads itself: how it calls, and where the Kamelet is. */
    private static final Set<String> OF_THE_ENDPOINT = Set.of(
            "location",
            "noErrorHandler",
            "bridgeErrorHandler",
            "block",
            "timeout",
            "failIfNoConsumers",
            "lazyStartProducer",
            "exceptionHandler",
            "exchangePattern",
            "routeId");

    private final CamelContext context;
    private final String name;
    private final Optional<String> routeId;
    private final Map<String, String> written;
    private final Map<String, Property> properties;

    private KameletCall(
            CamelContext context,
            String name,
            Optional<String> routeId,
            Map<String, String> written,
            Map<String, Property> properties) {
        this.context = context;
        this.name = name;
        this.routeId = routeId;
        this.written = written;
        this.properties = properties;
    }

    /**
     * Of a URI such as {@code kamelet:objects-sink?output=/data}; empty for another component's. A setting may name the Kamelet,
     * as in {@code kamelet:{{kind}}-sink}; behind a slash may stand the id of its route.
     */
    static Optional<KameletCall> of(CamelContext context, String uri) {
        if (uri == null || !uri.startsWith("kamelet:")) return Optional.empty();
        String[] parts = uri.substring("kamelet:".length()).split("\\?", 2);
        String[] path = named(context, parts[0]).replaceFirst("^//", "").split("/", 2);
        String name = path[0];
        Map<String, String> parameters = parts.length < 2 ? Map.of() : parameters(parts[1]);
        Optional<String> routeId = Optional.ofNullable(parameters.get("routeId"))
                .flatMap(id -> resolved(context, id))
                .or(() -> path.length < 2 ? Optional.empty() : Optional.of(path[1]));
        Optional<String> location =
                Optional.ofNullable(parameters.get("location")).flatMap(l -> resolved(context, l));
        Map<String, Property> properties =
                ENDS.contains(name) ? Map.of() : KameletProperties.of(context, name, location);
        Map<String, String> written = new LinkedHashMap<>();
        parameters.forEach((key, value) -> written.put(declared(properties, key), value));
        return Optional.of(new KameletCall(context, name, routeId, written, properties));
    }

    private static String named(CamelContext context, String path) {
        try {
            return context.resolvePropertyPlaceholders(path);
        } catch (IllegalArgumentException e) {
            return path; // Camel says which setting there is not
        }
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        try {
            URISupport.parseQuery(query, true, true).forEach((key, value) -> {
                Matcher raw = RAW.matcher(value.toString());
                parameters.put(key, raw.matches() ? raw.group(1) : value.toString());
            });
        } catch (URISyntaxException e) {
            throw new ConfigurationException(
                    "pipeline: parameters of a Kamelet must be a query, got '" + e.getReason() + "'");
        }
        return parameters;
    }

    /** Camel knows a property by timeoutMillis, timeout-millis and, in the environment, TIMEOUT_MILLIS. */
    private static String declared(Map<String, Property> properties, String written) {
        if (properties.containsKey(written)) return written;
        return properties.keySet().stream()
                .filter(p -> bare(p).equals(bare(written)))
                .findFirst()
                .orElse(written);
    }

    private static String bare(String name) {
        return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    /** Empty for an optional placeholder, such as {@code {{?region}}}, that nobody has a value for. */
    private static Optional<String> resolved(CamelContext context, String text) {
        String resolved = context.resolvePropertyPlaceholders(text);
        boolean absent = OPTIONAL.matcher(text).matches()
                && (resolved == null || resolved.isEmpty() || resolved.contains("{{?"));
        return absent ? Optional.empty() : Optional.of(resolved);
    }

    String name() {
        return name;
    }

    boolean isSink() {
        return name.endsWith("-sink");
    }

    boolean isSource() {
        return name.endsWith("-source");
    }

    /** What the route itself says. */
    Optional<String> written(String property) {
        return writes(property) ? resolved(context, written.get(property)) : Optional.empty();
    }

    boolean writes(String property) {
        return written.containsKey(property);
    }

    /** Whether the Kamelet has a default for this property. */
    boolean hasDefault(String property) {
        return properties.containsKey(property)
                && properties.get(property).standard().isPresent();
    }

    /** What the Kamelet gets: what the route says, else the environment, else Camel's properties, else its own default. */
    Optional<String> value(String property) {
        return Optional.ofNullable(values().get(property));
    }

    private Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        properties.forEach(
                (key, p) -> p.standard().ifPresent(s -> values.put(key, context.resolvePropertyPlaceholders(s))));
        Map<String, Object> set = ofComponent();
        String id = routeId.orElse(null);
        if (set.isEmpty()) Kamelet.extractKameletProperties(context, set, name, id);
        Kamelet.extractKameletEnvironmentVariables(set, name, id);
        // camel.kamelet.<name>.<route id>.<property> of another call of this Kamelet
        set.keySet().removeIf(key -> key.indexOf('.') >= 0);
        set.forEach((key, value) ->
                values.put(declared(properties, key), context.resolvePropertyPlaceholders(value.toString())));
        written.forEach((key, text) -> resolved(context, text).ifPresent(value -> values.put(key, value)));
        return values;
    }

    /** What {@code camel.component.kamelet.templateProperties} and {@code routeProperties} say. */
    private Map<String, Object> ofComponent() {
        Map<String, Object> set = new HashMap<>();
        if (!(context.hasComponent("kamelet") instanceof KameletComponent component)) return set;
        Properties none = new Properties();
        if (component.getTemplateProperties() != null) {
            copy(component.getTemplateProperties().getOrDefault(name, none), set);
        }
        if (component.getRouteProperties() != null && routeId.isPresent()) {
            copy(component.getRouteProperties().getOrDefault(routeId.get(), none), set);
        }
        return set;
    }

    private static void copy(Properties from, Map<String, Object> to) {
        from.stringPropertyNames().forEach(key -> to.put(key, from.getProperty(key)));
    }

    /** What it has to do with the fields of records. */
    CallFields fields() {
        return new CallFields(values(), properties);
    }

    /** Camel takes double quotes out of a parameter before a bean gets it: a name would be another one, or none. */
    void mustBeNamable() {
        WholeUri.check(name, written.keySet(), properties.keySet());
        places().mustBeNamable();
    }

    /** The places where this sink must be alone, each in words: those of its store, and what stands there. */
    List<String> alone() {
        return places().alone();
    }

    /** Where it leads, in words without secrets. */
    String words() {
        return places().words();
    }

    private KameletPlaces places() {
        return new KameletPlaces(name, values(), properties);
    }

    /**
     * What of this call makes its result another: the places and contents it names, the files with contents included. A secret
     * counts by what it leads to. Of a Kamelet that says nothing of its properties, everything counts.
     */
    String shape() {
        return shape("", FilesCount.AS_WRITTEN);
    }

    /**
     * The same of a step, or of a sink whose pipeline begins with this source Kamelet.
     */
    String shape(String source, FilesCount files) {
        StringBuilder shape = new StringBuilder(name);
        values().forEach((key, value) -> {
            Property property = properties.getOrDefault(key, Property.unsaid(key));
            if (property.identity() == Identity.NONE || property.countsNothingAt(source, value)) return;
            if (!properties.containsKey(key) && OF_THE_ENDPOINT.contains(key)) return;
            shape.append('\n').append(key).append('=').append(counted(property, value, files));
            if (files != FilesCount.DESCRIPTIONS_ONLY
                    && property.folder()
                    && !property.standard().equals(Optional.of(value))) {
                shape.append(NamedFiles.ofFolder(context, value));
            }
        });
        return shape.toString();
    }

    /** Whether this sink keeps the records of that source Kamelet in the form that the source's store has. */
    boolean keepsFormsOf(String source) {
        Map<String, String> values = values();
        return properties.entrySet().stream()
                .anyMatch(p -> p.getValue().keepsFormsOf().equals(Optional.of(source))
                        && p.getValue().standard().equals(Optional.ofNullable(values.get(p.getKey()))));
    }

    private String counted(Property property, String value, FilesCount files) {
        return switch (property.identity()) {
            case NONE -> "";
            case PLACE -> KameletPlaces.leads(property, value);
            case CONTENT -> value + NamedFiles.ofSetting(context, value, true, files);
            case UNSAID -> {
                if (!property.secret()) yield PointsAt.of(value) + NamedFiles.ofSetting(context, value, false, files);
                yield PointsAt.leads(value) ? PointsAt.ofConnection(value) : "";
            }
        };
    }
}
