package io.caravan.cli;

import io.caravan.cli.JobFiles.KnownJob;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "work",
        description =
                "Take jobs from the table and do them, one after the other or so many at once as --parallel says, until none is"
                        + " left; start as many of these as you like, on any machine. SIGTERM ends it after the present jobs.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " jobs work",
            "         " + Launcher.CARAVAN + " jobs work --kind get-s3-files --stay"
        })
final class JobsWorkCommand implements Callable<Integer> {

    private final Shell shell;
    private final BooleanSupplier jsonOfAll;
    private final Path caller;

    @Mixin
    private final Common common = new Common();

    @Option(
            names = "--kind",
            paramLabel = "<job>",
            split = ",",
            description = "Only these jobs, comma separated; without it all whose files are here.")
    private List<String> kinds = List.of();

    @Option(names = "--stay", description = "Wait for more when none is left.")
    private boolean stay;

    @Option(
            names = "--parallel",
            paramLabel = "<jobs>",
            defaultValue = "1",
            description = "Do so many jobs at once in this process (1 to 32) [${DEFAULT-VALUE}].")
    private int parallel;

    @Option(
            names = "--lease-millis",
            paramLabel = "<n>",
            defaultValue = "30000",
            description =
                    "How long a worker that does not renew its lease keeps its job (300 to 3600000, default 30000).")
    private int leaseMillis;

    /** {@code jsonOfAll}: whether JSON was asked for before the verb; {@code caller}: where relative paths start. */
    JobsWorkCommand(Shell shell, BooleanSupplier jsonOfAll, Path caller) {
        this.shell = shell;
        this.jsonOfAll = jsonOfAll;
        this.caller = caller;
    }

    @Override
    public Integer call() throws Exception {
        Map<String, KnownJob> known = new LinkedHashMap<>();
        JobCheck check = new JobCheck(shell);
        for (KnownJob job : shell.pipelines().jobs()) {
            if (!kinds.isEmpty() && !kinds.contains(job.name())) continue;
            List<String> problems =
                    check.problems(job).stream().map(Object::toString).toList();
            if (problems.isEmpty()) known.put(job.name(), job);
            else if (kinds.isEmpty()) problems.forEach(shell.terminal()::error);
            else throw new ConfigurationException(problems);
        }
        SettingChecks checks = new SettingChecks("jobs work")
                .between("--lease-millis", leaseMillis, 300, 3_600_000)
                .between("--parallel", parallel, 1, 32);
        for (String kind : kinds) {
            List<String> names =
                    shell.pipelines().jobs().stream().map(KnownJob::name).toList();
            checks.must(
                    known.containsKey(kind),
                    "--kind",
                    "be one of " + String.join(", ", names) + Nearest.hint(kind, names),
                    kind);
        }
        checks.check();
        boolean json = common.json() || jsonOfAll.getAsBoolean();
        return new JobWorker(shell, known, caller, json).work(Duration.ofMillis(leaseMillis), stay, parallel);
    }
}
