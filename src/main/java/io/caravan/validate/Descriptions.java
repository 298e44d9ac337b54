package io.caravan.validate;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingFile;
import io.caravan.record.NamedFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Has the descriptions that routes name read by those who read them in a run. */
final class Descriptions {

    private static final Pattern SENTENCE = Pattern.compile("^[^:]*: (.*?) must .*?(?:got '(.*)'.*)?$", Pattern.DOTALL);
    private static final Pattern COLUMN = Pattern.compile("column '(.*)' type");
    private static final Pattern IN_LINE = Pattern.compile(" in line (\\d+)$");

    private final Problems problems;
    private final UnaryOperator<String> shown;
    private final Set<String> files = new LinkedHashSet<>();
    private final Map<String, Optional<Set<String>>> fields = new TreeMap<>();

    /** {@code shown}: how people know a file. */
    Descriptions(Problems problems, UnaryOperator<String> shown) {
        this.problems = problems;
        this.shown = shown;
    }

    /** The files that were read. */
    Set<String> files() {
        return files;
    }

    /**
     * The fields that a setting names; empty when it cannot be read. {@code here} is told what is wrong with the setting itself; what is
     * wrong with the file that it names is among the problems, with the line in that file.
     */
    Optional<Set<String>> fields(
            String reader, String kamelet, String property, String setting, Consumer<String> here) {
        return fields.computeIfAbsent(
                reader + " " + setting,
                key -> read(
                        kamelet,
                        property,
                        setting,
                        () -> NamedFields.made(reader).in(setting),
                        here));
    }

    /** As {@link #fields} of what names no fields. */
    void check(String unit, String property, String setting, Runnable reader, Consumer<String> here) {
        fields.computeIfAbsent(
                unit + " " + setting,
                key -> read(
                        unit,
                        property,
                        setting,
                        () -> {
                            reader.run();
                            return Set.of();
                        },
                        here));
    }

    private Optional<Set<String>> read(
            String unit, String property, String setting, Supplier<Set<String>> reader, Consumer<String> here) {
        Optional<YamlNode> yaml = Optional.empty();
        String file = shown.apply(SettingFile.located(setting));
        try {
            String text = SettingFile.read(unit, property, setting);
            files.add(file);
            List<Problem> wrong = new ArrayList<>();
            yaml = YamlFile.read(file, text, wrong);
            wrong.forEach(problems::add);
            if (!wrong.isEmpty()) return Optional.empty();
        } catch (ConfigurationException e) {
            // no file: the setting says all itself, or its reader says so
        }
        try {
            return Optional.of(reader.get());
        } catch (ConfigurationException e) {
            for (String sentence : e.getMessage().lines().toList()) {
                if (yaml.isEmpty()) {
                    here.accept(sentence);
                } else {
                    String said = sentence.replace(" " + setting + ":", ":");
                    problems.add(new Problem(
                            file,
                            line(yaml.get(), said),
                            0,
                            IN_LINE.matcher(said).replaceFirst("")));
                }
            }
            return Optional.empty();
        }
    }

    /** Where the thing is that a sentence speaks of: {@code unit: nodes.user.label must ...}. */
    private static int line(YamlNode yaml, String sentence) {
        Matcher said = IN_LINE.matcher(sentence);
        if (said.find()) return Integer.parseInt(said.group(1));
        Matcher matcher = SENTENCE.matcher(sentence);
        if (!matcher.matches()) return yaml.line();
        Matcher typed = COLUMN.matcher(matcher.group(1));
        String column = typed.matches() ? typed.group(1) : String.valueOf(matcher.group(2));
        if (matcher.group(1).startsWith("column")) {
            // the last of that name: of two, the second is one too many
            return yaml.at("columns").stream()
                    .flatMap(columns -> columns.items().stream())
                    .filter(c -> c.textAt("name").equals(column))
                    .reduce((first, last) -> last)
                    .map(YamlNode::line)
                    .orElse(yaml.lineOf("columns"));
        }
        if (sentence.contains(" must have only ["))
            return named(yaml, matcher.group(2)).orElse(yaml.line());
        return line(yaml, matcher.group(1).split("\\.|(?=\\[)"));
    }

    /** Where a name stands first, anywhere. */
    private static Optional<Integer> named(YamlNode yaml, String name) {
        if (yaml.names().containsKey(name)) return Optional.of(yaml.lineOf(name));
        return Stream.concat(yaml.fields().values().stream(), yaml.items().stream())
                .flatMap(below -> named(below, name).stream())
                .findFirst();
    }

    private static int line(YamlNode yaml, String... path) {
        YamlNode at = yaml;
        int line = yaml.line();
        for (String part : path) {
            if (part.matches("\\[\\d+]")) {
                int index = Integer.parseInt(part.substring(1, part.length() - 1));
                if (index >= at.items().size()) return line;
                at = at.items().get(index);
                line = at.line();
            } else {
                line = at.names().getOrDefault(part, line);
                if (!at.fields().containsKey(part)) return line;
                at = at.fields().get(part);
            }
        }
        return line;
    }
}
