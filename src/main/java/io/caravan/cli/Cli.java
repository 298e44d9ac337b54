package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands, and what becomes of their failures: one sentence and an exit code. */
final class Cli {

    /** No pipeline may be called like one: {@code caravan <pipeline>} runs it. */
    static final List<String> COMMANDS = List.of(
            "demo",
            "run",
            "plan",
            "verify",
            "list",
            "runs",
            "jobs",
            "dead-letters",
            "check",
            "serve",
            "stores",
            "validate");

    private final Shell shell;
    private final Path caller;

    /** {@code caller}: the folder that relative paths on the command line start from. */
    Cli(Shell shell, Path caller) {
        this.shell = shell;
        this.caller = caller;
    }

    /** Does what the arguments say and returns the exit code; never throws. */
    int run(String... args) {
        try {
            if (args.length > 0 && !args[0].startsWith("-") && !COMMANDS.contains(args[0])) {
                throw new ConfigurationException("caravan: command must be one of " + String.join(", ", COMMANDS)
                        + ", got '" + args[0] + "'; see ./caravan --help");
            }
            return commandLine(args).execute(args);
        } catch (RuntimeException e) {
            return failed(Failure.of(e), e);
        }
    }

    /** Only the command that is meant: building the others would cost more than many a command does. */
    private CommandLine commandLine(String... args) {
        CommandLine top = new CommandLine(new Top());
        boolean one = args.length > 0 && COMMANDS.contains(args[0]);
        boolean none = args.length > 0 && args[0].matches("-V|--version");
        for (String name : one ? List.of(args[0]) : none ? List.<String>of() : COMMANDS) {
            top.addSubcommand(name, command(name));
        }
        boolean colours = shell.terminal().colours();
        return top.setColorScheme(CommandLine.Help.defaultColorScheme(colours ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(Math.max(80, Math.min(120, shell.terminal().columns())))
                .setOut(writer(shell.terminal().out()))
                .setErr(writer(shell.terminal().err()))
                .setParameterExceptionHandler((e, a) -> wrongUsage(e))
                .setExecutionExceptionHandler((e, c, r) -> failed(Failure.of(e), e));
    }

    private Object command(String name) {
        return switch (name) {
            case "demo" -> new DemoCommand(shell);
            case "run" -> withParameters(arguments -> new RunCommand(shell, arguments));
            case "plan" -> withParameters(arguments -> new PlanCommand(shell, arguments));
            case "verify" -> withParameters(arguments -> new VerifyCommand(shell, arguments));
            case "list" -> new ListCommand(shell);
            case "runs" -> new RunsCommand(shell);
            case "jobs" -> JobsCommand.commandLine(shell);
            case "dead-letters" -> DeadLettersCommand.commandLine(shell);
            case "check" -> new CheckCommand(shell);
            case "serve" -> new ServeCommand(shell);
            case "stores" -> new StoresCommand(shell);
            case "validate" -> new ValidateCommand(shell, caller);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private CommandLine withParameters(Function<PipelineArguments, Object> command) {
        PipelineArguments arguments = new PipelineArguments(shell, caller);
        CommandLine line = new CommandLine(command.apply(arguments));
        arguments.declare();
        return line.setUnmatchedArgumentsAllowed(true); // the arguments say what is wrong with them
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private int wrongUsage(ParameterException e) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String command = spec.qualifiedName(" ").replaceFirst("^caravan ?", "");
        String sentence = e.getMessage().replaceFirst("^Error: ", "").replaceAll("\\s*\\R\\s*", "; ");
        shell.terminal()
                .error((command.isEmpty() ? "caravan" : command) + ": " + sentence + "; see ./caravan "
                        + (command.isEmpty() ? "" : command + " ") + "--help");
        return Exit.WRONG;
    }

    private int failed(Failure failure, Exception e) {
        shell.terminal().error(failure.sentence());
        if (shell.terminal().debug()) e.printStackTrace(shell.terminal().err());
        return failure.exitCode();
    }

    @Command(
            name = "caravan",
            description = "Moves records from many sources to many kinds of store and keeps each store in step.",
            versionProvider = Version.class,
            synopsisSubcommandLabel = "<command>",
            footer = {"", "Example: ./caravan demo", "Each command tells more with --help."})
    private static final class Top implements Runnable {

        @Spec
        private CommandSpec spec;

        @Mixin
        private final Common common = new Common();

        @Option(
                names = {"-V", "--version"},
                versionHelp = true,
                description = "Show the version.")
        private boolean version;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "Missing command");
        }
    }
}
