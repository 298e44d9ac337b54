package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobTable;
import io.caravan.job.Jobs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "retry",
        description = "Put jobs that failed or were cancelled back, as if they had never been tried.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " jobs retry 17",
            "         " + Launcher.CARAVAN + " jobs retry --failed --kind get-s3-files"
        })
final class JobsRetryCommand implements Callable<Integer> {

    private final Shell shell;
    private final BooleanSupplier jsonOfAll;

    @Mixin
    private final Common common = new Common();

    @Option(names = "--failed", description = "All that failed, instead of some by their numbers.")
    private boolean failed;

    @Option(names = "--kind", paramLabel = "<job>", description = "With --failed: only those of this kind.")
    private String kind;

    @Parameters(arity = "0..*", paramLabel = "<id>", description = "The numbers of the jobs.")
    private List<String> ids = List.of();

    /** {@code jsonOfAll}: whether JSON was asked for before the verb. */
    JobsRetryCommand(Shell shell, BooleanSupplier jsonOfAll) {
        this.shell = shell;
        this.jsonOfAll = jsonOfAll;
    }

    @Override
    public Integer call() {
        new SettingChecks("jobs retry")
                .must(
                        failed == ids.isEmpty(),
                        "it",
                        "be told either numbers of jobs or --failed",
                        String.join(" ", ids))
                .must(failed || kind == null, "--kind", "stand with --failed", kind)
                .check();
        long back = failed ? all() : these();
        if (common.json() || jsonOfAll.getAsBoolean()) shell.terminal().json(Map.of("back", back));
        else shell.terminal().out().println(Figures.count(back) + " put back");
        return Exit.SUCCEEDED;
    }

    private long all() {
        long back = 0;
        for (JobTable table : JobStore.tables(shell)) {
            try (JobStore jobs = new JobStore(shell, table)) {
                back += jobs.change(
                        "retry", kind == null ? "" : kind, c -> Jobs.retryAllFailed(c, Optional.ofNullable(kind)));
            }
        }
        return back;
    }

    private long these() {
        for (String id : ids) {
            boolean done = JobNumber.in(shell, id, found -> {
                long number = found.number().id();
                return found.store().change("retry", number, c -> Jobs.retry(c, number));
            });
            if (!done)
                throw new ConfigurationException(
                        SettingChecks.sentence("jobs retry", "id", "be of a job that failed or was cancelled", id));
        }
        return ids.size();
    }
}
