package io.caravan.cli;

import io.caravan.cli.JobFiles.KnownJob;
import io.caravan.error.ConfigurationException;
import io.caravan.job.JobArguments;
import io.caravan.job.JobCall;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobEnd;
import io.caravan.lake.CheckQuality;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How good each file of the demo's bronze is, as {@code check-quality} says, with a page each. */
final class DemoScores {

    private static final String JOB = "check-quality";

    private final Shell shell;
    private final Path reports;
    private final int minimum;

    /** {@code minimum}: what is said of files with fewer points, that they are set aside. */
    DemoScores(Shell shell, Path reports, int minimum) {
        this.shell = shell;
        this.reports = reports;
        this.minimum = minimum;
    }

    /** A map a file, by its name. */
    List<Map<String, Object>> of(Path bronze, String schema) throws Exception {
        List<Map<String, Object>> scores = new ArrayList<>();
        for (Path file : files(bronze)) scores.add(score(bronze, file, schema));
        return scores;
    }

    private static List<Path> files(Path bronze) throws IOException {
        try (Stream<Path> all = Files.walk(bronze)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Map<String, Object> score(Path bronze, Path file, String schema) throws Exception {
        JobDefinition job = shell.pipelines().jobs().stream()
                .filter(known -> known.name().equals(JOB))
                .findFirst()
                .flatMap(KnownJob::definition)
                .orElseThrow(
                        () -> new ConfigurationException("demo lake: the job " + JOB + " must be right, as it ships"));
        Map<String, List<String>> said = Map.of(
                "object", List.of(file.toString()),
                "schema", List.of(schema),
                "reports", List.of(reports.toString()));
        JobCall call = new JobCall(
                JOB,
                JobArguments.of(job, said, standard -> standard.contains("{{") ? "" : standard),
                bronze,
                setting -> "",
                () -> false,
                sentence -> {});
        JobEnd end = new CheckQuality().run(call);
        Map<String, Object> score = new LinkedHashMap<>();
        score.put("object", bronze.relativize(file).toString().replace('\\', '/'));
        score.put("score", end.counts().get("score"));
        score.put("scoreCompatible", end.counts().get("scoreCompatible"));
        score.put("rows", end.counts().get("rows"));
        score.put("setAside", end.counts().get("score") < minimum);
        score.put(
                "page",
                reports.resolve(end.summary().replaceFirst("(?s).*; page ", "")).toString());
        return score;
    }

    static void print(Terminal terminal, List<Map<String, Object>> scores) {
        Table table = new Table("file", ">points", ">reference", ">rows", "");
        for (Map<String, Object> score : scores)
            table.row(
                    score.get("object"),
                    score.get("score"),
                    score.get("scoreCompatible"),
                    score.get("rows"),
                    Boolean.TRUE.equals(score.get("setAside")) ? "set aside" : "");
        terminal.print(table);
    }
}
