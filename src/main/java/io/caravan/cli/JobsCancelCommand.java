package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.job.Jobs;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "cancel",
        description =
                "End jobs that are not to be done. One that is in a worker's hands is asked to end, and what it says later"
                        + " is refused.",
        footer = {"", "Example: " + Launcher.CARAVAN + " jobs cancel 17 18"})
final class JobsCancelCommand implements Callable<Integer> {

    private final Shell shell;
    private final BooleanSupplier jsonOfAll;

    @Mixin
    private final Common common = new Common();

    @Parameters(arity = "1..*", paramLabel = "<id>", description = "The numbers of the jobs.")
    private List<String> ids;

    /** {@code jsonOfAll}: whether JSON was asked for before the verb. */
    JobsCancelCommand(Shell shell, BooleanSupplier jsonOfAll) {
        this.shell = shell;
        this.jsonOfAll = jsonOfAll;
    }

    @Override
    public Integer call() {
        for (String id : ids) {
            boolean done = JobNumber.in(shell, id, found -> {
                long number = found.number().id();
                return found.store().change("cancel", number, c -> Jobs.cancel(c, number));
            });
            if (!done)
                throw new ConfigurationException(SettingChecks.sentence(
                        "jobs cancel", "id", "be of a job that is pending, processing or failed", id));
        }
        if (common.json() || jsonOfAll.getAsBoolean()) shell.terminal().json(Map.of("cancelled", ids.size()));
        else shell.terminal().out().println(Figures.count(ids.size()) + " cancelled");
        return Exit.SUCCEEDED;
    }
}
