package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.Launcher;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = "Connect to everything that is configured and say what is wrong, all at once; start nothing.",
        footer = {"", "Example: " + Launcher.CARAVAN + " check personalization"})
final class CheckCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Parameters(
            arity = "0..1",
            paramLabel = "<pipeline>",
            description = "One of those that " + Launcher.CARAVAN + " list shows; all without.")
    private String name;

    CheckCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        List<Pipeline> pipelines = name == null
                ? shell.pipelines().all()
                : List.of(shell.pipelines().named(name));
        Set<String> problems = new LinkedHashSet<>();
        List<Map<String, Object>> json = new ArrayList<>();
        Table table = new Table("pipeline", "endpoint", "state");
        int exit = Exit.SUCCEEDED;
        for (Pipeline pipeline : pipelines) {
            List<String> found = new ArrayList<>();
            Set<String> asked = new LinkedHashSet<>();
            exit = Math.max(exit, check(pipeline, asked, found));
            problems.addAll(found);
            List<Map<String, Object>> endpoints = new ArrayList<>();
            for (String endpoint : asked.isEmpty() ? Set.of("everything") : asked) {
                List<String> its = found.stream()
                        .filter(p -> p.startsWith(endpoint + ": "))
                        .toList();
                String state = asked.isEmpty() ? "not asked" : its.isEmpty() ? "ok" : "problem";
                table.row(pipeline.name(), endpoint, state);
                endpoints.add(ordered("endpoint", endpoint, "state", state, "problems", its));
            }
            String status = found.isEmpty() ? "succeeded" : "failed";
            json.add(ordered("pipeline", pipeline.name(), "status", status, "endpoints", endpoints, "problems", found));
        }
        if (common.json()) shell.terminal().json(json);
        else shell.terminal().print(table);
        problems.forEach(shell.terminal()::error);
        return exit;
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        return map;
    }

    /** Adds what was reached and what is wrong; the exit code of this pipeline alone. */
    private int check(Pipeline pipeline, Set<String> asked, List<String> problems) {
        try {
            RunReport report = new Trip(shell, pipeline, shell.configuration(), common.json()).go(Mode.CHECK);
            asked.addAll(List.of("ledger", "source"));
            asked.addAll(report.sinks().keySet());
            problems.addAll(report.problems());
            return Exit.of(report.status());
        } catch (Exception e) {
            Failure failure = Failure.of(e);
            problems.addAll(failure.sentence().lines().toList());
            return failure.exitCode();
        }
    }
}
