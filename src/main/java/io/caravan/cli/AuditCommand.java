package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Audit;
import io.caravan.ledger.ColumnHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "audit",
        description = "Show who ran what, with which code and settings, when, and how it ended.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " audit personalization --limit 5",
            "What differs between two runs: " + Launcher.CARAVAN + " audit --diff 11 12",
            "What became of the columns of a source: " + Launcher.CARAVAN + " audit personalization --columns",
            "Every setting of one: " + Launcher.CARAVAN + " audit --settings 12",
            "Secrets are in none of it. It stays when its pipeline is removed."
        })
final class AuditCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<pipeline>",
            description = "Only the runs of this one; of a chain those of its phases.")
    private String pipeline;

    @Option(
            names = "--limit",
            paramLabel = "<n>",
            defaultValue = "20",
            description = "At most so many runs, 1 to 10000 [${DEFAULT-VALUE}].")
    private int limit;

    @Option(
            names = "--diff",
            arity = "2",
            paramLabel = "<run>",
            description = "Show what differs between these two: code, command, settings.")
    private List<Long> diff;

    @Option(names = "--settings", paramLabel = "<run>", description = "Show every setting that this run had.")
    private Long of;

    @Option(
            names = "--columns",
            description = "Show which columns its source had in which run, as far as its settings ask for that.")
    private boolean columns;

    AuditCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        new SettingChecks("audit")
                .between("--limit", limit, 1, 10_000)
                .must(diff == null || of == null, "--diff", "be without --settings", diff)
                .must(
                        pipeline == null || diff == null && of == null,
                        "<pipeline>",
                        "be without --diff and --settings, which name runs",
                        pipeline)
                .must(!columns || pipeline != null, "--columns", "be of a pipeline", "none")
                .check();
        if (columns) {
            new AuditColumns(shell.ledger(c -> {
                        List<ColumnHistory.Entry> all = new ArrayList<>();
                        for (String one : names(Audit.pipelines(c))) all.addAll(ColumnHistory.newest(c, one, limit));
                        return all;
                    }))
                    .print(shell.terminal(), common.json());
            return Exit.SUCCEEDED;
        }
        if (diff != null)
            return shell.ledger(c -> {
                AuditDiff between = new AuditDiff(
                        entry(Audit.of(c, diff.get(0)), diff.get(0)),
                        Audit.settings(c, diff.get(0)),
                        entry(Audit.of(c, diff.get(1)), diff.get(1)),
                        Audit.settings(c, diff.get(1)));
                between.print(shell.terminal(), common.json());
                return Exit.SUCCEEDED;
            });
        if (of != null) return settings();
        List<Audit.Entry> entries = shell.ledger(c -> {
            if (pipeline == null) return Audit.newest(c, Optional.empty(), limit);
            List<Audit.Entry> all = new ArrayList<>();
            for (String one : names(Audit.pipelines(c))) all.addAll(Audit.newest(c, Optional.of(one), limit));
            all.sort((a, b) -> Long.compare(b.run(), a.run()));
            return all.stream().limit(limit).toList();
        });
        if (common.json())
            shell.terminal().json(entries.stream().map(AuditCommand::json).toList());
        else if (entries.isEmpty())
            shell.terminal().out().println("No run yet; make one: " + Launcher.command("run <pipeline>"));
        else shell.terminal().print(table(entries));
        return Exit.SUCCEEDED;
    }

    private Integer settings() {
        Map<String, String> settings = shell.ledger(c -> {
            entry(Audit.of(c, of), of);
            return Audit.settings(c, of);
        });
        if (common.json()) {
            shell.terminal().json(settings);
            return Exit.SUCCEEDED;
        }
        Table table = new Table("setting", "value");
        settings.forEach(table::row);
        shell.terminal().print(table);
        return Exit.SUCCEEDED;
    }

    /** One that is no more is still known by its name. */
    private List<String> names(List<String> audited) {
        boolean gone = audited.contains(pipeline)
                && shell.pipelines().all().stream().noneMatch(p -> p.name().equals(pipeline));
        return gone
                ? List.of(pipeline)
                : shell.pipelines().namesOf(shell.pipelines().named(pipeline));
    }

    private static Audit.Entry entry(Optional<Audit.Entry> found, long run) {
        return found.orElseThrow(
                () -> new ConfigurationException(SettingChecks.sentence("audit", "a run", "be one that it shows", run)
                        + "; runs of before there was an" + " audit, plans and verifications are in none"));
    }

    private static Table table(List<Audit.Entry> entries) {
        Table table = new Table(
                ">run", "pipeline", "mode", "outcome", "started", ">duration", "who", "version", "settings", "what");
        for (Audit.Entry e : entries) {
            table.row(
                    e.run(),
                    e.pipeline(),
                    e.mode(),
                    e.status(),
                    RunsCommand.TIME.format(e.started()),
                    e.finished()
                            .map(end -> Figures.duration(Duration.between(e.started(), end)))
                            .orElse(""),
                    who(e),
                    e.version(),
                    e.configuration().substring(0, 8),
                    what(e));
        }
        return table;
    }

    static String who(Audit.Entry e) {
        String user = e.user() + "@" + e.host();
        return e.named().isEmpty() ? user : e.named() + " (" + user + ")";
    }

    private static String what(Audit.Entry e) {
        boolean byRoute = e.command().isEmpty() || e.command().startsWith("caravan serve");
        return byRoute ? (e.command() + " route " + e.route()).strip() : e.command();
    }

    static Map<String, Object> json(Audit.Entry e) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("runId", e.run());
        json.put("pipeline", e.pipeline());
        json.put("mode", e.mode());
        json.put("status", e.status());
        json.put("started", e.started().toString());
        json.put("finished", e.finished().map(Instant::toString).orElse(null));
        json.put("recordsRead", e.recordsRead());
        json.put("user", e.user());
        json.put("host", e.host());
        json.put("named", e.named());
        json.put("command", e.command());
        json.put("route", e.route());
        json.put("version", e.version());
        json.put("configuration", e.configuration());
        return json;
    }
}
