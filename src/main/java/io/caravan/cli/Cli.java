package io.caravan.cli;

import io.caravan.cli.JobFiles.KnownJob;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.Nearest;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The commands, and what becomes of their failures: one sentence and an exit code. */
final class Cli {

    /** No pipeline may be called like one: {@code caravan <pipeline>} runs it. */
    static final List<String> COMMANDS = List.of(
            "demo",
            "run",
            "plan",
            "verify",
            "adopt",
            "backfill",
            "list",
            "pipelines",
            "runs",
            "audit",
            "lineage",
            "jobs",
            "workers",
            "schedules",
            "dead-letters",
            "datasets",
            "keys",
            "check",
            "serve",
            "stores",
            "reset",
            "remove",
            "rename",
            "purge",
            "config",
            "init",
            "preview",
            "test",
            "completion",
            "validate",
            "kubernetes",
            "help");

    private static final String DATASET = "caravan.series.dataset";
    private static final String DEFAULT_JOB = "caravan.default.job";
    /** What may stand before a command, see {@link Common}; those of the first have a value. */
    private static final List<String> WITH_VALUE = List.of("--routes", "--profile");

    private static final List<String> COMMON = List.of("--json", "-v", "-vv", "--verbose");

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
            shell.called(List.of(args)); // before any sentence: an option that is none may hold a secret
            String[] meant = plain(meant(ofEnvironment(args)));
            shell.called(List.of(meant));
            return commandLine(meant).execute(meant);
        } catch (RuntimeException e) {
            return failed(Failure.of(e), e);
        }
    }

    /**
     * Without a command, the job is run that a setting names, {@code CARAVAN_DEFAULT_JOB} in the environment, with all arguments; or
     * the dataset, {@code DATASET_ID}.
     */
    private String[] ofEnvironment(String... args) {
        boolean asks = args.length > 0 && args[0].matches("-V|--version|-h|--help");
        int first = 0;
        while (first < args.length && isCommon(args[first])) first += WITH_VALUE.contains(args[first]) ? 2 : 1;
        boolean bare = first >= args.length || args[first].startsWith("-");
        if (asks || !bare) return args;
        Optional<String> job =
                shell.configuration().value(DEFAULT_JOB).map(String::strip).filter(name -> !name.isEmpty());
        if (job.isPresent()) {
            return Stream.concat(Stream.of("run", job.get()), Stream.of(args)).toArray(String[]::new);
        }
        asks = List.of(args).stream().anyMatch(a -> a.matches("-V|--version|-h|--help"));
        if (asks || nameIn(args) < args.length) return args;
        List<String> meant = new ArrayList<>(List.of(args));
        shell.configuration()
                .value(DATASET)
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .ifPresent(meant::add);
        return meant.toArray(String[]::new);
    }

    private static boolean isCommon(String argument) {
        return COMMON.contains(argument)
                || WITH_VALUE.stream().anyMatch(o -> argument.equals(o) || argument.startsWith(o + "="));
    }

    /** Without the {@code --} that may stand before the parameters of a job. */
    private String[] plain(String... args) {
        int at = nameIn(args);
        if (at == args.length || !args[at].equals("run") || job(args).isEmpty()) return args;
        List<String> plain = new ArrayList<>(List.of(args));
        plain.remove("--");
        return plain.toArray(String[]::new);
    }

    /** The job that a command line runs; empty when it is another command, or runs a pipeline. */
    private Optional<KnownJob> job(String... args) {
        String[] behind = Arrays.copyOfRange(args, Math.min(args.length, nameIn(args) + 1), args.length);
        int at = nameIn(behind);
        return at == behind.length ? Optional.empty() : shell.pipelines().job(behind[at]);
    }

    /** {@code help}, {@code help <command>} and {@code help <job or pipeline>} mean {@code --help} of them. */
    private static String[] helped(String... args) {
        int at = nameIn(args);
        boolean asks = List.of(args).stream().anyMatch(a -> a.matches("-h|--help"));
        if (at == args.length || !args[at].equals("help") || asks) return args;
        List<String> meant = new ArrayList<>(List.of(args));
        meant.remove(at);
        meant.add("--help");
        return meant.toArray(String[]::new);
    }

    /** {@code <pipeline> ...} means {@code run <pipeline> ...}; a name that is neither is an error. */
    private String[] meant(String... said) {
        String[] args = helped(said);
        int at = nameIn(args);
        if (at == args.length || COMMANDS.contains(args[at])) return args;
        List<String> known = new ArrayList<>(COMMANDS);
        List<String> problems = new ArrayList<>();
        try {
            shell.pipelines().all().forEach(pipeline -> known.add(pipeline.name()));
            shell.pipelines().jobs().forEach(job -> known.add(job.name()));
            problems.addAll(shell.pipelines().problems());
        } catch (ConfigurationException e) {
            problems.add(e.getMessage());
        }
        if (!known.contains(args[at])) {
            problems.add(
                    0,
                    "caravan: command must be one of " + String.join(", ", COMMANDS) + ", or a pipeline or job, got '"
                            + args[at] + "'" + seeing(Nearest.hint(args[at], known), "--help"));
            throw new ConfigurationException(problems);
        }
        List<String> meant = new ArrayList<>(List.of(args));
        meant.add(at, "run");
        return meant.toArray(String[]::new);
    }

    /** Where the first argument is that is neither an option nor the value of one; their number when there is none. */
    private static int nameIn(String... args) {
        int at = 0;
        while (at < args.length && args[at].startsWith("-")) {
            at += WITH_VALUE.contains(args[at]) ? 2 : 1;
        }
        return Math.min(at, args.length);
    }

    /** The end of a sentence: what was meant perhaps, and where more is said. */
    static String seeing(String hint, String help) {
        return (hint.isEmpty() ? "; see " : hint + " See ") + Launcher.command(help);
    }

    /** Only the command that is meant, or all where there is none: building the others would cost more than many a command does. */
    CommandLine commandLine(String... args) {
        CommandLine top = new CommandLine(new Top());
        int at = nameIn(args);
        boolean one = at < args.length;
        boolean none = args.length > 0 && args[0].matches("-V|--version");
        for (String name : one ? List.of(args[at]) : none ? List.<String>of() : COMMANDS) {
            top.addSubcommand(name, command(name, args));
        }
        boolean colours = shell.terminal().colours();
        return top.setColorScheme(CommandLine.Help.defaultColorScheme(colours ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(Math.max(80, Math.min(120, shell.terminal().columns())))
                .setOut(writer(shell.terminal().out()))
                .setErr(writer(shell.terminal().err()))
                .setParameterExceptionHandler((e, a) -> wrongUsage(e))
                .setExecutionExceptionHandler((e, c, r) -> failed(Failure.of(e), e));
    }

    private Object command(String name, String... args) {
        return switch (name) {
            case "demo" -> new DemoCommand(shell);
            case "run" ->
                job(args)
                        .<Object>map(job -> JobCommand.commandLine(shell, job, caller))
                        .orElseGet(() -> withParameters(name, args, arguments -> new RunCommand(shell, arguments)));
            case "plan" -> withParameters(name, args, arguments -> new PlanCommand(shell, arguments));
            case "verify" -> withParameters(name, args, arguments -> new VerifyCommand(shell, arguments));
            case "adopt" -> withParameters(name, args, arguments -> new AdoptCommand(shell, arguments));
            case "backfill" -> backfill(name, args);
            case "list" -> new ListCommand(shell);
            case "pipelines" -> new PipelinesCommand(shell);
            case "workers" -> new WorkersCommand(shell);
            case "schedules" -> new SchedulesCommand(shell);
            case "runs" -> new RunsCommand(shell);
            case "audit" -> new AuditCommand(shell);
            case "lineage" -> new LineageCommand(shell);
            case "jobs" -> JobsCommand.commandLine(shell, caller);
            case "dead-letters" -> DeadLettersCommand.commandLine(shell);
            case "datasets" -> DatasetsCommand.commandLine(shell, caller);
            case "keys" -> KeysCommand.commandLine(shell);
            case "check" -> new CheckCommand(shell);
            case "serve" -> new ServeCommand(shell);
            case "stores" -> new StoresCommand(shell);
            case "reset" -> new ResetCommand(shell);
            case "remove" -> new RemoveCommand(shell);
            case "rename" -> new RenameCommand(shell);
            case "purge" -> new PurgeCommand(shell);
            case "config" -> new ConfigCommand(shell);
            case "init" -> new InitCommand(shell, caller);
            case "preview" -> withParameters(name, args, arguments -> new PreviewCommand(shell, arguments));
            case "test" -> new TestCommand(shell, Path.of(System.getProperty("caravan.project", "")));
            case "completion" -> new CompletionCommand(shell, this::commandLine);
            case "validate" -> new ValidateCommand(shell, caller);
            case "kubernetes" -> new KubernetesCommand(shell);
            case "help" -> new HelpCommand();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** A verb may stand before the pipeline. */
    private CommandLine backfill(String name, String... args) {
        int at = nameIn(args);
        Function<Shell, CommandLine> resume =
                s -> withParameters(name, args, arguments -> new BackfillVerbs.Resume(s, arguments));
        if (at + 1 < args.length && BackfillVerbs.NAMES.contains(args[at + 1]))
            return BackfillVerbs.commandLine(shell, args[at + 1], resume);
        CommandLine line = withParameters(name, args, arguments -> new BackfillCommand(shell, arguments));
        boolean listed = at == args.length; // with all commands, whose words are asked for
        if (listed) BackfillVerbs.NAMES.forEach(verb -> BackfillVerbs.add(line, shell, verb, resume));
        return line;
    }

    private CommandLine withParameters(String name, String[] args, Function<PipelineArguments, Object> command) {
        PipelineArguments arguments = new PipelineArguments(shell, caller);
        CommandLine line = new CommandLine(command.apply(arguments));
        arguments.declare();
        PipelineHelp.replace(line, shell, name, args);
        return line.setUnmatchedArgumentsAllowed(true); // the arguments say what is wrong with them
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private int wrongUsage(ParameterException e) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String command = spec.qualifiedName(" ").replaceFirst("^caravan ?", "");
        String sentence = said(e).replaceFirst("^Error: ", "").replaceAll("\\s*\\R\\s*", "; ");
        shell.terminal()
                .error((command.isEmpty() ? "caravan" : command) + ": " + sentence
                        + seeing(hint(e), (command.isEmpty() ? "" : command + " ") + "--help"));
        return Exit.WRONG;
    }

    /** Of an option that there is not, its name alone: what it was given may be a secret. */
    private static String said(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched) || !unmatched.isUnknownOption()) return e.getMessage();
        return "Unknown option: '" + unmatched.getUnmatched().get(0).replaceFirst("(?s)=.*", "") + "'";
    }

    /** The option or command that was meant by one which there is not. */
    private static String hint(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) return "";
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        List<String> known = new ArrayList<>(spec.optionsMap().keySet());
        known.addAll(spec.subcommands().keySet());
        return Nearest.hint(unmatched.getUnmatched().get(0).replaceFirst("=.*", ""), known);
    }

    private int failed(Failure failure, Exception e) {
        shell.terminal().error(failure.sentence());
        if (shell.terminal().debug() || Log.debug())
            e.printStackTrace(shell.terminal().err());
        return failure.exitCode();
    }

    @Command(
            name = "caravan",
            description = "Moves records from many sources to many kinds of store and keeps each store in step.",
            versionProvider = Version.class,
            synopsisSubcommandLabel = "<command>",
            footer = {
                "",
                "Example: " + Launcher.CARAVAN + " demo",
                "Each command tells more with --help. " + Launcher.CARAVAN + " <pipeline or job> is " + Launcher.CARAVAN
                        + " run <pipeline or job>.",
                Exit.SENTENCE
            })
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
