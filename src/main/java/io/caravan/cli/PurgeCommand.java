package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Audit;
import io.caravan.ledger.Retention;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "purge",
        description =
                "Forget runs, ended dead letters, audit and lineage of long ago. What a run or a sink needs stays: the"
                        + " last run of each pipeline, open letters, and which run read each object that is there.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " purge --older-than-days 365 --dry-run",
            "Attempts at jobs: " + Launcher.CARAVAN + " jobs purge --older-than-days 365"
        })
final class PurgeCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Option(
            names = "--older-than-days",
            required = true,
            paramLabel = "<n>",
            description = "Only what ended longer ago, 0 to 36500.")
    private int days;

    @Option(names = "--dry-run", description = "Say how much would be forgotten; forget nothing.")
    private boolean dryRun;

    PurgeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        new SettingChecks("purge").between("--older-than-days", days, 0, 36_500).check();
        Map<String, Long> forgotten = dryRun
                ? shell.rolledBack(c -> Retention.forget(c, days))
                : shell.ledger(c -> {
                    Map<String, Long> done = Retention.forget(c, days);
                    Audit.done(
                            c,
                            "",
                            "purge",
                            shell.starter(),
                            done.values().stream().mapToLong(n -> n).sum());
                    return done;
                });
        say(forgotten);
        return Exit.SUCCEEDED;
    }

    private void say(Map<String, Long> forgotten) {
        if (common.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("dryRun", dryRun);
            json.putAll(forgotten);
            shell.terminal().json(json);
            return;
        }
        shell.terminal()
                .out()
                .println(Figures.count(forgotten.get("runs")) + " runs, " + Figures.count(forgotten.get("deadLetters"))
                        + " dead letters that ended, " + Figures.count(forgotten.get("audited"))
                        + " rows of the audit and "
                        + Figures.count(forgotten.get("inputs")) + " objects read"
                        + (dryRun ? " would be forgotten" : " forgotten"));
    }
}
