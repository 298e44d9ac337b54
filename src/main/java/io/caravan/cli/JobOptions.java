package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobParameter;
import io.caravan.job.JobParameter.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The parameters of a job as options of a command line. */
final class JobOptions {

    private JobOptions() {}

    /** What is said behind {@code --}, and nothing else; {@code command}: who is told when it is wrong. */
    static Map<String, List<String>> read(String command, JobDefinition job, List<String> said) {
        CommandSpec spec = CommandSpec.create().name(command);
        job.parameters().forEach(parameter -> spec.addOption(option(parameter)));
        try {
            return given(new CommandLine(spec).parseArgs(said.toArray(String[]::new)));
        } catch (CommandLine.ParameterException e) {
            throw new ConfigurationException(command + ": " + e.getMessage().replaceAll("\\s*\\R\\s*", "; ")
                    + Cli.seeing("", "help " + job.name()));
        }
    }

    /** What it is, its rules, and what holds without it. */
    static String described(JobParameter parameter) {
        List<String> rules = new ArrayList<>();
        if (parameter.required()) rules.add("required");
        if (parameter.list()) rules.add("several, comma separated");
        if (!parameter.allowed().isEmpty()) rules.add("one of " + String.join(", ", parameter.allowed()));
        parameter.pattern().ifPresent(pattern -> rules.add("matching " + pattern));
        parameter.minimum().ifPresent(least -> rules.add("at least " + least));
        parameter.maximum().ifPresent(most -> rules.add("at most " + most));
        return parameter.description()
                + (rules.isEmpty()
                        ? ""
                        : (parameter.description().isBlank() ? "" : " ") + "(" + String.join("; ", rules) + ")")
                + (parameter.standard().isEmpty() ? "" : " [" + String.join(",", parameter.standard()) + "]");
    }

    static OptionSpec option(JobParameter parameter) {
        OptionSpec.Builder option = OptionSpec.builder(parameter.option())
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity(parameter.type() == Type.BOOLEAN ? "0..1" : "1")
                .paramLabel("<" + parameter.type().word() + ">")
                .description(described(parameter).replace("%", "%%"));
        if (parameter.type() == Type.BOOLEAN) option.fallbackValue("true");
        if (parameter.list()) option.splitRegex(",");
        return option.build();
    }

    /** What a default stands for: a setting as it is needs no Camel. */
    static String resolved(Shell shell, String text) {
        return shell.configuration()
                .value(text.replaceFirst("^\\{\\{([\\w.-]+)}}$", "$1"))
                .filter(value -> !value.contains("{{"))
                .orElseGet(() -> Engine.resolved(shell.configuration(), text));
    }

    /** What was said, by the names of the parameters. */
    static Map<String, List<String>> given(ParseResult said) {
        Map<String, List<String>> given = new LinkedHashMap<>();
        for (OptionSpec option : said.matchedOptions()) {
            if (option.userObject() != null) continue; // a field of ours is no parameter
            List<String> values = option.getValue();
            given.put(option.longestName().substring(2), values);
        }
        return given;
    }
}
