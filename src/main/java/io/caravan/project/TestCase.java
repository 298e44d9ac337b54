package io.caravan.project;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A case for a pipeline: the folder {@code tests/<pipeline>/<case>} with {@code input} and {@code expected}, and perhaps {@code
 * case.properties}.
 *
 * @param ordered whether the order of the records counts
 * @param key what identifies a record where the source's key fields do not, as a step renames them
 * @param ignored fields that are not compared
 * @param settings of the pipeline, for this case only
 */
public record TestCase(
        String pipeline,
        String name,
        Path folder,
        boolean ordered,
        List<String> key,
        Set<String> ignored,
        Map<String, String> settings) {

    private static final String OPTIONS = "case.properties";

    /** All cases, in order; none when there is no such folder. */
    public static List<TestCase> below(Path tests) {
        List<TestCase> cases = new ArrayList<>();
        for (Path pipeline : folders(tests)) {
            for (Path folder : folders(pipeline))
                cases.add(of(pipeline.getFileName().toString(), folder));
        }
        return cases;
    }

    /** Where its input is. */
    public Path input() {
        return folder.resolve("input");
    }

    Path expected() {
        return folder.resolve("expected");
    }

    /** {@code <pipeline>/<case>}. */
    public String title() {
        return pipeline + "/" + name;
    }

    private static TestCase of(String pipeline, Path folder) {
        Map<String, String> options = options(folder.resolve(OPTIONS));
        SettingChecks problems = new SettingChecks("tests/" + pipeline + "/" + folder.getFileName() + "/" + OPTIONS);
        String ordered = options.getOrDefault("ordered", "false");
        problems.must(ordered.matches("true|false"), "ordered", "be true or false", ordered);
        Map<String, String> settings = new LinkedHashMap<>();
        options.forEach((name, value) -> {
            if (Set.of("ordered", "key", "ignore").contains(name)) return;
            boolean setting = name.startsWith("caravan.") || name.startsWith("camel.");
            problems.must(setting, "a name", "be ordered, key, ignore or a setting (caravan....)", name);
            settings.put(name, value);
        });
        problems.check();
        return new TestCase(
                pipeline,
                folder.getFileName().toString(),
                folder.toAbsolutePath().normalize(),
                ordered.equals("true"),
                SettingList.of(options.getOrDefault("key", "")),
                new LinkedHashSet<>(SettingList.of(options.getOrDefault("ignore", ""))),
                settings);
    }

    private static Map<String, String> options(Path file) {
        if (!Files.exists(file)) return Map.of();
        Properties options = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            options.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(file + ": the file must be readable, got " + e.getMessage());
        }
        Map<String, String> map = new LinkedHashMap<>();
        options.stringPropertyNames().stream()
                .sorted()
                .forEach(name -> map.put(name, options.getProperty(name).strip()));
        return map;
    }

    private static List<Path> folders(Path parent) {
        if (!Files.isDirectory(parent)) return List.of();
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory)
                    .filter(child -> !child.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
