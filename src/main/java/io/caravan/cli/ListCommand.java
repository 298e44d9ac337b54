package io.caravan.cli;

import io.caravan.cli.JobFiles.KnownJob;
import io.caravan.cli.PipelineSettings.Setting;
import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.Launcher;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobParameter;
import io.caravan.settings.Configuration.Parameter;
import io.caravan.validate.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list",
        description =
                "Show the pipelines, chains, datasets and jobs, what each does, and the parameters it takes; and files"
                        + " of them that are wrong, with what is wrong.",
        footer = {"", "Example: " + Launcher.CARAVAN + " list"})
final class ListCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    ListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return show(common.json(), true);
    }

    /** {@code jobs}: those too. */
    int show(boolean asJson, boolean jobs) {
        List<Pipeline> all = shell.pipelines().all();
        List<KnownJob> known = jobs ? shell.pipelines().jobs() : List.of();
        JobCheck check = new JobCheck(shell);
        if (asJson) {
            List<Map<String, Object>> json = new ArrayList<>();
            all.forEach(pipeline -> json.add(json(pipeline)));
            known.forEach(job -> json.add(json(job, check.problems(job))));
            shell.terminal().json(json);
        } else {
            all.forEach(this::print);
            known.forEach(job -> print(job, check.problems(job)));
        }
        shell.pipelines().problems().forEach(shell.terminal()::error);
        return Exit.SUCCEEDED;
    }

    private void print(Pipeline pipeline) {
        String phases = pipeline.isChain() ? " (" + String.join(", ", pipeline.phases()) + ")" : "";
        say(JobCheck.kind(pipeline).word() + " " + pipeline.name() + ": " + pipeline.description() + phases);
        for (Setting p : new PipelineSettings(shell).of(pipeline)) {
            say("  " + PipelineArguments.option(p.name()) + "  " + p.description() + " [" + p.value() + "]");
        }
    }

    private void print(KnownJob job, List<Problem> problems) {
        String description = job.definition().map(JobDefinition::description).orElse("");
        say("job " + job.name() + ": " + (problems.isEmpty() ? description : "cannot run, as its file is wrong"));
        problems.forEach(problem -> say("  " + problem));
        job.definition().ifPresent(d -> d.parameters()
                .forEach(p -> say(("  " + p.option() + "  " + JobOptions.described(p)).stripTrailing())));
    }

    /** What a user's file says must not steer the terminal. */
    private void say(String line) {
        shell.terminal().out().println(Terminal.harmless(line));
    }

    private Map<String, Object> json(Pipeline pipeline) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pipeline", pipeline.name());
        json.put("kind", JobCheck.kind(pipeline).word());
        json.put("description", pipeline.description());
        if (pipeline.isChain()) json.put("phases", pipeline.phases());
        json.put("parameters", parameters(pipeline));
        return json;
    }

    private static Map<String, Object> json(KnownJob job, List<Problem> problems) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", job.name());
        json.put("kind", "job");
        job.definition().ifPresent(d -> {
            json.put("description", d.description());
            json.put("runs", Map.of(d.target().kind().word(), d.target().name()));
            json.put(
                    "parameters", d.parameters().stream().map(ListCommand::json).toList());
        });
        json.put("problems", problems.stream().map(Object::toString).toList());
        return json;
    }

    private static Map<String, Object> json(JobParameter parameter) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", parameter.name());
        json.put("type", parameter.type().word());
        json.put("required", parameter.required());
        json.put("list", parameter.list());
        json.put("value", String.join(",", parameter.standard()));
        json.put("description", JobOptions.described(parameter));
        return json;
    }

    private List<Parameter> parameters(Pipeline pipeline) {
        return new PipelineSettings(shell)
                .of(pipeline).stream()
                        .map(p -> new Parameter(p.name(), p.value(), p.description()))
                        .toList();
    }
}
