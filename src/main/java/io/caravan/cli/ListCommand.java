package io.caravan.cli;

import io.caravan.cli.PipelineSettings.Setting;
import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.Launcher;
import io.caravan.settings.Configuration.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list",
        description = "Show the pipelines, what each moves, and the parameters it takes.",
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
        List<Pipeline> all = shell.pipelines().all();
        if (common.json()) {
            shell.terminal().json(all.stream().map(this::json).toList());
            return Exit.SUCCEEDED;
        }
        for (Pipeline pipeline : all) {
            String phases = pipeline.isChain() ? " (" + String.join(", ", pipeline.phases()) + ")" : "";
            shell.terminal().out().println(pipeline.name() + ": " + pipeline.description() + phases);
            for (Setting p : new PipelineSettings(shell).of(pipeline)) {
                shell.terminal()
                        .out()
                        .println("  " + PipelineArguments.option(p.name()) + "  " + p.description() + " [" + p.value()
                                + "]");
            }
        }
        return Exit.SUCCEEDED;
    }

    private Map<String, Object> json(Pipeline pipeline) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pipeline", pipeline.name());
        json.put("description", pipeline.description());
        if (pipeline.isChain()) json.put("phases", pipeline.phases());
        json.put("parameters", parameters(pipeline));
        return json;
    }

    private List<Parameter> parameters(Pipeline pipeline) {
        return new PipelineSettings(shell)
                .of(pipeline).stream()
                        .map(p -> new Parameter(p.name(), p.value(), p.description()))
                        .toList();
    }
}
