package io.caravan.cli;

import io.caravan.cli.JobFiles.KnownJob;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobArguments;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobParameter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run <job>}: its options are the parameters of the job, as its file has them. */
@Command(name = "run", sortOptions = false)
final class JobCommand implements Callable<Integer> {

    private final Shell shell;
    private final KnownJob job;
    private final Path caller;
    private CommandLine line;

    @Mixin
    private final Common common = new Common();

    @Parameters(hidden = true)
    private String name;

    @Option(names = "--dry-run", description = "Say what it would do; write nothing.")
    private boolean dryRun;

    @Option(
            names = "--wait",
            paramLabel = "<seconds>",
            description = "While another run has the job's concurrency key, wait up to this long for it to end.")
    private Long waitSeconds;

    private JobCommand(Shell shell, KnownJob job, Path caller) {
        this.shell = shell;
        this.job = job;
        this.caller = caller;
    }

    /** {@code caller}: the folder that relative paths on the command line start from. */
    static CommandLine commandLine(Shell shell, KnownJob job, Path caller) {
        JobCommand command = new JobCommand(shell, job, caller);
        command.line = new CommandLine(command);
        job.definition().ifPresent(command::declare);
        // of a broken file, what is wrong with it is said, and not of its options
        command.line.setUnmatchedArgumentsAllowed(job.definition().isEmpty());
        return command.line;
    }

    @Override
    public Integer call() throws Exception {
        if (waitSeconds != null)
            new SettingChecks("run").between("--wait", waitSeconds, 0, 86_400).check();
        List<String> problems =
                new JobCheck(shell).problems(job).stream().map(Object::toString).toList();
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        JobDefinition definition = job.definition().orElseThrow();
        JobArguments arguments = JobArguments.of(
                definition, JobOptions.given(line.getParseResult()), text -> JobOptions.resolved(shell, text));
        shell.configuration().learned(arguments.secrets());
        JobRun run = new JobRun(shell, definition, job.file().location(), arguments, caller, common.json());
        return dryRun ? run.plan() : run.run(Optional.ofNullable(waitSeconds).map(Duration::ofSeconds));
    }

    private void declare(JobDefinition definition) {
        List<OptionSpec> parameters = new ArrayList<>();
        for (JobParameter parameter : definition.parameters()) parameters.add(JobOptions.option(parameter));
        List<OptionSpec> own = List.copyOf(line.getCommandSpec().options());
        parameters.forEach(line.getCommandSpec()::addOption);
        Map<String, CommandLine.IHelpSectionRenderer> sections = line.getHelpSectionMap();
        sections.put(
                UsageMessageSpec.SECTION_KEY_SYNOPSIS,
                help -> "caravan run " + job.name() + " [--<parameter> <value> ...] [<option> ...]%n".formatted());
        sections.put(UsageMessageSpec.SECTION_KEY_DESCRIPTION, help -> definition.description() + "%n".formatted());
        sections.put(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, help -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> options(help, parameters, own));
        sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> footer(definition));
    }

    private static String options(Help help, List<OptionSpec> parameters, List<OptionSpec> own) {
        return (parameters.isEmpty() ? "" : PipelineHelp.section(help, "Parameters", parameters))
                + PipelineHelp.section(help, "Options of run", own);
    }

    private static String footer(JobDefinition definition) {
        StringBuilder example = new StringBuilder("run " + definition.name());
        definition.parameters().stream().filter(JobParameter::required).forEach(p -> example.append(' ')
                .append(p.option())
                .append(" <")
                .append(p.type().word())
                .append('>'));
        return String.join(
                        System.lineSeparator(), "", "Example: " + Launcher.command(example.toString()), Exit.SENTENCE)
                + System.lineSeparator();
    }
}
