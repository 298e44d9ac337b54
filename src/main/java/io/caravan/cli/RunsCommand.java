package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Runs;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "runs",
        description = "Show the newest runs: when, how they ended, what they did.",
        footer = {"", "Example: " + Launcher.CARAVAN + " runs --pipeline personalization --limit 5"})
final class RunsCommand implements Callable<Integer> {

    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Option(
            names = "--pipeline",
            paramLabel = "<pipeline>",
            description = "Only those of this pipeline; of a chain those of its phases.")
    private String pipeline;

    @Option(
            names = "--limit",
            paramLabel = "<n>",
            defaultValue = "20",
            description = "At most so many, 1 to 10000 [${DEFAULT-VALUE}].")
    private int limit;

    RunsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        new SettingChecks("runs").between("--limit", limit, 1, 10_000).check();
        List<Runs.Entry> runs = pipeline == null
                ? shell.ledger(c -> Runs.newest(c, Optional.empty(), limit))
                : newest(shell.pipelines().namesOf(shell.pipelines().named(pipeline)));
        if (common.json()) {
            shell.terminal().json(runs.stream().map(RunsCommand::json).toList());
        } else if (runs.isEmpty()) {
            shell.terminal().out().println("No run yet; make one: " + Launcher.command("run <pipeline>"));
        } else {
            shell.terminal().print(table(runs));
        }
        return Exit.SUCCEEDED;
    }

    private List<Runs.Entry> newest(List<String> pipelines) {
        return shell.ledger(c -> {
            List<Runs.Entry> runs = new ArrayList<>();
            for (String one : pipelines) runs.addAll(Runs.newest(c, Optional.of(one), limit));
            runs.sort(Comparator.comparing(Runs.Entry::id).reversed());
            return runs.stream().limit(limit).toList();
        });
    }

    static Table table(List<Runs.Entry> runs) {
        Table table = new Table(
                ">run", "pipeline", "mode", "status", "started", ">duration", ">read", "written by sink", "problem");
        for (Runs.Entry r : runs) {
            StringBuilder written = new StringBuilder();
            r.deliveries().forEach((sink, d) -> written.append(written.isEmpty() ? "" : ", ")
                    .append(sink)
                    .append(' ')
                    .append(Figures.count(d.written())));
            table.row(
                    r.id(),
                    r.pipeline(),
                    r.mode(),
                    r.status(),
                    TIME.format(r.started()),
                    r.finished()
                            .map(end -> Figures.duration(Duration.between(r.started(), end)))
                            .orElse(""),
                    Figures.count(r.recordsRead()),
                    written,
                    r.problem().map(p -> p.lines().findFirst().orElse("")).orElse(""));
        }
        return table;
    }

    static Map<String, Object> json(Runs.Entry r) {
        Map<String, Object> sinks = new LinkedHashMap<>();
        r.deliveries().forEach((name, d) -> {
            Map<String, Object> sink = new LinkedHashMap<>();
            sink.put("written", d.written());
            sink.put("unchanged", d.unchanged());
            sink.put("deleted", d.deleted());
            sink.put("dead", d.dead());
            if (!d.dropped().isEmpty()) sink.put("dropped", d.dropped());
            d.problem().ifPresent(p -> sink.put("problem", p));
            sinks.put(name, sink);
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("runId", r.id());
        json.put("pipeline", r.pipeline());
        json.put("mode", r.mode());
        json.put("status", r.status());
        json.put("started", r.started().toString());
        json.put("finished", r.finished().map(Instant::toString).orElse(null));
        json.put("recordsRead", r.recordsRead());
        json.put("sinks", sinks);
        json.put("problems", r.problem().map(p -> p.lines().toList()).orElse(List.of()));
        return json;
    }
}
