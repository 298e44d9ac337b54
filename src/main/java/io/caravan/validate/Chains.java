package io.caravan.validate;

import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks at what chains run: each phase must be a pipeline or chain that there is, no chain may lead to itself, and none may run a
 * pipeline twice, but in branches of which one is taken.
 */
final class Chains {

    private static final String ACTION = "pipeline-action";
    private static final String PIPELINE = "pipeline";
    private static final String DIRECT = "direct:";

    /** A call of a pipeline or chain. */
    private record Phase(SourceFile file, int line, String pipeline) {}

    private final Routes routes;
    private final Problems problems;
    private final Set<String> datasets;
    private final Map<String, Route> pipelines = new TreeMap<>();
    private final Map<String, Route> chains = new TreeMap<>();

    private Chains(Routes routes, Collection<String> datasets, Problems problems) {
        this.routes = routes;
        this.datasets = new TreeSet<>(datasets);
        this.problems = problems;
    }

    /** {@code datasets}: their names, as a chain may run them too. */
    static void look(Routes routes, Collection<String> datasets, Problems problems) {
        Chains all = new Chains(routes, datasets, problems);
        routes.all().forEach(all::know);
        routes.all().forEach(route -> all.phases(route, route.from()).forEach(all::mustBe));
        all.chains.forEach(all::look);
    }

    private void know(Route route) {
        Optional<String> source = routes.use(route.from())
                .filter(use -> use.kamelet().isSource())
                .map(use -> use.values().get(PIPELINE));
        source.ifPresent(name -> pipelines.putIfAbsent(name, route));
        String begin = route.begin().uri();
        if (source.isPresent() || !begin.startsWith(DIRECT)) return;
        String name = begin.substring(DIRECT.length());
        if (!phases(route, route.from()).isEmpty()) chains.putIfAbsent(name, route);
        else if (route.node().textAt("group").equals(PIPELINE)) pipelines.putIfAbsent(name, route);
    }

    private void mustBe(Phase phase) {
        Set<String> known = new TreeSet<>(datasets);
        known.addAll(pipelines.keySet());
        known.addAll(chains.keySet());
        if (known.contains(phase.pipeline())) return;
        problem(phase, "be one of " + String.join(", ", known), Nearest.hint(phase.pipeline(), known));
    }

    private void look(String name, Route route) {
        boolean round = false;
        for (Phase phase : phases(route, route.from())) {
            Optional<List<String>> way = way(phase.pipeline(), name, new LinkedHashSet<>(List.of(name)));
            way.ifPresent(w -> problem(phase, "not lead to itself: " + String.join(" -> ", w), ""));
            round |= way.isPresent();
        }
        if (!round) runs(name, route, route.from(), new LinkedHashMap<>());
    }

    /** The way from a phase to a chain, behind those before it. */
    private Optional<List<String>> way(String from, String to, Set<String> before) {
        List<String> way = new ArrayList<>(before);
        way.add(from);
        if (from.equals(to)) return Optional.of(way);
        Route route = chains.get(from);
        if (route == null || before.contains(from)) return Optional.empty();
        return phases(route, route.from()).stream()
                .flatMap(phase -> way(phase.pipeline(), to, new LinkedHashSet<>(way)).stream())
                .findFirst();
    }

    /** Goes through a chain with the pipelines that ran before, and adds those that run in it. */
    private void runs(String name, Route route, YamlNode node, Map<String, Phase> ran) {
        node.items().forEach(item -> runs(name, route, item, ran));
        node.fields().forEach((block, value) -> {
            if (skipped(block, value)) return;
            phase(route, block, value).ifPresent(phase -> once(name, phase, ran));
            if (block.equals("choice")) branches(name, route, value, ran);
            else runs(name, route, value, ran);
        });
    }

    /** Each begins with what ran before all of them. */
    private void branches(String name, Route route, YamlNode choice, Map<String, Phase> ran) {
        Map<String, Phase> before = Map.copyOf(ran);
        for (String part : List.of("when", "otherwise")) {
            YamlNode said = choice.fields().get(part);
            if (said == null) continue;
            for (YamlNode branch : said.isMap() ? List.of(said) : said.items()) {
                Map<String, Phase> its = new LinkedHashMap<>(before);
                runs(name, route, branch, its);
                ran.putAll(its);
            }
        }
    }

    private void once(String name, Phase phase, Map<String, Phase> ran) {
        for (String pipeline : pipelinesOf(phase.pipeline(), new TreeSet<>())) {
            Phase before = ran.putIfAbsent(pipeline, phase);
            if (before == null) continue;
            boolean itself = pipeline.equals(phase.pipeline());
            problem(
                    phase,
                    "run no pipeline that " + name + " has run before it",
                    (itself ? "" : ", which runs " + pipeline) + "; it is run in "
                            + before.file().name() + ":" + before.line());
            return;
        }
    }

    /** What a pipeline or chain comes down to. */
    private Set<String> pipelinesOf(String name, Set<String> seen) {
        if (!seen.add(name)) return Set.of();
        Route route = chains.get(name);
        if (route == null) return Set.of(name);
        Set<String> all = new LinkedHashSet<>();
        phases(route, route.from()).forEach(phase -> all.addAll(pipelinesOf(phase.pipeline(), seen)));
        return all;
    }

    private List<Phase> phases(Route route, YamlNode node) {
        List<Phase> phases = new ArrayList<>();
        node.items().forEach(item -> phases.addAll(phases(route, item)));
        node.fields().forEach((block, value) -> {
            if (skipped(block, value)) return;
            phase(route, block, value).ifPresent(phases::add);
            phases.addAll(phases(route, value));
        });
        return phases;
    }

    private static boolean skipped(String block, YamlNode value) {
        return Routes.VALUES.contains(block) || value.textAt("disabled").equals("true");
    }

    private Optional<Phase> phase(Route route, String block, YamlNode said) {
        if (block.equals("from")) return Optional.empty();
        return routes.use(said)
                .filter(use -> use.kamelet().name().equals(ACTION))
                .flatMap(use -> Optional.ofNullable(use.values().get(PIPELINE))
                        .map(name -> new Phase(route.file(), use.call().lineOf(PIPELINE), name)));
    }

    private void problem(Phase phase, String rule, String more) {
        problems.add(
                phase.file(), phase.line(), SettingChecks.sentence(ACTION, PIPELINE, rule, phase.pipeline()) + more);
    }
}
