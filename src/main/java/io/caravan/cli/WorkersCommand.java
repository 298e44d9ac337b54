package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.job.JobTable;
import io.caravan.job.Worker;
import io.caravan.ledger.Holder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "workers",
        description =
                "Show who works at this moment, on any machine: which pipelines are run and which jobs are held, by whom,"
                        + " since when, and when it was heard of last.",
        footer = {"", "Example: " + Launcher.CARAVAN + " workers"})
final class WorkersCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    /** One line; {@code heartbeat}: not known of jobs. */
    private record Line(
            String of,
            String name,
            String worker,
            Optional<Instant> since,
            Optional<Instant> heartbeat,
            Instant until) {}

    WorkersCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        List<Line> lines = new ArrayList<>();
        shell.ledger(Holder::all)
                .forEach(h -> lines.add(
                        new Line(h.of(), h.name(), h.holder(), h.since(), Optional.of(h.heartbeat()), h.until())));
        workers()
                .forEach(w -> lines.add(new Line(
                        "jobs",
                        Figures.count(w.jobs()),
                        w.name(),
                        Optional.of(w.since()),
                        Optional.empty(),
                        w.until())));
        if (common.json()) {
            shell.terminal().json(lines.stream().map(WorkersCommand::json).toList());
        } else if (lines.isEmpty()) {
            shell.terminal().out().println("Nobody works now.");
        } else {
            Table table = new Table("holds", "name", "worker", "since", "heartbeat", "until");
            lines.forEach(l -> table.row(
                    l.of(), l.name(), l.worker(), time(l.since()), time(l.heartbeat()), time(Optional.of(l.until()))));
            shell.terminal().print(table);
        }
        return Exit.SUCCEEDED;
    }

    private List<Worker> workers() {
        List<Worker> all = new ArrayList<>();
        for (JobTable table : JobStore.tables(shell)) {
            try (JobStore jobs = new JobStore(shell, table)) {
                all.addAll(jobs.ask(Worker::all));
            }
        }
        return all;
    }

    private static String time(Optional<Instant> time) {
        return time.map(RunsCommand.TIME::format).orElse("");
    }

    private static Map<String, Object> json(Line l) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("holds", l.of());
        json.put("name", l.name());
        json.put("worker", l.worker());
        json.put("since", l.since().map(Instant::toString).orElse(null));
        json.put("heartbeat", l.heartbeat().map(Instant::toString).orElse(null));
        json.put("until", l.until().toString());
        return json;
    }
}
