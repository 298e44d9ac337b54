package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.observation.Observations;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Show the series of a dataset, each with its last observations as a small chart.",
        footer = {"", "Example: " + Launcher.CARAVAN + " datasets show indec_ipc --last 24"})
final class DatasetShowCommand implements Callable<Integer> {

    private final DatasetsCommand parent;

    @Mixin
    private final Common common = new Common();

    @Parameters(index = "0", paramLabel = "<dataset>", description = "Its name, as list shows it.")
    private String name;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "<version>",
            defaultValue = PublishedDatasets.CURRENT,
            description = "The version [${DEFAULT-VALUE}].")
    private String version;

    @Option(
            names = "--last",
            paramLabel = "<n>",
            defaultValue = "30",
            description = "Draw so many observations of each series, 1 to 1000 [${DEFAULT-VALUE}].")
    private int last;

    @Option(
            names = "--series",
            split = ",",
            paramLabel = "<codes>",
            description = "Only these series, comma separated.")
    private List<String> series = List.of();

    DatasetShowCommand(DatasetsCommand parent) {
        this.parent = parent;
    }

    @Override
    public Integer call() throws Exception {
        new SettingChecks("datasets show").between("--last", last, 1, 1000).check();
        return parent.with(name, (dataset, versions) -> {
            String shown = PublishedDatasets.version(versions, name, version);
            Map<String, Course> courses = new TreeMap<>();
            versions.history(shown, point -> {
                String code = text(point, Observations.SERIES);
                if (series.isEmpty() || series.contains(code)) {
                    courses.computeIfAbsent(code, c -> new Course(last)).add(point);
                }
            });
            Set<String> missing = new TreeSet<>(series);
            missing.removeAll(courses.keySet());
            if (!missing.isEmpty()) {
                throw new ConfigurationException(SettingChecks.sentence(
                                "datasets show",
                                "--series",
                                "be series of " + name + " at " + shown,
                                String.join(", ", missing))
                        + "; see " + Launcher.command("datasets show " + name));
            }
            if (parent.json(common)) parent.shell().terminal().json(json(shown, courses));
            else print(parent.shell().terminal(), shown, courses);
            return Exit.SUCCEEDED;
        });
    }

    private static String text(Record point, String field) {
        return point.get(field).map(Object::toString).orElse("");
    }

    private void print(Terminal terminal, String shown, Map<String, Course> courses) {
        terminal.out().println(name + " at " + shown);
        Table table = new Table("series", ">points", "last " + last, ">value", "unit", "first", "last");
        courses.forEach((code, course) -> table.row(
                code,
                Figures.count(course.points),
                SeriesChart.of(course.values()),
                text(course.newest(), Observations.VALUE),
                text(course.newest(), Observations.UNIT),
                day(course.first),
                day(text(course.newest(), Observations.TIME))));
        terminal.print(table);
    }

    /** Of a time that begins a day, the day. */
    private static String day(String time) {
        return time.replaceFirst("T00:00(:00)?(\\.0+)?(Z|[+-]\\d\\d:\\d\\d)?$", "");
    }

    private Map<String, Object> json(String shown, Map<String, Course> courses) {
        List<Map<String, Object>> all = new ArrayList<>();
        courses.forEach((code, course) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("series", code);
            one.put("points", course.points);
            one.put("unit", course.newest().get(Observations.UNIT).orElse(null));
            one.put("first", course.first);
            one.put("last", text(course.newest(), Observations.TIME));
            one.put("values", course.values());
            all.add(one);
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("dataset", name);
        json.put("version", shown);
        json.put("series", all);
        return json;
    }

    /** The last observations of one series; they come in the order of their times. */
    private static final class Course {

        private final int most;
        private final Deque<Record> newest = new ArrayDeque<>();
        private long points;
        private String first = "";

        Course(int most) {
            this.most = most;
        }

        void add(Record point) {
            if (points++ == 0) first = text(point, Observations.TIME);
            newest.add(point);
            if (newest.size() > most) newest.remove();
        }

        Record newest() {
            return newest.getLast();
        }

        List<BigDecimal> values() {
            List<BigDecimal> values = new ArrayList<>();
            for (Record point : newest) values.add(number(text(point, Observations.VALUE)));
            return values;
        }

        /** A csv holds texts; what is no number leaves a gap. */
        private static BigDecimal number(String text) {
            try {
                return new BigDecimal(text);
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }
}
