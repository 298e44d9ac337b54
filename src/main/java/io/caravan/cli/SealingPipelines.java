package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.ConfigurationException;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pipelines whose stores hold what a registry sealed: those that are named, else those whose own file has a step that seals and that
 * the ledger knows; what never ran, as one that ships and that nobody uses, sealed nothing.
 */
final class SealingPipelines {

    private static final String STEP = "kamelet:encrypt-fields-action";
    private static final Pattern CONTEXT = Pattern.compile("\\bcontext[\"']?:\\s*[\"']?([^\\s,\"'}]+)");
    private static final Pattern ARCHIVE = Pattern.compile("\\barchive[\"']?:\\s*[\"']?([^\\s,\"'}]+)");

    private SealingPipelines() {}

    static List<Pipeline> of(Shell shell, List<String> named) {
        Pipelines pipelines = shell.pipelines();
        List<Pipeline> sealing = named.isEmpty()
                ? pipelines.all().stream().filter(p -> seals(pipelines, p)).toList()
                : named.stream().map(pipelines::named).toList();
        if (!named.isEmpty()) return sealing;
        if (!sealing.isEmpty()) {
            List<String> known = shell.ledger(Flows::names);
            return withTheirChains(pipelines, sealing).stream()
                    .filter(p -> known.stream().map(Flow::pipeline).anyMatch(p.name()::equals))
                    .toList();
        }
        throw new ConfigurationException("keys: there must be a pipeline whose file has a step " + STEP
                + ", got none; name those whose stores hold what it sealed");
    }

    /** Behind one that seals come the other phases of its chains, in their order: they hand on what it sealed. */
    private static List<Pipeline> withTheirChains(Pipelines pipelines, List<Pipeline> sealing) {
        List<Pipeline> all = new ArrayList<>(sealing);
        for (Pipeline chain : pipelines.all()) {
            if (!chain.isChain()) continue;
            List<Pipeline> phases = pipelines.phasesOf(chain);
            if (phases.stream().noneMatch(sealing::contains)) continue;
            for (Pipeline phase : phases) if (!all.contains(phase)) all.add(phase);
        }
        return all;
    }

    /** What values may be sealed for that this pipeline holds: the contexts of all files that seal, and its name. */
    static Set<String> contexts(Pipelines pipelines, String pipeline) {
        Set<String> contexts = new LinkedHashSet<>();
        for (RouteFile file : pipelines.files()) {
            if (!file.text().contains(STEP)) continue;
            Matcher named = CONTEXT.matcher(file.text());
            while (named.find()) contexts.add(named.group(1));
        }
        contexts.add(pipeline);
        return contexts;
    }

    /** The archives of deleted documents of these pipelines, which hold what was sealed when a document was deleted. */
    static List<String> archives(Pipelines pipelines, List<Pipeline> sealing) {
        List<String> archives = new ArrayList<>();
        for (Pipeline pipeline : sealing) {
            for (RouteFile file : filesOf(pipelines, pipeline)) {
                Matcher archive = ARCHIVE.matcher(file.text());
                while (archive.find()) archives.add(archive.group(1) + " of " + pipeline.name());
            }
        }
        return archives.stream().distinct().toList();
    }

    private static boolean seals(Pipelines pipelines, Pipeline pipeline) {
        return filesOf(pipelines, pipeline).stream()
                .anyMatch(file -> file.text().contains(STEP));
    }

    private static List<RouteFile> filesOf(Pipelines pipelines, Pipeline pipeline) {
        Pattern named =
                Pattern.compile("\\bpipeline[\"']?:\\s*[\"']?" + Pattern.quote(pipeline.name()) + "(?![\\w.-])");
        return pipelines.files().stream()
                .filter(file -> pipeline.routes().contains(file.folder())
                        && named.matcher(file.text()).find())
                .toList();
    }
}
