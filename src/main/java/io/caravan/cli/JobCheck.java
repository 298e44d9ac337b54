package io.caravan.cli;

import io.caravan.cli.JobFiles.KnownJob;
import io.caravan.cli.PipelineSettings.Setting;
import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobDefinition.Kind;
import io.caravan.job.JobParameter;
import io.caravan.validate.Problem;
import io.caravan.validate.YamlFile;
import io.caravan.validate.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is wrong between a job's file and what is there beside it: what it runs, and the settings that its parameters are. */
final class JobCheck {

    private final Pipelines pipelines;
    private final PipelineSettings settings;

    JobCheck(Shell shell) {
        this.pipelines = shell.pipelines();
        this.settings = new PipelineSettings(shell);
    }

    /** All that is wrong with a job; empty when it can run. */
    List<Problem> problems(KnownJob job) {
        List<Problem> problems = new ArrayList<>(job.problems());
        job.definition().ifPresent(definition -> problems.addAll(between(job, definition)));
        return problems;
    }

    /** What its parameters are the values of, of those that its file gives no place. */
    Map<JobParameter, Setting> settings(JobDefinition job) {
        Map<JobParameter, Setting> found = new LinkedHashMap<>();
        Optional<Pipeline> target = target(job);
        if (target.isEmpty()) return found;
        List<Setting> known = settings.of(target.get());
        for (JobParameter parameter : job.parameters()) {
            List<Setting> named = job.sets(parameter)
                    ? List.of()
                    : known.stream()
                            .filter(s -> s.name().equals(parameter.setting()))
                            .toList();
            if (named.size() == 1) found.put(parameter, named.get(0));
        }
        return found;
    }

    /** The pipeline, chain or dataset that a job runs; empty when there is none, or it runs a function. */
    Optional<Pipeline> target(JobDefinition job) {
        return pipelines.all().stream()
                .filter(p -> p.name().equals(job.target().name())
                        && kind(p) == kind(job.target().kind()))
                .findFirst();
    }

    /** A backfill is of a pipeline. */
    private static Kind kind(Kind target) {
        return target == Kind.BACKFILL ? Kind.PIPELINE : target;
    }

    static Kind kind(Pipeline pipeline) {
        return pipeline.isChain() ? Kind.CHAIN : Pipelines.isDataset(pipeline) ? Kind.DATASET : Kind.PIPELINE;
    }

    private List<Problem> between(KnownJob job, JobDefinition definition) {
        List<Problem> problems = new ArrayList<>();
        YamlNode root = YamlFile.read(job.file().name(), job.file().text(), new ArrayList<>())
                .orElseThrow();
        String name = definition.target().name();
        Kind kind = definition.target().kind();
        if (kind == Kind.JAVA) {
            if (name.contains(".") && JobCheck.class.getResource("/" + name.replace('.', '/') + ".class") == null)
                problems.add(said(job, root, "run", "run.java", "be a bean or a class on the class path", name, ""));
            return problems;
        }
        if (target(definition).isEmpty()) {
            List<String> known = pipelines.all().stream()
                    .filter(p -> kind(p) == kind(kind))
                    .map(Pipeline::name)
                    .toList();
            String rule = known.isEmpty() ? "name one, and there is none" : "be one of " + String.join(", ", known);
            problems.add(said(job, root, "run", "run." + kind.word(), rule, name, Nearest.hint(name, known)));
            return problems;
        }
        Map<JobParameter, Setting> found = settings(definition);
        List<String> names = settings.of(target(definition).get()).stream()
                .map(Setting::name)
                .toList();
        List<String> told = kind == Kind.BACKFILL ? JobDefinition.OF_BACKFILL : List.of();
        List<String> there =
                definition.parameters().stream().map(JobParameter::name).toList();
        for (String needed : told.subList(0, Math.min(2, told.size()))) {
            if (!there.contains(needed))
                problems.add(
                        said(job, root, "run", "parameters", "have " + needed + " for run.backfill", there + "", ""));
        }
        for (JobParameter parameter : definition.parameters()) {
            if (told.contains(parameter.name()) || definition.uses(parameter) || found.containsKey(parameter)) continue;
            problems.add(said(
                    job,
                    root.at("parameters").orElse(root),
                    parameter.name(),
                    "parameters",
                    "be a setting of " + name + ", or stand in set as {{" + parameter.name() + "}}",
                    parameter.name(),
                    Nearest.hint(parameter.setting(), names)));
        }
        return problems;
    }

    private static Problem said(
            KnownJob job, YamlNode node, String key, String field, String rule, String got, String hint) {
        String sentence = SettingChecks.sentence("job", field, rule, got) + hint;
        return new Problem(job.file().name(), node.lineOf(key), 0, sentence);
    }
}
