package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.settings.Configuration;
import io.caravan.settings.Configuration.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code <pipeline> [--name value ...]}: each name sets {@code caravan.<pipeline>.<name>}, for this command only. */
final class PipelineArguments {

    private static final Pattern A_PATH = Pattern.compile("input|.*(File|Folder|Path)");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    private final Shell shell;
    private final Path caller;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(paramLabel = "<pipeline>", description = "One of those that " + Launcher.CARAVAN + " list shows.")
    private String name;

    /** {@code caller}: the folder that relative paths on the command line start from. */
    PipelineArguments(Shell shell, Path caller) {
        this.shell = shell;
        this.caller = caller;
    }

    /** Lets the command know the parameters of all pipelines as options, with their descriptions. */
    void declare() {
        for (Pipeline pipeline : shell.pipelines().all()) {
            for (Parameter p : shell.configuration().parameters(pipeline.name())) {
                String description = pipeline.name() + ": " + p.description() + " [" + p.value() + "]";
                boolean flag = p.value().matches("true|false");
                declare(option(p.name()), description, flag, false);
                declare("--" + p.name(), description, flag, true);
            }
        }
    }

    private void declare(String option, String description, boolean flag, boolean hidden) {
        if (command.findOption(option) != null) return;
        OptionSpec.Builder spec = OptionSpec.builder(option);
        if (flag) spec.arity("0..1").fallbackValue("true");
        command.addOption(spec.paramLabel("<value>")
                .type(String.class)
                .description(description.replace("%", "%%"))
                .hidden(hidden)
                .build());
    }

    /** Refuses some sinks only for a chain: which phase they are of, nobody said. */
    void mustBeWhole(String command, List<String> onlySinks) {
        Pipeline meant = pipeline();
        if (onlySinks.isEmpty() || !meant.isChain()) return;
        throw new ConfigurationException(SettingChecks.sentence(
                        command,
                        "--only-sinks",
                        "be of a pipeline, and " + name + " is a chain",
                        String.join(",", onlySinks))
                + "; name one of its phases: " + String.join(", ", meant.phases()));
    }

    /** The pipeline that is meant; options that no pipeline has, and a second name, are errors. */
    Pipeline pipeline() {
        List<String> unknown = command.commandLine().getParseResult().unmatched();
        for (String argument : unknown) {
            if (argument.startsWith("-")) throw wrongOption(argument);
        }
        Pipeline pipeline = shell.pipelines().named(name);
        if (!unknown.isEmpty()) {
            throw new ConfigurationException(command.name() + ": there must be one pipeline, got also '"
                    + String.join(" ", unknown) + "'; see " + Launcher.command(command.name() + " --help"));
        }
        return pipeline;
    }

    /** The settings, with what the command line says over them. */
    Configuration configuration() {
        List<Parameter> known = shell.configuration().parameters(name);
        Map<String, String> values = new LinkedHashMap<>();
        for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
            if (option.userObject() != null) continue; // a field of ours, not a parameter
            String value = option.getValue();
            Parameter parameter = known.stream()
                    .filter(p -> List.of("--" + p.name(), option(p.name())).contains(option.longestName()))
                    .findFirst()
                    .orElseThrow(() -> wrongOption(option.longestName()));
            values.put(setting(parameter.name()), absolute(parameter.name(), value));
        }
        if (values.containsKey(setting("input"))) readExactlyThat(known, values);
        return shell.configuration().with(values);
    }

    /** An input that is named is read as it is: prefix and name pattern, unless given too, are those of the default. */
    private void readExactlyThat(List<Parameter> known, Map<String, String> values) {
        Set<String> names = known.stream().map(Parameter::name).collect(Collectors.toSet());
        if (names.contains("prefix")) values.putIfAbsent(setting("prefix"), "");
        if (names.contains("namePattern")) values.putIfAbsent(setting("namePattern"), everyName(known));
    }

    /** All names with the ending that the default asks for. */
    private static String everyName(List<Parameter> known) {
        return known.stream()
                .filter(p -> p.name().equals("namePattern") && p.value().lastIndexOf('.') >= 0)
                .map(p -> "*" + p.value().substring(p.value().lastIndexOf('.')))
                .findFirst()
                .orElse("*");
    }

    private String setting(String parameter) {
        return "caravan." + name + "." + parameter;
    }

    private ConfigurationException wrongOption(String got) {
        List<Pipeline> all = shell.pipelines().all();
        boolean named = all.stream().anyMatch(p -> p.name().equals(name));
        List<String> known = all.stream()
                .filter(p -> !named || p.name().equals(name))
                .flatMap(p -> shell.configuration().parameters(p.name()).stream())
                .map(p -> option(p.name()))
                .distinct()
                .toList();
        List<String> options = new ArrayList<>(known);
        command.options().stream().filter(o -> o.userObject() != null).forEach(o -> options.addAll(List.of(o.names())));
        if (isOfRun(got)) {
            return new ConfigurationException(command.name() + ": an option must be one of this command, got '" + got
                    + "', which is of run; see " + Launcher.command(command.name() + " --help"));
        }
        String rule = known.isEmpty()
                ? "there must be no parameter, as " + (named ? name + " has" : "the pipelines have") + " none"
                : "a parameter must be one of " + String.join(", ", known);
        return new ConfigurationException(command.name() + ": " + rule + ", got '" + got + "'"
                + Cli.seeing(
                        Nearest.hint(got.replaceFirst("=.*", ""), options),
                        command.name() + (named ? " " + name : "") + " --help"));
    }

    /** Whether {@code run} has this option, and this command is another. */
    private boolean isOfRun(String option) {
        if (command.name().equals("run")) return false;
        CommandSpec run = CommandSpec.forAnnotatedObject(new RunCommand(shell, new PipelineArguments(shell, caller)));
        return run.findOption(option.replaceFirst("=.*", "")) != null;
    }

    private String absolute(String parameter, String value) {
        boolean path =
                A_PATH.matcher(parameter).matches() && !SCHEME.matcher(value).matches();
        return path && !value.isBlank() ? caller.resolve(value).normalize().toString() : value;
    }

    /** How a parameter is written on the command line: {@code --name-pattern} for {@code namePattern}. */
    static String option(String name) {
        return "--" + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
