package io.caravan.cli;

import io.caravan.cli.PipelineSettings.Setting;
import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.Launcher;
import io.caravan.validate.ParameterPlaces;
import io.caravan.validate.SourceFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help of a command for one pipeline: its parameters only, by what they are of, with their values and an example. */
final class PipelineHelp {

    private static final String OURS = "caravan.";
    private static final List<String> ASKS = List.of("-h", "--help");

    private final Shell shell;
    private final String command;
    private final Pipeline pipeline;
    private final List<Setting> parameters;

    private PipelineHelp(Shell shell, String command, Pipeline pipeline) {
        this.shell = shell;
        this.command = command;
        this.pipeline = pipeline;
        this.parameters = new PipelineSettings(shell).of(pipeline);
    }

    /** Makes the help of a command that of the pipeline which the arguments name, if they ask for help and name one. */
    static void replace(CommandLine line, Shell shell, String command, String... arguments) {
        if (Arrays.stream(arguments).noneMatch(ASKS::contains)) return;
        Optional<Pipeline> named = Arrays.stream(arguments)
                .flatMap(a ->
                        shell.pipelines().all().stream().filter(p -> p.name().equals(a)))
                .findFirst();
        named.ifPresent(pipeline -> new PipelineHelp(shell, command, pipeline).replace(line));
    }

    private void replace(CommandLine line) {
        Map<String, CommandLine.IHelpSectionRenderer> sections = line.getHelpSectionMap();
        sections.put(
                UsageMessageSpec.SECTION_KEY_SYNOPSIS,
                help -> "caravan " + command + " " + pipeline.name()
                        + " [--<parameter> <value> ...] [<option> ...]%n".formatted());
        sections.put(UsageMessageSpec.SECTION_KEY_DESCRIPTION, help -> pipeline.description() + "%n".formatted());
        sections.put(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, help -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, this::options);
        sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, this::footer);
    }

    private String options(Help help) {
        StringBuilder text = new StringBuilder();
        places().forEach((place, its) -> text.append(section(
                help,
                place.isEmpty() ? "Other parameters" : "Of the " + place,
                its.stream().map(this::option).toList())));
        List<OptionSpec> own = help.commandSpec().options().stream()
                .filter(o -> o.userObject() != null)
                .toList();
        return text + section(help, "Options of " + command, own);
    }

    private Map<String, List<Setting>> places() {
        Set<RouteFile> own = pipeline.isChain()
                ? Set.copyOf(shell.pipelines().files())
                : new UsedSettings(
                                shell.pipelines().files(), shell.configuration().values())
                        .of(pipeline)
                        .files();
        List<SourceFile> routes = shell.pipelines().files().stream()
                .filter(file -> pipeline.routes().contains(file.folder()) && own.contains(file))
                .map(file -> new SourceFile(file.name(), file.text(), false))
                .toList();
        Map<String, List<Setting>> places = new LinkedHashMap<>();
        ParameterPlaces.of(
                        routes,
                        shell.configuration().values(),
                        OURS,
                        parameters.stream()
                                .map(p -> p.key().substring(OURS.length()))
                                .toList())
                .forEach((place, names) -> places.put(
                        place,
                        parameters.stream()
                                .filter(p -> names.contains(p.key().substring(OURS.length())))
                                .toList()));
        return places;
    }

    private OptionSpec option(Setting parameter) {
        String description = parameter.description() + " [" + parameter.value() + "]";
        return OptionSpec.builder(PipelineArguments.option(parameter.name()))
                .paramLabel("<value>")
                .type(String.class)
                .description(description.strip().replace("%", "%%"))
                .build();
    }

    static String section(Help help, String heading, List<OptionSpec> options) {
        Help.Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
        layout.addOptions(options, help.parameterLabelRenderer());
        return "%n%s:%n".formatted(heading) + layout;
    }

    /** That of the command, with an example of this pipeline. */
    private String footer(Help help) {
        Setting shown = parameters.stream()
                .filter(p -> p.name().equals("input"))
                .findFirst()
                .or(() -> parameters.stream().filter(p -> !p.value().isBlank()).findFirst())
                .orElse(null);
        String example = "Example: " + Launcher.command(command + " " + pipeline.name())
                + (shown == null ? "" : " " + PipelineArguments.option(shown.name()) + " " + shown.value());
        List<String> lines = new ArrayList<>();
        for (String line : help.commandSpec().usageMessage().footer()) {
            lines.add(
                    line.startsWith("Example: ")
                            ? example
                            : line.replace("run personalization", "run " + pipeline.name()));
        }
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }
}
