package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import io.caravan.project.Difference;
import io.caravan.project.Expectation;
import io.caravan.project.TestCase;
import io.caravan.run.Preview;
import io.caravan.run.RunReport;
import io.caravan.settings.Configuration;
import io.caravan.settings.Configuration.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "test",
        description =
                "Send the input of test cases through a pipeline's source and steps, and compare what reaches the sinks;"
                        + " write nothing.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " test orders",
            "A case is a folder tests/<pipeline>/<case> with input/, what the pipeline reads, and expected/: records.jsonl or .csv for",
            "all sinks, <sink>.jsonl or .csv for one, dead-letters.jsonl. A case tests/<job>/<case> has arguments.txt, one a line, and",
            "expected/plan.txt, what run <job> --dry-run prints.",
            "Exit codes: 0 all cases passed, 1 one did not, 2 wrong usage or configuration."
        })
final class TestCommand implements Callable<Integer> {

    private static final String TESTS = "tests";
    private static final int SHOWN = 50;

    private final Shell shell;
    private final Path project;

    @Mixin
    private final Common common = new Common();

    @Parameters(arity = "0..1", paramLabel = "<pipeline or job>", description = "Whose cases; those of all without.")
    private String name;

    @Option(names = "--case", paramLabel = "<case>", description = "The one case, a folder of the pipeline's.")
    private String only;

    @Option(names = "--update", description = "Make what comes out what is expected: writes the files in expected/.")
    private boolean update;

    /** What became of a case. */
    private record Result(TestCase test, Preview preview, List<Difference> differences, List<String> problems) {

        boolean passed() {
            return differences.isEmpty() && problems.isEmpty();
        }
    }

    /** {@code project}: the folder that {@code tests} is in. */
    TestCommand(Shell shell, Path project) {
        this.shell = shell;
        this.project = project;
    }

    @Override
    public Integer call() throws Exception {
        List<TestCase> cases = cases();
        int failed = 0;
        List<Map<String, Object>> json = new ArrayList<>();
        for (TestCase test : cases) {
            Result result = run(test);
            if (!result.passed()) failed++;
            if (common.json()) json.add(json(result));
            else print(result);
        }
        if (common.json()) {
            shell.terminal().json(json);
        } else {
            shell.terminal()
                    .out()
                    .println(Figures.count(cases.size()) + (cases.size() == 1 ? " case: " : " cases: ")
                            + Figures.count(cases.size() - failed) + (update ? " updated, " : " passed, ")
                            + Figures.count(failed) + " failed");
        }
        return failed == 0 ? Exit.SUCCEEDED : Exit.FAILED;
    }

    private List<TestCase> cases() {
        if (name != null && shell.pipelines().job(name).isEmpty())
            shell.pipelines().named(name);
        List<TestCase> cases = TestCase.below(project.resolve(TESTS)).stream()
                .filter(c -> name == null || c.pipeline().equals(name))
                .filter(c -> only == null || c.name().equals(only))
                .toList();
        if (cases.isEmpty()) {
            String folder = TESTS + "/" + (name == null ? "<pipeline>" : name) + "/" + (only == null ? "<case>" : only);
            throw new ConfigurationException("test: there must be a case, a folder " + folder + " in "
                    + project.toAbsolutePath() + ", found none; put what the pipeline reads into its folder input, and"
                    + " --update writes what comes out into expected");
        }
        return cases;
    }

    private Result run(TestCase test) throws Exception {
        if (shell.pipelines().job(test.pipeline()).isPresent()) {
            return new Result(test, new Preview(), new JobCase(shell, test).differences(update), List.of());
        }
        Pipeline pipeline = shell.pipelines().named(test.pipeline());
        Preview preview = new Preview();
        try {
            RunReport report = new DryRun(shell, common.json()).go(pipeline, settings(test), Optional.empty(), preview);
            if (!report.problems().isEmpty()) return new Result(test, preview, List.of(), report.problems());
            Expectation expectation = new Expectation(test);
            if (update) expectation.update(preview);
            return new Result(test, preview, expectation.compare(preview), List.of());
        } catch (CaravanException e) {
            return new Result(test, preview, List.of(), Words.of(e).lines().toList());
        }
    }

    /** Those of the pipeline, so that its source reads the case's input, all of it. */
    private Configuration settings(TestCase test) {
        Configuration configuration = shell.configuration();
        Set<String> known = configuration.parameters(test.pipeline()).stream()
                .map(Parameter::name)
                .collect(Collectors.toSet());
        String own = "caravan." + test.pipeline() + ".";
        Map<String, String> values = new LinkedHashMap<>();
        if (Files.isDirectory(test.input()) && !test.settings().containsKey(own + "input")) {
            new SettingChecks(test.title())
                    .must(
                            known.contains("input"),
                            "the pipeline",
                            "read from a setting " + own
                                    + "input, which then is the case's folder input, or the case must have settings of its own in"
                                    + " case.properties",
                            String.join(", ", known))
                    .check();
            values.put(own + "input", test.input().toString());
            if (known.contains("prefix")) values.put(own + "prefix", "");
            if (known.contains("namePattern")) values.put(own + "namePattern", "*");
        } else {
            new SettingChecks(test.title())
                    .must(
                            !test.settings().isEmpty(),
                            "the folder",
                            "have a folder input",
                            test.folder().toString())
                    .check();
        }
        values.putAll(test.settings());
        return configuration.with(values);
    }

    private void print(Result result) {
        Terminal terminal = shell.terminal();
        String title = result.test().title() + ": ";
        if (result.passed()) {
            String done = update ? "updated" : "passed";
            terminal.out().println(title + terminal.coloured(Terminal.Colour.GREEN, done) + ", " + counts(result));
            return;
        }
        terminal.out().println(title + terminal.coloured(Terminal.Colour.RED, "failed") + ", " + counts(result));
        result.problems().forEach(problem -> terminal.out().println("  " + Terminal.harmless(problem)));
        List<Difference> shown = result.differences()
                .subList(0, Math.min(SHOWN, result.differences().size()));
        String last = "";
        for (Difference d : shown) {
            String record = "  " + d.where() + " " + Terminal.harmless(d.key());
            String kind = d.field().isPresent() ? "" : d.actual().isEmpty() ? " is missing" : " was not expected";
            if (!last.equals(record) || d.field().isEmpty()) terminal.out().println(record + kind);
            last = record;
            String field = d.field().map(f -> f + ": ").orElse("");
            d.expected().ifPresent(text -> line(Terminal.Colour.RED, "-", field + text));
            d.actual().ifPresent(text -> line(Terminal.Colour.GREEN, "+", field + text));
        }
        int more = result.differences().size() - shown.size();
        if (more > 0) terminal.out().println("  ... and " + Figures.count(more) + " more differences (--json has all)");
    }

    private void line(Terminal.Colour colour, String sign, String text) {
        shell.terminal()
                .out()
                .println("    " + shell.terminal().coloured(colour, sign + " " + Terminal.harmless(text)));
    }

    private static String counts(Result result) {
        int letters = result.preview().refused().size();
        int differences = result.differences().size();
        return counted(result.preview().read().size(), "record")
                + (letters == 0 ? "" : ", " + counted(letters, "dead letter"))
                + (differences == 0 ? "" : ", " + counted(differences, "difference"));
    }

    private static String counted(int n, String what) {
        return Figures.count(n) + " " + what + (n == 1 ? "" : "s");
    }

    private Map<String, Object> json(Result result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pipeline", result.test().pipeline());
        json.put("case", result.test().name());
        json.put("status", result.passed() ? (update ? "updated" : "passed") : "failed");
        json.put("records", result.preview().read().size());
        json.put("deadLetters", result.preview().refused().size());
        List<Map<String, Object>> differences = new ArrayList<>();
        for (Difference d : result.differences()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("where", d.where());
            one.put("key", d.key());
            d.field().ifPresent(field -> one.put("field", field));
            one.put("expected", d.expected().orElse(null));
            one.put("actual", d.actual().orElse(null));
            differences.add(one);
        }
        json.put("differences", differences);
        json.put("problems", result.problems());
        return json;
    }
}
