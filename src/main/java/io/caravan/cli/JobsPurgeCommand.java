package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobTable;
import io.caravan.job.Jobs;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "purge",
        description = "Forget old attempts and what the APIs answered then; the last attempt of each job is kept.",
        footer = {"", "Example: " + Launcher.CARAVAN + " jobs purge --older-than-days 90"})
final class JobsPurgeCommand implements Callable<Integer> {

    private static final long JOBS_AT_ONCE = 10_000;

    private final Shell shell;
    private final BooleanSupplier jsonOfAll;

    @Mixin
    private final Common common = new Common();

    @Option(
            names = "--older-than-days",
            required = true,
            paramLabel = "<n>",
            description = "Only attempts that ended longer ago, 0 to 36500.")
    private int days;

    /** {@code jsonOfAll}: whether JSON was asked for before the verb. */
    JobsPurgeCommand(Shell shell, BooleanSupplier jsonOfAll) {
        this.shell = shell;
        this.jsonOfAll = jsonOfAll;
    }

    @Override
    public Integer call() {
        new SettingChecks("jobs purge")
                .between("--older-than-days", days, 0, 36_500)
                .check();
        long forgotten = 0;
        for (JobTable table : JobStore.tables(shell)) {
            try (JobStore jobs = new JobStore(shell, table)) {
                forgotten += forget(jobs);
            }
        }
        if (common.json() || jsonOfAll.getAsBoolean()) shell.terminal().json(Map.of("forgotten", forgotten));
        else shell.terminal().out().println(Figures.count(forgotten) + " attempts forgotten");
        return Exit.SUCCEEDED;
    }

    private long forget(JobStore jobs) {
        long forgotten = 0;
        long last = jobs.ask(Jobs::last);
        for (long from = 0; from < last; from += JOBS_AT_ONCE) {
            long after = from;
            forgotten += jobs.ask(c -> Jobs.forget(c, Duration.ofDays(days), after, after + JOBS_AT_ONCE));
        }
        return forgotten;
    }
}
