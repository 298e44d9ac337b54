package io.caravan.cli;

import io.caravan.cli.PipelineSettings.Setting;
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
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code <pipeline> [--name value ...]}: each name sets {@code caravan.<pipeline>.<name>}, for this command only, see {@link PipelineSettings}. */
final class PipelineArguments {

    private static final Pattern A_PATH = Pattern.compile("input|(.*[.])?output|.*(File|Folder|Path)");
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
        List<OptionSpec> given = command.commandLine().getParseResult().matchedOptions().stream()
                .filter(option -> option.userObject() == null) // a field of ours is no parameter
                .toList();
        if (given.isEmpty()) return shell.configuration();
        List<Setting> known = settings(shell.pipelines().named(name));
        Map<String, String> values = new LinkedHashMap<>();
        for (OptionSpec option : given) {
            put(meant(option.longestName(), known), option.getValue(), known, caller, values);
        }
        return shell.configuration().with(values);
    }

    /** Sets what one value means: a path starts from {@code caller}, and an input is read as it is. */
    static void put(Setting setting, String value, List<Setting> known, Path caller, Map<String, String> values) {
        values.put(setting.key(), absolute(setting.name(), value, caller));
        if (setting.name().equals("input")) readExactlyThat(setting, known, values);
    }

    private List<Setting> settings(Pipeline pipeline) {
        return new PipelineSettings(shell).of(pipeline);
    }

    private Setting meant(String option, List<Setting> known) {
        List<Setting> meant = known.stream()
                .filter(p -> List.of("--" + p.name(), option(p.name())).contains(option))
                .toList();
        if (meant.isEmpty()) throw wrongOption(option);
        if (meant.size() == 1) return meant.get(0);
        throw new ConfigurationException(SettingChecks.sentence(
                        command.name(), "a parameter", "be that of one pipeline, and several have it", option)
                + "; run a phase alone, or set one of "
                + String.join(", ", meant.stream().map(Setting::key).toList()));
    }

    /** An input that is named is read as it is: prefix and name pattern, unless given too, are those of the default. */
    private static void readExactlyThat(Setting input, List<Setting> known, Map<String, String> values) {
        for (Setting setting : known) {
            if (setting.key().equals(input.beside("prefix"))) values.putIfAbsent(setting.key(), "");
            if (setting.key().equals(input.beside("namePattern")))
                values.putIfAbsent(setting.key(), everyName(setting.value()));
        }
    }

    /** All names with the ending that the default asks for. */
    private static String everyName(String pattern) {
        return pattern.lastIndexOf('.') < 0 ? "*" : "*" + pattern.substring(pattern.lastIndexOf('.'));
    }

    private ConfigurationException wrongOption(String word) {
        String got = word.replaceFirst("(?s)=.*", ""); // what it was given may be a secret
        List<Pipeline> all = shell.pipelines().all();
        boolean named = all.stream().anyMatch(p -> p.name().equals(name));
        List<String> known = all.stream()
                .filter(p -> !named || p.name().equals(name))
                .flatMap(p -> settings(p).stream())
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
        return new ConfigurationException(command.name() + ": " + rule + ", got '" + got + "'" + whose(got)
                + Cli.seeing(Nearest.hint(got, options), command.name() + (named ? " " + name : "") + " --help"));
    }

    /** The other pipelines that have this parameter, where there are any. */
    private String whose(String got) {
        List<String> others = shell.pipelines().all().stream()
                .filter(p -> settings(p).stream().anyMatch(s -> option(s.name()).equals(got.replaceFirst("=.*", ""))))
                .map(Pipeline::name)
                .toList();
        return others.isEmpty() ? "" : ", which is one of " + String.join(", ", others);
    }

    /** Whether {@code run} has this option, and this command is another. */
    private boolean isOfRun(String option) {
        if (command.name().equals("run")) return false;
        CommandSpec run = CommandSpec.forAnnotatedObject(new RunCommand(shell, new PipelineArguments(shell, caller)));
        return run.findOption(option.replaceFirst("=.*", "")) != null;
    }

    private static String absolute(String parameter, String value, Path caller) {
        boolean path =
                A_PATH.matcher(parameter).matches() && !SCHEME.matcher(value).matches();
        return path && !value.isBlank() ? caller.resolve(value).normalize().toString() : value;
    }

    /** How a parameter is written on the command line: {@code --name-pattern} for {@code namePattern}. */
    static String option(String name) {
        return "--" + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
