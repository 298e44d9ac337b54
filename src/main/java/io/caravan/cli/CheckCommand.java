package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.Launcher;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
        List<Pipeline> pipelines = pipelines();
        Set<String> problems = new LinkedHashSet<>();
        List<Map<String, Object>> json = new ArrayList<>();
        Table table = new Table("pipeline", "endpoint", "state", "holds");
        int exit = Exit.SUCCEEDED;
        for (Pipeline pipeline : pipelines) {
            List<String> found = new ArrayList<>();
            Set<String> asked = new LinkedHashSet<>();
            Map<String, Map<String, Long>> facts = new HashMap<>();
            exit = Exit.worse(exit, check(pipeline, asked, found, facts));
            problems.addAll(found);
            List<Map<String, Object>> endpoints = new ArrayList<>();
            for (String endpoint : asked.isEmpty() ? Set.of("everything") : asked) {
                List<String> its = found.stream()
                        .filter(p -> p.startsWith(endpoint + ": "))
                        .toList();
                String state = asked.isEmpty() ? "not asked" : its.isEmpty() ? "ok" : "problem";
                Map<String, Long> holds = facts.getOrDefault(endpoint, Map.of());
                table.row(pipeline.name(), endpoint, state, words(holds));
                Map<String, Object> told = ordered("endpoint", endpoint, "state", state, "problems", its);
                if (!holds.isEmpty()) told.put("holds", holds);
                endpoints.add(told);
            }
            String status = found.isEmpty() ? "succeeded" : "failed";
            json.add(ordered("pipeline", pipeline.name(), "status", status, "endpoints", endpoints, "problems", found));
        }
        if (common.json()) shell.terminal().json(json);
        else shell.terminal().print(table);
        problems.forEach(shell.terminal()::error);
        return exit;
    }

    /** Of a chain its phases, which are asked one by one. */
    private List<Pipeline> pipelines() {
        if (name == null)
            return shell.pipelines().all().stream().filter(p -> !p.isChain()).toList();
        Pipeline named = shell.pipelines().named(name);
        return named.isChain()
                ? shell.pipelines().phasesOf(named).stream().distinct().toList()
                : List.of(named);
    }

    /** {@code 1,234 documents, 56,789 bytes} */
    private static String words(Map<String, Long> holds) {
        return holds.entrySet().stream()
                .map(fact -> Figures.count(fact.getValue()) + " "
                        + fact.getKey().replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        return map;
    }

    /** Adds what was reached, what is wrong and what is held there; the exit code of this pipeline alone. */
    private int check(
            Pipeline pipeline, Set<String> asked, List<String> problems, Map<String, Map<String, Long>> facts) {
        try {
            RunReport report = new Trip(shell, pipeline, shell.configuration(), common.json()).go(Mode.CHECK);
            asked.addAll(List.of("ledger", "source"));
            asked.addAll(report.sinks().keySet());
            problems.addAll(report.problems());
            facts.putAll(report.facts());
            return Exit.of(report.status());
        } catch (Exception e) {
            Failure failure = Failure.of(e);
            problems.addAll(failure.sentence().lines().toList());
            return failure.exitCode();
        }
    }
}
