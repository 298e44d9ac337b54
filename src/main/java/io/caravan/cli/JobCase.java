package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.project.Difference;
import io.caravan.project.TestCase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A case of a job: what {@code run <job> --dry-run} prints with the arguments in {@code arguments.txt}, one a line, and the exit
 * code, are what {@code expected/plan.txt} says.
 */
final class JobCase {

    private final Shell shell;
    private final TestCase test;

    JobCase(Shell shell, TestCase test) {
        this.shell = shell;
        this.test = test;
    }

    /** {@code update}: makes what comes out what is expected. */
    List<Difference> differences(boolean update) throws IOException {
        List<String> actual = printed();
        Path file = test.folder().resolve("expected").resolve("plan.txt");
        if (update) {
            Files.createDirectories(file.getParent());
            Files.write(file, actual);
        }
        List<String> expected = lines(file);
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
            Optional<String> wanted = i < expected.size() ? Optional.of(expected.get(i)) : Optional.empty();
            Optional<String> came = i < actual.size() ? Optional.of(actual.get(i)) : Optional.empty();
            if (!wanted.equals(came)) {
                differences.add(new Difference("plan", "line " + (i + 1), Optional.of("text"), wanted, came));
            }
        }
        return differences;
    }

    private List<String> printed() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Shell quiet = shell.printingTo(new Terminal(out, out, false, false, false, 80, 24, false));
        String[] arguments = Stream.concat(
                        Stream.of("run", test.pipeline(), "--dry-run"),
                        lines(test.folder().resolve("arguments.txt")).stream())
                .toArray(String[]::new);
        int exit = new Cli(quiet, test.folder()).run(arguments);
        List<String> lines =
                new ArrayList<>(bytes.toString(StandardCharsets.UTF_8).lines().toList());
        lines.add("exit code " + exit);
        return lines;
    }

    private List<String> lines(Path file) throws IOException {
        if (!Files.isRegularFile(file))
            throw new ConfigurationException(
                    "test: a case of a job must have arguments.txt and expected/plan.txt, got none in '" + test.folder()
                            + "'; --update writes the second");
        return Files.readAllLines(file);
    }
}
