package io.caravan.validate;

import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All routes, what they call and what calls them. */
final class Routes {

    private static final String DIRECT = "direct:";
    /** Maps whose names are no blocks. */
    static final Set<String> VALUES = Set.of("parameters", "properties", "constructors");

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):.*", Pattern.DOTALL);

    private final Map<String, KameletFile> kamelets;
    private final Values values;
    private final Problems problems;
    private final List<Route> routes = new ArrayList<>();
    private final Map<String, Route> beginnings = new LinkedHashMap<>();
    private final Map<String, Route> ids = new LinkedHashMap<>();
    private final Map<YamlNode, KameletUse> uses = new IdentityHashMap<>();
    private final Map<YamlNode, Route> sinks = new IdentityHashMap<>();
    private final Map<YamlNode, Boolean> reached = new IdentityHashMap<>();

    Routes(Map<String, KameletFile> kamelets, Values values, Problems problems) {
        this.kamelets = kamelets;
        this.values = values;
        this.problems = problems;
    }

    /** Those of one file. */
    void add(SourceFile file, YamlNode items) {
        for (YamlNode item : items.items()) {
            Optional<Route> found = Route.of(file, item);
            if (found.isEmpty()) continue;
            Route route = found.get();
            routes.add(route);
            Route other = route.id().isBlank() ? null : ids.putIfAbsent(route.id(), route);
            if (other != null) {
                problems.add(
                        file,
                        route.node().lineOf("id"),
                        SettingChecks.sentence("route", "id", "be there once", route.id()) + " also in "
                                + other.file().name() + ":" + other.node().lineOf("id"));
            }
            if (route.begin().uri().startsWith(DIRECT))
                beginnings.putIfAbsent(route.begin().uri(), route);
        }
    }

    List<Route> all() {
        return routes;
    }

    /** Now all routes are known: looks at each call in them. */
    void look() {
        Map<String, Route> named = new LinkedHashMap<>();
        for (Route route : routes) {
            use(route, route.from(), route.begin());
            namedOnce(route, named);
            KameletUse source = uses.get(route.from());
            if (source != null && source.values().containsKey("pipeline")) {
                beginnings.putIfAbsent(DIRECT + source.values().get("pipeline"), route);
            }
        }
        for (Route route : routes) {
            blocks(
                    route,
                    route.from().at("steps").or(() -> route.node().at("steps")).orElse(route.from()));
        }
    }

    /** A Kamelet's endpoint takes one consumer: a run of one pipeline does without the other, serve has both. */
    private void namedOnce(Route route, Map<String, Route> named) {
        String uri = values.resolved(route.begin().uri(), missing -> {}).orElse("");
        if (!uri.startsWith("kamelet:") || !uri.contains("/")) return;
        Route other = named.putIfAbsent(uri, route);
        if (other == null) return;
        problems.warn(
                route.file(),
                route.begin().line(),
                SettingChecks.sentence("from", "uri", "differ from that of every other route, as serve loads all", uri)
                        + " also in " + other.file().name() + ":"
                        + other.begin().line()
                        + "; choose another name behind the /");
    }

    private void blocks(Route route, YamlNode node) {
        node.items().forEach(item -> blocks(route, item));
        node.fields().forEach((name, value) -> {
            if (VALUES.contains(name)) return;
            Call.of(name, value).ifPresent(call -> call(route, name, value, call));
            blocks(route, value);
        });
    }

    private void call(Route route, String block, YamlNode said, Call call) {
        if (call.uri().contains("${")) return;
        use(route, said, call);
        Optional<String> uri = values.resolved(call.uri(), missing -> {});
        if (uri.isEmpty() || uri.get().startsWith("kamelet:")) return;
        if (uri.get().startsWith(DIRECT)) {
            if (!beginnings.containsKey(uri.get())) {
                problems.add(
                        route.file(),
                        call.line(),
                        SettingChecks.sentence(block, "uri", "lead to a route or pipeline that there is", uri.get())
                                + Nearest.hint(uri.get(), beginnings.keySet()));
            }
            return;
        }
        component(route, block, uri.get(), call.line());
    }

    /** Where a block or the beginning of a route calls a Kamelet. */
    private void use(Route route, YamlNode said, Call call) {
        KameletUse.of(call, kamelets, values, (line, sentence) -> problems.add(route.file(), line, sentence))
                .ifPresent(use -> {
                    uses.put(said, use);
                    if (use.kamelet().isSink() && said != route.from()) sinks.put(said, route);
                });
        if (said == route.from() && !call.isKamelet() && !call.uri().startsWith(DIRECT)) {
            values.resolved(call.uri(), missing -> {}).ifPresent(uri -> component(route, "from", uri, call.line()));
        }
    }

    /** Camel finds a component by a file of its name. */
    private void component(Route route, String block, String uri, int line) {
        Matcher scheme = SCHEME.matcher(uri);
        String name = scheme.matches() ? scheme.group(1) : uri;
        boolean there = getClass().getResource("/META-INF/services/org/apache/camel/component/" + name) != null
                || values.of("camel.beans." + name).isPresent();
        if (!there) {
            problems.add(
                    route.file(),
                    line,
                    SettingChecks.sentence(
                                    block, "uri", "begin with a component of Camel that is on the class path", uri)
                            + Nearest.hint(name, List.of("kamelet", "direct", "quartz", "timer", "log", "seda")));
        }
    }

    /** The Kamelet that a block or the beginning of a route calls. */
    Optional<KameletUse> use(YamlNode said) {
        return Optional.ofNullable(uses.get(said));
    }

    /** The route that a block calls. */
    Optional<Route> called(String block, YamlNode said) {
        return Call.of(block, said)
                .flatMap(call -> values.resolved(call.uri(), missing -> {}))
                .map(beginnings::get);
    }

    /** The route that begins with this URI, and the URIs with which routes begin that others call. */
    Optional<Route> beginning(String uri) {
        return Optional.ofNullable(beginnings.get(uri));
    }

    Set<String> callable() {
        return new TreeSet<>(beginnings.keySet());
    }

    /** A pipeline leads to this sink. */
    void reached(YamlNode sink) {
        reached.put(sink, true);
    }

    /** Says which sinks no pipeline leads to. */
    void unreached() {
        sinks.forEach((said, route) -> {
            if (reached.containsKey(said)) return;
            KameletUse use = uses.get(said);
            String begin = route.begin().uri();
            problems.add(
                    route.file(),
                    use.call().line(),
                    "sink '" + use.sink()
                            + "' must be reached from a route that begins with a source Kamelet, got it in route '"
                            + route.named() + "', which begins with " + begin
                            + (begin.startsWith(DIRECT) ? " and which no pipeline calls" : ""));
        });
    }
}
