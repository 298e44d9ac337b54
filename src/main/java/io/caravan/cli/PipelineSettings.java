package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.settings.Configuration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the command line may set of a pipeline: its own settings, {@code caravan.<pipeline>.*}. A chain has those of its phases besides, and
 * a phase those of the chains that run it, as far as its routes use them. A name that it has itself counts before theirs.
 */
final class PipelineSettings {

    /**
     * A setting as an option.
     *
     * @param name behind the name of the pipeline that it is of
     * @param key the whole name
     */
    record Setting(String name, String key, String value, String description) {

        /** The setting beside this one. */
        String beside(String other) {
            return key.substring(0, key.length() - name.length()) + other;
        }
    }

    private final Pipelines pipelines;
    private final Configuration configuration;

    PipelineSettings(Shell shell) {
        this.pipelines = shell.pipelines();
        this.configuration = shell.configuration();
    }

    /** Those of a pipeline; a name that several of its phases or chains have is there as often. */
    List<Setting> of(Pipeline pipeline) {
        List<Setting> all = new ArrayList<>(own(pipeline));
        Set<String> names = new LinkedHashSet<>();
        all.forEach(setting -> names.add(setting.name()));
        Map<String, Setting> others = new LinkedHashMap<>();
        others(pipeline).filter(other -> !names.contains(other.name())).forEach(o -> others.putIfAbsent(o.key(), o));
        all.addAll(others.values());
        return all;
    }

    private Stream<Setting> others(Pipeline pipeline) {
        if (pipeline.isChain()) return below(pipeline).stream().flatMap(phase -> own(phase).stream());
        List<Setting> ofChains = pipelines.all().stream()
                .filter(chain -> chain.isChain() && below(chain).contains(pipeline))
                .flatMap(chain -> own(chain).stream())
                .toList();
        if (ofChains.isEmpty()) return Stream.of();
        Set<String> used = new UsedSettings(pipelines.files(), configuration.values())
                .of(pipeline)
                .keys();
        return ofChains.stream().filter(setting -> used.contains(setting.key()));
    }

    /** What a chain runs, in whatever depth, as far as it is there. */
    private Set<Pipeline> below(Pipeline chain) {
        Set<Pipeline> below = new LinkedHashSet<>();
        Deque<Pipeline> ahead = new ArrayDeque<>(List.of(chain));
        while (!ahead.isEmpty()) {
            Pipeline one = ahead.poll();
            pipelines.all().stream()
                    .filter(p -> one.phases().contains(p.name()) && below.add(p))
                    .forEach(ahead::add);
        }
        below.remove(chain);
        return below;
    }

    private List<Setting> own(Pipeline pipeline) {
        return configuration.parameters(pipeline.name()).stream()
                .map(p -> new Setting(
                        p.name(), "caravan." + pipeline.name() + "." + p.name(), p.value(), p.description()))
                .toList();
    }
}
