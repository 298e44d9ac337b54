package io.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What deploys Caravan speaks of settings, pipelines, jobs and datasets that are there: a wrong name of a variable would say nothing. */
class DeploymentTest {

    /** Read by the launcher, the compose files themselves, and the command line. */
    private static final Set<String> OTHERS = Set.of(
            "CARAVAN_HOME",
            "CARAVAN_DATA_DIR",
            "CARAVAN_CACHE",
            "CARAVAN_JAVA_OPTS",
            "CARAVAN_LOG",
            "CARAVAN_IMAGE",
            "CARAVAN_PORT",
            "CARAVAN_DEFAULT_JOB");

    private static final Pattern VARIABLE = Pattern.compile("\\bCARAVAN_[A-Z0-9_]+\\b");
    private static final Pattern RUN =
            Pattern.compile("(?:\\[run, |\"run\", \"|caravan run |job\\(\"|(?:\"|\\{ )(?=bookclub))([a-z][a-z0-9-]+)");
    private static final Pattern NAME = Pattern.compile("(?:direct:|pipeline: )([a-z][a-z0-9-]+)");

    @Test
    void everyVariableOfADeploymentIsASetting() throws IOException {
        Properties settings = new Properties();
        try (InputStream in = Files.newInputStream(Path.of("application.properties"))) {
            settings.load(in);
        }
        Set<String> known = settings.stringPropertyNames().stream()
                .map(name -> name.replace('.', '_').replace("-", "_").toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        known.addAll(OTHERS);
        Set<String> used = found(VARIABLE);
        assertThat(used).hasSizeGreaterThan(20);
        used.removeAll(known);
        assertThat(used).as("variables that set nothing").isEmpty();
    }

    @Test
    void everyPipelineAndJobThatADeploymentRunsIsThere() throws IOException {
        Set<String> there = new TreeSet<>();
        for (Path file : files(Path.of("routes"))) {
            String name = file.getFileName().toString();
            if (name.endsWith(".job.yaml")) there.add(name.substring(0, name.length() - ".job.yaml".length()));
            else if (name.endsWith(".camel.yaml")) {
                NAME.matcher(Files.readString(file)).results().forEach(found -> there.add(found.group(1)));
            }
        }
        Set<String> run = new TreeSet<>();
        for (Path file : deployments()) {
            RUN.matcher(Files.readString(file))
                    .results()
                    .map(found -> found.group(1))
                    .forEach(run::add);
        }
        assertThat(run).contains("personalization", "books-publish", "books-work", "bookclub", "get-s3-files");
        assertThat(there).containsAll(run);
    }

    private static Set<String> found(Pattern pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : deployments()) {
            pattern.matcher(Files.readString(file))
                    .results()
                    .map(MatchResult::group)
                    .forEach(found::add);
        }
        return found;
    }

    private static List<Path> deployments() throws IOException {
        return Stream.of(
                        "deploy", "src/image", "Dockerfile", "compose.yaml", "compose.workers.yaml", "compose.dev.yaml")
                .flatMap(name -> files(Path.of(name)).stream())
                .toList();
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
