package io.caravan.run;

import io.caravan.error.ConfigurationException;
import io.caravan.record.Sha256;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;

/**
 * What the wiring says of a pipeline: read from its route, so that a sink or step is declared in one place only.
 *
 * @param route the id of the route that begins with the pipeline's source Kamelet
 * @param wiring its source and sinks
 */
public record PipelineModel(String name, String route, String description, Wiring wiring) {

    private static final String NAME = "pipeline";
    private static final String GROUP = "pipeline";
    private static final String DIRECT = "direct:";

    /** The pipeline of that name among the routes of a context. */
    public static PipelineModel find(CamelContext context, String name) {
        return sources(context).entrySet().stream()
                .filter(p -> p.getValue().written(NAME).orElseThrow().equals(name))
                .findFirst()
                .map(p -> read(context, p.getKey(), p.getValue()))
                .orElseThrow(() -> new ConfigurationException(
                        "caravan: pipeline must be one of " + names(context) + ", got '" + name + "'"));
    }

    /**
     * Throws ConfigurationException with all that is wrong, unless each sink of this pipeline keeps records by the key that they have.
     *
     * @param keyFields the fields of the key, as the source has them
     */
    static void checkKeys(CamelContext context, String name, List<String> keyFields) {
        List<String> problems = new ArrayList<>();
        sources(context).forEach((route, source) -> {
            if (!source.written(NAME).orElseThrow().equals(name)) return;
            RouteShape.sinks(context, route, name, FilesCount.BY_MEANING)
                    .values()
                    .forEach(sink -> sink.call().fields().keys().forEach(key -> key.problem(
                                    sink.call().name(), keyFields)
                            .ifPresent(problems::add)));
        });
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
    }

    /** All pipelines: the routes that begin with a source Kamelet which names one. */
    public static List<PipelineModel> all(CamelContext context) {
        List<PipelineModel> all = new ArrayList<>();
        sources(context).forEach((route, source) -> all.add(read(context, route, source)));
        return all;
    }

    /** The calls of source Kamelets which name a pipeline, by their routes. */
    private static Map<RouteDefinition, KameletCall> sources(CamelContext context) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        Map<RouteDefinition, KameletCall> sources = new LinkedHashMap<>();
        for (RouteDefinition route : model.getRouteDefinitions()) {
            KameletCall.of(context, route.getInput().getUri())
                    .filter(call -> call.isSource() && call.written(NAME).isPresent())
                    .ifPresent(call -> sources.put(route, call));
        }
        return sources;
    }

    /**
     * What a message to {@code direct:<name>} runs: the pipelines, the chains, and the routes of group {@code pipeline} that begin with
     * {@code direct}.
     */
    public static List<String> callable(CamelContext context) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        return model.getRouteDefinitions().stream()
                .flatMap(route -> {
                    String from = route.getInput().getUri();
                    if (from.startsWith(DIRECT)
                            && (GROUP.equals(route.getGroup())
                                    || !ChainModel.phases(context, route).isEmpty())) {
                        return Stream.of(from.substring(DIRECT.length()));
                    }
                    return KameletCall.of(context, from).filter(KameletCall::isSource).stream()
                            .flatMap(source -> source.written(NAME).stream());
                })
                .sorted()
                .distinct()
                .toList();
    }

    /** The pipelines that a chain runs, also by chains of its own; none for what is no chain. */
    public static List<String> phases(CamelContext context, String chain) {
        Set<String> seen = new LinkedHashSet<>(Set.of(chain));
        List<String> phases = new ArrayList<>();
        phases(context, chain, seen, phases);
        return phases;
    }

    private static void phases(CamelContext context, String chain, Set<String> seen, List<String> phases) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        List<String> called = model.getRouteDefinitions().stream()
                .filter(route -> route.getInput().getUri().equals(DIRECT + chain))
                .flatMap(route -> ChainModel.phases(context, route).stream())
                .toList();
        if (called.isEmpty() && seen.size() > 1) phases.add(chain);
        for (String phase : called) {
            if (seen.add(phase)) phases(context, phase, seen, phases);
        }
    }

    private static List<String> names(CamelContext context) {
        return sources(context).values().stream()
                .map(call -> call.written(NAME).orElseThrow())
                .sorted()
                .toList();
    }

    private static PipelineModel read(CamelContext context, RouteDefinition route, KameletCall source) {
        String name = source.written(NAME).orElseThrow();
        Map<String, String> generations = new TreeMap<>();
        Map<String, String> branches = new TreeMap<>();
        Map<String, Wiring.Guards> guards = new TreeMap<>();
        Map<String, List<String>> places = new TreeMap<>();
        Map<String, List<String>> ways = new TreeMap<>();
        var sinks = RouteShape.sinks(context, route, name, FilesCount.BY_MEANING);
        sinks.forEach((sink, made) -> {
            generations.put(
                    sink, Sha256.hex(made.steps() + made.call().shape(source.name(), FilesCount.BY_MEANING), 16));
            if (!made.branch().isEmpty()) branches.put(sink, made.branch());
            if (!made.guards().names().isEmpty()) guards.put(sink, made.guards());
            places.put(sink, made.call().alone());
            ways.put(sink, places.get(sink).isEmpty() ? List.of(made.call().words()) : places.get(sink));
        });
        String description = route.getDescriptionText() == null ? "" : route.getDescriptionText();
        boolean keepsForms =
                sinks.values().stream().anyMatch(made -> made.call().keepsFormsOf(source.name()));
        Wiring wiring = new Wiring(
                Sha256.hex(source.shape(), 16),
                generations,
                branches,
                former(context, route, name, source, generations),
                keepsForms,
                places,
                MappedFields.of(context, route),
                guards,
                new Wiring.Ways(source.words(), ways),
                !guards.isEmpty() || RouteShape.drops(context, route, name));
        return new PipelineModel(name, route.getRouteId(), description, wiring);
    }

    /** What older versions call the same generations: of the first one, of those that did not look into scripts and folders, and of those that looked at the letters of a description. */
    private static Map<String, List<String>> former(
            CamelContext context,
            RouteDefinition route,
            String name,
            KameletCall source,
            Map<String, String> generations) {
        Map<String, List<String>> former = new TreeMap<>();
        FormerGenerations.of(context, route)
                .forEach((sink, generation) ->
                        former.computeIfAbsent(sink, s -> new ArrayList<>()).add(generation));
        for (FilesCount files : List.of(FilesCount.AS_WRITTEN, FilesCount.DESCRIPTIONS_ONLY)) {
            RouteShape.sinks(context, route, name, files).forEach((sink, made) -> {
                String generation = Sha256.hex(made.steps() + made.call().shape(source.name(), files), 16);
                List<String> known = former.computeIfAbsent(sink, s -> new ArrayList<>());
                if (!generation.equals(generations.get(sink)) && !known.contains(generation)) known.add(generation);
            });
        }
        return former;
    }
}
