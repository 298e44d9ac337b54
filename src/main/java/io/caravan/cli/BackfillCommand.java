package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.run.Slices;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "backfill",
        description =
                "Read a pipeline's history slice by slice, beside its runs of today: each slice is a run of its own, the newest first.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " backfill silver --agency agency-10 --since 2020-01 --until 2024-12",
            "How far it is: " + Launcher.CARAVAN + " backfill status",
            "To stop, go on, or give up: " + Launcher.CARAVAN + " backfill pause|resume|cancel <pipeline>",
            "Until every slice is read, other runs of the pipeline leave those alone that are not, and nothing is deleted.",
            Exit.SENTENCE
        })
final class BackfillCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Mixin
    private final PipelineArguments arguments;

    @Option(
            names = "--since",
            required = true,
            paramLabel = "<day>",
            description = "The first day, month or year: 2020-01-15, 2020-01 or 2020.")
    private String since;

    @Option(names = "--until", required = true, paramLabel = "<day>", description = "The last one, which is read too.")
    private String until;

    @Option(
            names = "--by",
            defaultValue = "month",
            paramLabel = "<length>",
            description = "How long a slice is, day, month or year [${DEFAULT-VALUE}].")
    private String by;

    @Option(names = "--dry-run", description = "Show the slices and what lies in each, and write nothing.")
    private boolean dryRun;

    @Mixin
    private final BackfillWork.Patience patience = new BackfillWork.Patience();

    BackfillCommand(Shell shell, PipelineArguments arguments) {
        this.shell = shell;
        this.arguments = arguments;
    }

    @Override
    public Integer call() throws Exception {
        patience.checked();
        Slices slices = DayRange.cut(since, until, by);
        BackfillWork work = new BackfillWork(shell, arguments.pipeline(), arguments.configuration(), common.json());
        work.count(slices);
        if (dryRun) {
            new SlicesTable(slices).print(shell.terminal(), common.json());
            return Exit.SUCCEEDED;
        }
        work.plan(slices);
        return work.run(patience);
    }
}
