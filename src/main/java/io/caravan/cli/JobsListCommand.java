package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobReport;
import io.caravan.job.JobReport.Line;
import io.caravan.job.JobTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = "Show the newest jobs with their numbers.",
        footer = {"", "Example: " + Launcher.CARAVAN + " jobs list --kind get-s3-files --status failed"})
final class JobsListCommand implements Callable<Integer> {

    private static final List<String> STATUSES = List.of("pending", "processing", "completed", "failed", "cancelled");

    private final Shell shell;
    private final BooleanSupplier jsonOfAll;

    @Mixin
    private final Common common = new Common();

    @Option(names = "--kind", paramLabel = "<job>", description = "Only jobs of this kind.")
    private String kind;

    @Option(
            names = "--status",
            paramLabel = "<status>",
            description = "Only those: pending, processing, completed, failed or cancelled.")
    private String status;

    @Option(
            names = "--limit",
            paramLabel = "<n>",
            defaultValue = "20",
            description = "At most so many of a table (1 to 100000, default 20).")
    private int limit;

    /** {@code jsonOfAll}: whether JSON was asked for before the verb. */
    JobsListCommand(Shell shell, BooleanSupplier jsonOfAll) {
        this.shell = shell;
        this.jsonOfAll = jsonOfAll;
    }

    @Override
    public Integer call() {
        new SettingChecks("jobs list")
                .between("--limit", limit, 1, 100_000)
                .must(
                        status == null || STATUSES.contains(status),
                        "--status",
                        "be one of " + String.join(", ", STATUSES),
                        status)
                .check();
        List<JobTable> tables = JobStore.tables(shell);
        List<Map<String, Object>> rows = new ArrayList<>();
        Table table = new Table(">id", "kind", "key", "status", ">attempts", "worker", "error");
        for (JobTable of : tables) {
            for (Line line : lines(of)) {
                String id = JobNumber.shown(tables, of, line.id());
                rows.add(json(id, line));
                table.row(
                        id,
                        line.kind(),
                        Terminal.harmless(line.key()),
                        line.status(),
                        line.attempts(),
                        line.worker().orElse(""),
                        line.error().map(Terminal::harmless).orElse(""));
            }
        }
        if (common.json() || jsonOfAll.getAsBoolean()) shell.terminal().json(rows);
        else if (rows.isEmpty()) shell.terminal().out().println("There are no such jobs.");
        else shell.terminal().print(table);
        return Exit.SUCCEEDED;
    }

    private List<Line> lines(JobTable table) {
        try (JobStore jobs = new JobStore(shell, table)) {
            return jobs.ask(c -> JobReport.lines(c, Optional.ofNullable(kind), Optional.ofNullable(status), limit));
        }
    }

    private static Map<String, Object> json(String id, Line line) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("kind", line.kind());
        json.put("key", line.key());
        json.put("status", line.status());
        json.put("attempts", line.attempts());
        json.put("created", line.created().toString());
        json.put("worker", line.worker().orElse(null));
        json.put("error", line.error().orElse(null));
        return json;
    }
}
