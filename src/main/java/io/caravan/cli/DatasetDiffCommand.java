package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.format.ValueText;
import io.caravan.observation.Observations;
import io.caravan.record.Record;
import io.caravan.version.Versions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description =
                "Show which observations one version of a dataset has besides, has otherwise and lacks, against another.",
        footer = {"", "Example: " + Launcher.CARAVAN + " datasets diff indec_ipc v20310304_101500_000000 current"})
final class DatasetDiffCommand implements Callable<Integer> {

    private final DatasetsCommand parent;

    @Mixin
    private final Common common = new Common();

    @Parameters(index = "0", paramLabel = "<dataset>", description = "Its name, as list shows it.")
    private String name;

    @Parameters(index = "1", paramLabel = "<v1>", description = "The version that is compared with.")
    private String from;

    @Parameters(index = "2", paramLabel = "<v2>", description = "The other one.")
    private String to;

    @Option(
            names = "--limit",
            paramLabel = "<n>",
            defaultValue = "20",
            description = "Show at most so many, 0 to 1000000; all are counted [${DEFAULT-VALUE}].")
    private int limit;

    DatasetDiffCommand(DatasetsCommand parent) {
        this.parent = parent;
    }

    @Override
    public Integer call() throws Exception {
        new SettingChecks("datasets diff")
                .between("--limit", limit, 0, 1_000_000)
                .check();
        return parent.with(name, (dataset, versions) -> {
            String before = PublishedDatasets.version(versions, name, from);
            String after = PublishedDatasets.version(versions, name, to);
            Told told = new Told(limit);
            versions.diff(before, after, told);
            Terminal terminal = parent.shell().terminal();
            if (parent.json(common)) terminal.json(told.json(before, after));
            else told.print(terminal, before + " to " + after);
            return Exit.SUCCEEDED;
        });
    }

    /** Counts all differences, and keeps the first. */
    private static final class Told implements Versions.Difference {

        private record Change(String change, Record point, Object before, Object after) {}

        private final int most;
        private final List<Change> first = new ArrayList<>();
        private long added;
        private long revised;
        private long removed;

        Told(int most) {
            this.most = most;
        }

        @Override
        public void added(Record point) {
            added++;
            keep("added", point, null, value(point));
        }

        @Override
        public void revised(Record before, Record after) {
            revised++;
            keep("revised", after, value(before), value(after));
        }

        @Override
        public void removed(Record point) {
            removed++;
            keep("removed", point, value(point), null);
        }

        private void keep(String change, Record point, Object before, Object after) {
            if (first.size() < most) first.add(new Change(change, point, before, after));
        }

        private static Object value(Record point) {
            return point.get(Observations.VALUE).orElse(null);
        }

        private static String text(Record point, String field) {
            return point.get(field).map(Object::toString).orElse("");
        }

        void print(Terminal terminal, String what) {
            if (!first.isEmpty()) {
                Table table = new Table("change", "series", "time", ">before", ">after");
                for (Change c : first) {
                    table.row(
                            c.change(),
                            text(c.point(), Observations.SERIES),
                            text(c.point(), Observations.TIME),
                            shown(c.before()),
                            shown(c.after()));
                }
                terminal.print(table);
            }
            terminal.out()
                    .println(what + ": " + Figures.count(added) + " added, " + Figures.count(revised) + " revised, "
                            + Figures.count(removed) + " removed");
            if (first.size() < added + revised + removed) {
                terminal.out().println("Not all are shown: --limit " + (added + revised + removed));
            }
        }

        private static String shown(Object value) {
            return value == null ? "" : value instanceof String text ? text : ValueText.json(value);
        }

        Map<String, Object> json(String before, String after) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("from", before);
            json.put("to", after);
            json.put("added", added);
            json.put("revised", revised);
            json.put("removed", removed);
            json.put("changes", first.stream().map(Told::json).toList());
            return json;
        }

        private static Map<String, Object> json(Change c) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("change", c.change());
            json.put("series", text(c.point(), Observations.SERIES));
            json.put("time", text(c.point(), Observations.TIME));
            json.put("before", c.before());
            json.put("after", c.after());
            return json;
        }
    }
}
