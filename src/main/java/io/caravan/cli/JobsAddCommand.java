package io.caravan.cli;

import io.caravan.cli.JobFiles.KnownJob;
import io.caravan.delivery.Refusal;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobTable;
import io.caravan.job.Jobs;
import io.caravan.job.NewJob;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
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
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description =
                "Put a job into the table for workers to do, or one for each row of a CSV file. What is there already is"
                        + " not added again.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " jobs add get-s3-files --each agencies.csv -- --source-bucket landing",
            "         " + Launcher.CARAVAN
                    + " jobs add get-s3-files --each agencies.csv --to kubernetes | kubectl apply -f -",
            "         " + Launcher.CARAVAN + " jobs add get-s3-files --key \"{{agency-id}} of May\" -- --agency-id 10"
        })
final class JobsAddCommand implements Callable<Integer> {

    private static final int AT_ONCE = 1_000;

    private final Shell shell;
    private final BooleanSupplier jsonOfAll;
    private final Path caller;

    @Mixin
    private final Common common = new Common();

    @Parameters(index = "0", paramLabel = "<job>", description = "The job that is to be done.")
    private String name;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "-- --<parameter> <value>",
            description = "What it is told; with --each, what all are told.")
    private List<String> said = List.of();

    @Option(
            names = "--each",
            paramLabel = "<file>",
            description = "A CSV file whose columns are parameters of the job: a job for each row.")
    private Path each;

    @Option(
            names = "--key",
            paramLabel = "<text>",
            description =
                    "What two have in common that are one; may hold {{agency-id}}. Without it: all that they are told.")
    private String key;

    @Option(
            names = "--to",
            paramLabel = "<endpoint>",
            description =
                    "Instead of the table: queue sends each to caravan.jobs.queue, the URI of an endpoint of Camel to that one,"
                            + " for the pipeline queued-jobs; kubernetes prints a Job for each.")
    private String to;

    @Option(names = "--dry-run", description = "Say how many would be added; write nothing.")
    private boolean dryRun;

    /** {@code jsonOfAll}: whether JSON was asked for before the verb; {@code caller}: where relative paths start. */
    JobsAddCommand(Shell shell, BooleanSupplier jsonOfAll, Path caller) {
        this.shell = shell;
        this.jsonOfAll = jsonOfAll;
        this.caller = caller;
    }

    @Override
    public Integer call() throws Exception {
        JobDefinition job = definition(shell, "jobs add", name);
        if (key != null) job.mustKnow("jobs add", "--key", key);
        Map<String, List<String>> told = JobOptions.read("jobs add", job, said);
        NewRows rows = new NewRows(job, Optional.ofNullable(key), text -> JobOptions.resolved(shell, text));
        if (each == null) rows.add("", told);
        else new EachRow(job, told).read(caller.resolve(each), rows);
        List<NewJob> all = new ArrayList<>(rows.rows());
        if (to != null) return scatter(all, rows.repeated());
        long added;
        try (JobStore store = new JobStore(shell, JobTable.LEDGER)) {
            added = store.ask(c -> dryRun ? Jobs.missing(c, all) : publish(c, all));
        }
        say(dryRun ? "would be added" : "added", added, all.size() - added + rows.repeated());
        if (added > 0 && !dryRun && !json()) shell.terminal().out().println("Next: " + Launcher.command("jobs work"));
        return Exit.SUCCEEDED;
    }

    private int scatter(List<NewJob> all, long repeated) throws Exception {
        JobScatter scatter = new JobScatter(shell);
        if (to.equals(JobScatter.KUBERNETES)) {
            if (dryRun) say("would be printed", all.size(), repeated);
            else scatter.print(all);
            return Exit.SUCCEEDED;
        }
        List<Refusal> refused = dryRun ? List.of() : scatter.send(to, all);
        refused.forEach(one -> shell.terminal().error(one.reason()));
        say(dryRun ? "would be sent" : "sent", all.size() - refused.size(), repeated);
        return refused.isEmpty() ? Exit.SUCCEEDED : refused.size() < all.size() ? Exit.PARTIAL : Exit.FAILED;
    }

    private static long publish(Connection c, List<NewJob> all) throws SQLException {
        long added = 0;
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            added += Jobs.publish(c, all.subList(from, Math.min(all.size(), from + AT_ONCE)))
                    .size();
        }
        return added;
    }

    private void say(String what, long done, long there) {
        if (json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("job", name);
            json.put("dryRun", dryRun);
            json.put(to == null ? "added" : "sent", done);
            json.put("there", there);
            shell.terminal().json(json);
            return;
        }
        String more = there > 0 ? ", " + Figures.count(there) + (there == 1 ? " was" : " were") + " there already" : "";
        shell.terminal().out().println(name + ": " + Figures.count(done) + " " + what + more);
    }

    private boolean json() {
        return common.json() || jsonOfAll.getAsBoolean();
    }

    /** The job of a name, if its file is well and what it runs is there. */
    static JobDefinition definition(Shell shell, String command, String name) {
        Optional<KnownJob> known = shell.pipelines().job(name);
        if (known.isEmpty()) {
            List<String> names =
                    shell.pipelines().jobs().stream().map(KnownJob::name).toList();
            throw new ConfigurationException(
                    SettingChecks.sentence(command, "job", "be one of " + String.join(", ", names), name)
                            + Nearest.hint(name, names));
        }
        List<String> problems = new JobCheck(shell)
                .problems(known.get()).stream().map(Object::toString).toList();
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        return known.get().definition().orElseThrow();
    }
}
