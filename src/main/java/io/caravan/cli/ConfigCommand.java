package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.settings.Configuration;
import io.caravan.settings.Configuration.Effective;
import io.caravan.settings.SettingNames;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "config",
        description = "Show each setting: its value, without secrets, and where that comes from.",
        footer = {
            "",
            "Without a name: Caravan's settings, and those of Camel that this project, machine or environment changes.",
            "",
            "Example: " + Launcher.CARAVAN + " config personalization"
        })
final class ConfigCommand implements Callable<Integer> {

    private static final String OURS = "caravan.";

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<pipeline or prefix>",
            description =
                    "Only what this pipeline uses, or settings that begin so: caravan.ledger, ledger, camel.server.")
    private String name;

    ConfigCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        List<Effective> all = shell.configuration().effective();
        List<Effective> shown = name == null
                ? all.stream()
                        .filter(s -> s.name().startsWith(OURS) || s.changed())
                        .toList()
                : named(all);
        shell.configuration().unused().forEach(sentence -> shell.terminal().error("config: " + sentence));
        if (common.json()) {
            shell.terminal().json(shown.stream().map(ConfigCommand::json).toList());
            return Exit.SUCCEEDED;
        }
        Table table = new Table("setting", "value", "from");
        shown.forEach(s -> table.row(s.name(), s.value(), s.origin()));
        shell.terminal().print(table);
        return Exit.SUCCEEDED;
    }

    private List<Effective> named(List<Effective> all) {
        Set<String> beginnings = pipeline().map(ConfigCommand::beginnings).orElse(Set.of(name, OURS + name));
        List<Effective> named = all.stream()
                .filter(s -> beginnings.stream().anyMatch(s.name()::startsWith))
                .toList();
        if (named.isEmpty()) {
            Set<String> known = all.stream().map(Effective::name).collect(Collectors.toSet());
            throw new ConfigurationException(
                    SettingChecks.sentence("config", "the name", "be a pipeline or begin the name of a setting", name)
                            + SettingNames.nearest(OURS + name.replaceFirst("^caravan\\.", ""), known)
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse(""));
        }
        return named;
    }

    private Optional<Pipeline> pipeline() {
        if (name.contains(".")) return Optional.empty();
        return shell.pipelines().all().stream()
                .filter(p -> p.name().equals(name))
                .findFirst();
    }

    /** Its own parameters, when it runs, and the stores it uses. */
    private static Set<String> beginnings(Pipeline pipeline) {
        Set<String> beginnings = new LinkedHashSet<>();
        beginnings.add(OURS + pipeline.name() + ".");
        beginnings.add(OURS + "schedule." + pipeline.name() + ".");
        for (String feature : pipeline.features()) {
            beginnings.add(OURS + feature.replace(Configuration.KIND, "") + ".");
        }
        return beginnings;
    }

    private static Map<String, Object> json(Effective s) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("setting", s.name());
        json.put("value", s.value());
        json.put("from", s.origin());
        json.put("changed", s.changed());
        json.put("description", s.description());
        return json;
    }
}
