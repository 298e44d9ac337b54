package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All stages but the source are optional: every choice of them runs, and only what was chosen. */
class StagesTest {

    private static final String CSV = "date,code,value\n2021-03-04,XX_RATE_D,12.5\n2021-03-05,XX_RATE_D,x\n";

    /** By name what a file says of a stage. */
    private static final Map<String, String> STAGES = new LinkedHashMap<>();

    static {
        STAGES.put(
                "parse",
                "parse: {plugin: table}\nparse_config: {date_column: date, series_column: code, value_column: value}\n");
        STAGES.put("normalize", "normalize: {plugin: table, timezone: America/Argentina/Buenos_Aires}\n");
        STAGES.put("transform", "transform: {plugin: complete}\n");
        STAGES.put("load", "load: {plugin: versioned}\n");
        STAGES.put("state", "state: {kind: file, path: STATE}\n");
    }

    @TempDir
    Path folder;

    @Test
    void everyChoiceOfStagesRunsAndKeepsTheBytes() throws Exception {
        Files.writeString(folder.resolve("rates.csv"), CSV);
        List<Path> files = new ArrayList<>();
        Map<String, Set<String>> chosen = new LinkedHashMap<>();
        for (int choice = 0; choice < 1 << STAGES.size(); choice++) {
            Set<String> stages = stages(choice);
            chosen.put("d" + choice, stages);
            files.add(dataset("d" + choice, stages));
        }
        Map<String, String> settings =
                Map.of("caravan.series.output", folder.resolve("out").toString());
        try (RunningDatasets datasets = new RunningDatasets(settings, files.toArray(Path[]::new))) {
            for (Map.Entry<String, Set<String>> each : chosen.entrySet()) {
                String dataset = each.getKey();
                check(datasets.run(dataset), each.getValue());
                assertThat(raw(dataset)).as("%s", each).containsExactly(CSV);
                assertThat(published(dataset))
                        .as("%s", each)
                        .isEqualTo(
                                !each.getValue().containsAll(Set.of("parse", "load"))
                                        ? ""
                                        : each.getValue().contains("normalize")
                                                ? "2021-03-04T00:00:00-03:00"
                                                : "2021-03-04T00:00:00+00:00");
                assertThat(Files.exists(folder.resolve(dataset + ".state")))
                        .as("%s", each)
                        .isEqualTo(each.getValue().containsAll(Set.of("parse", "load", "state")));
                RunReport again = datasets.run(dataset);
                assertThat(again.problems()).as("%s", each).isEmpty();
                assertThat(again.sinks().values()).as("%s", each).allMatch(sink -> sink.written() == 0);
                assertThat(fetched(dataset)).as("%s", each).isOne(); // it is the known file
            }
        }
    }

    private static void check(RunReport run, Set<String> stages) {
        boolean parses = stages.contains("parse");
        boolean loads = stages.contains("load");
        assertThat(run.status())
                .as("%s: %s", stages, run.problems())
                .isEqualTo(parses ? Status.PARTIAL : Status.SUCCEEDED);
        assertThat(run.recordsRead()).as("%s", stages).isEqualTo(parses ? 2 : 0);
        Set<String> sinks = new TreeSet<>(loads ? Set.of("versions") : Set.of());
        if (loads && stages.contains("state")) sinks.add("state");
        assertThat(run.sinks().keySet()).as("%s", stages).isEqualTo(sinks);
    }

    private static Set<String> stages(int choice) {
        List<String> all = List.copyOf(STAGES.keySet());
        return Stream.iterate(0, i -> i < all.size(), i -> i + 1)
                .filter(i -> (choice >> i & 1) == 1)
                .map(all::get)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Path dataset(String name, Set<String> stages) throws IOException {
        String text = "source: {kind: file, url: " + folder.resolve("rates.csv") + ", format: csv}\n"
                + stages.stream().map(STAGES::get).collect(Collectors.joining());
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                text.replace("STATE", folder.resolve(name + ".state").toString()));
    }

    private List<String> raw(String dataset) throws IOException {
        List<String> kept = new ArrayList<>();
        try (Stream<Path> raw = Files.list(folder.resolve("out/datasets/" + dataset + "/raw"))) {
            for (Path file : raw.filter(Files::isRegularFile).toList()) kept.add(Files.readString(file));
        }
        return kept;
    }

    private long fetched(String dataset) throws IOException {
        try (Stream<Path> index = Files.list(folder.resolve("out/datasets/" + dataset + "/raw/index"))) {
            return index.count();
        }
    }

    /** The time of its one observation; blank when nothing was published. */
    private String published(String dataset) throws IOException {
        Path projection =
                folder.resolve("out/datasets/" + dataset + "/projections/XX_RATE_D/year=2021/month=03/data.json");
        if (!Files.exists(projection)) return "";
        return Files.readString(projection).replaceAll("(?s).*\"obs_time\": \"([^\"]*)\".*", "$1");
    }
}
