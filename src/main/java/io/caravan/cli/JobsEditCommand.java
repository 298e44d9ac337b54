package io.caravan.cli;

import io.caravan.cli.JobNumber.Found;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobReport;
import io.caravan.job.JobTable;
import io.caravan.job.Jobs;
import io.caravan.job.NewJob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "edit",
        description =
                "Tell a job that nobody has in hand something else. What is not said stays, its key and state too.",
        footer = {"", "Example: " + Launcher.CARAVAN + " jobs edit 17 -- --source-bucket landing-2"})
final class JobsEditCommand implements Callable<Integer> {

    private final Shell shell;
    private final BooleanSupplier jsonOfAll;

    @Mixin
    private final Common common = new Common();

    @Parameters(index = "0", paramLabel = "<id>", description = "The number of the job.")
    private String id;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "-- --<parameter> <value>",
            description = "What it is told instead.")
    private List<String> said;

    /** {@code jsonOfAll}: whether JSON was asked for before the verb. */
    JobsEditCommand(Shell shell, BooleanSupplier jsonOfAll) {
        this.shell = shell;
        this.jsonOfAll = jsonOfAll;
    }

    @Override
    public Integer call() {
        NewJob now = JobNumber.in(shell, id, this::edited);
        if (common.json() || jsonOfAll.getAsBoolean())
            shell.terminal().json(Map.of("parameters", now.payload().shown()));
        else {
            Table table = new Table("parameter", "value");
            now.payload().shown().forEach(table::row);
            shell.terminal().print(table);
        }
        return Exit.SUCCEEDED;
    }

    private NewJob edited(Found found) {
        long number = found.number().id();
        if (found.number().table() == JobTable.BOOKS)
            throw new ConfigurationException(SettingChecks.sentence(
                            "jobs edit", "id", "not be that of a book, whose key is made of its title", id)
                    + "; cancel it, and publish the right title");
        JobReport.Job job = found.store()
                .<Optional<JobReport.Job>>ask(c -> JobReport.find(c, number))
                .orElseThrow();
        JobDefinition definition = JobsAddCommand.definition(shell, "jobs edit", job.kind());
        Map<String, List<String>> told = new LinkedHashMap<>(job.payload().values());
        told.putAll(JobOptions.read("jobs edit", definition, said));
        NewRows rows = new NewRows(definition, Optional.of(job.key()), text -> JobOptions.resolved(shell, text));
        rows.add("", told);
        NewJob now = rows.rows().iterator().next();
        if (!found.store().change("edit", number, c -> Jobs.edit(c, number, now.payload(), now.concurrencyKey())))
            throw new ConfigurationException(SettingChecks.sentence(
                    "jobs edit",
                    "id",
                    "be of a job that is pending, failed or cancelled",
                    id + " (" + job.status() + ")"));
        return now;
    }
}
