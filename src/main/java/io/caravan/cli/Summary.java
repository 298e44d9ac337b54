package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.SinkReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report as a table with what it means below it, or as JSON. */
final class Summary {

    private static final int KEYS_SHOWN = 20;

    private final RunReport report;

    Summary(RunReport report) {
        this.report = report;
    }

    /** Prints it; problems go to the error stream in both forms. */
    void print(Terminal terminal, boolean json) {
        if (!report.phases().isEmpty()) {
            new ChainSummary(report).print(terminal, json);
            return;
        }
        if (json) {
            terminal.json(json());
        } else {
            if (!report.sinks().isEmpty() && report.mode() != Mode.PREVIEW) terminal.print(table());
            dropped().forEach(terminal.out()::println);
            differences(terminal);
            terminal.out().println(status(terminal));
            report.notes().forEach(terminal.out()::println);
        }
        report.problems().forEach(terminal::error);
        if (!json) letters(terminal);
    }

    /** Says how many dead letters are open, and where to see them. */
    void letters(Terminal terminal) {
        if (report.openDeadLetters() > 0) {
            terminal.out()
                    .println(Figures.count(report.openDeadLetters()) + " dead letters are open; see them:" + " "
                            + Launcher.command("dead-letters list --pipeline " + Launcher.word(report.pipeline())));
        }
    }

    /** Per sink what was done, what would be done, or what differs, as the mode is. */
    Table table() {
        Columns columns = columns();
        Table table = new Table(columns.headings().toArray(String[]::new));
        report.sinks().forEach((name, sink) -> table.row(columns.row(name, sink)));
        return table;
    }

    /** What is shown of a sink: its name, and numbers. */
    record Columns(List<String> headings, Function<SinkReport, List<String>> cells) {

        private static Columns of(Function<SinkReport, List<String>> cells, String... headings) {
            return new Columns(List.of(headings), cells);
        }

        Object[] row(String name, SinkReport sink) {
            return Stream.concat(Stream.of(name), cells.apply(sink).stream()).toArray();
        }
    }

    Columns columns() {
        return switch (report.mode()) {
            case RUN, REPLAY, REPAIR, REMOVE ->
                Columns.of(
                        s -> List.of(
                                count(s.written()),
                                count(s.unchanged()),
                                count(s.deleted()),
                                count(s.dead()),
                                Figures.rate(
                                        s.written() + s.unchanged() + s.deleted() + s.dead() + s.droppedInAll(),
                                        report.duration()),
                                Figures.duration(report.duration())),
                        "sink",
                        ">written",
                        ">unchanged",
                        ">deleted",
                        ">dead",
                        ">records/s",
                        ">duration");
            case PLAN ->
                Columns.of(
                        s -> List.of(
                                count(s.inserts()),
                                count(s.updates()),
                                count(s.deleted()),
                                count(s.unchanged()),
                                count(s.dead())),
                        "sink",
                        ">inserts",
                        ">updates",
                        ">deletes",
                        ">unchanged",
                        ">dead");
            case VERIFY ->
                Columns.of(
                        s -> List.of(count(s.inserts()), count(s.deleted()), count(s.updates()), count(s.unchanged())),
                        "sink",
                        ">missing",
                        ">extra",
                        ">different",
                        ">compared");
            case ADOPT ->
                Columns.of(
                        s -> List.of(
                                count(s.written()),
                                count(s.updates()),
                                count(s.inserts()),
                                count(s.deleted()),
                                count(s.unchanged())),
                        "sink",
                        ">adopted",
                        ">different",
                        ">missing",
                        ">surplus",
                        ">known before");
            case CHECK, PREVIEW, CUT -> Columns.of(s -> List.of(), "sink");
        };
    }

    /** By sink what the nodes of its route kept from it, in sentences; none where nothing was. */
    List<String> dropped() {
        return report.sinks().entrySet().stream()
                .filter(sink -> !sink.getValue().dropped().isEmpty())
                .map(sink -> sink.getKey() + ": " + count(sink.getValue().droppedInAll()) + " dropped by "
                        + sink.getValue().dropped().entrySet().stream()
                                .map(node -> node.getKey() + " (" + count(node.getValue()) + ")")
                                .collect(Collectors.joining(", ")))
                .toList();
    }

    /** Names the keys that differ, or that were repaired. */
    void differences(Terminal terminal) {
        if (report.mode() == Mode.VERIFY) named(terminal, " differs in: ");
        if (report.mode() == Mode.REPAIR) named(terminal, " was repaired in: ");
    }

    private void named(Terminal terminal, String what) {
        report.sinks().forEach((name, sink) -> {
            List<String> keys = sink.differing();
            if (keys.isEmpty()) return;
            List<String> shown = keys.subList(0, Math.min(KEYS_SHOWN, keys.size()));
            String more = keys.size() > KEYS_SHOWN ? ", ... (--json names more)" : "";
            terminal.out().println(name + what + Terminal.harmless(String.join(", ", shown)) + more);
        });
    }

    private String status(Terminal terminal) {
        Terminal.Colour colour =
                switch (report.status()) {
                    case SUCCEEDED -> Terminal.Colour.GREEN;
                    case PARTIAL -> Terminal.Colour.YELLOW;
                    case FAILED -> Terminal.Colour.RED;
                };
        String what = report.runId() == 0
                ? report.mode() + " of " + report.pipeline()
                : report.pipeline() + " " + report.mode() + " " + report.runId();
        return what + ": " + terminal.coloured(colour, outcome()) + read();
    }

    private String read() {
        String read = keysOnly() ? "keys alone were compared" : count(report.recordsRead()) + " records read";
        return report.mode() == Mode.CHECK
                ? ""
                : ", " + read + " in " + Figures.duration(report.duration())
                        + (keysOnly() ? "; --deep compares contents" : "");
    }

    /** A verification that read nothing. */
    private boolean keysOnly() {
        return report.mode() == Mode.VERIFY && report.recordsRead() == 0;
    }

    private String outcome() {
        String status = report.status().name().toLowerCase(Locale.ROOT);
        return switch (report.mode()) {
            case PLAN -> report.problems().isEmpty() ? "nothing was written" : status;
            case VERIFY ->
                switch (report.status()) {
                    case SUCCEEDED -> "every sink holds " + (keysOnly() ? "the keys that" : "what") + " it should";
                    case PARTIAL -> "sinks differ";
                    case FAILED -> status;
                };
            case ADOPT -> report.runId() == 0 && report.problems().isEmpty() ? "nothing was adopted" : status;
            case CHECK -> report.problems().isEmpty() ? "all is well" : status;
            case PREVIEW, CUT -> report.problems().isEmpty() ? "nothing was written" : status;
            case RUN, REPLAY, REPAIR, REMOVE -> changedNothing() ? status + ", nothing had to be written" : status;
        };
    }

    private boolean changedNothing() {
        return report.status() == RunReport.Status.SUCCEEDED
                && report.sinks().values().stream().allMatch(s -> s.written() == 0 && s.deleted() == 0);
    }

    /** What a script gets; the names are part of the interface. */
    Map<String, Object> json() {
        Map<String, Object> sinks = new LinkedHashMap<>();
        report.sinks().forEach((name, sink) -> sinks.put(name, json(sink)));
        Map<String, Object> json = new LinkedHashMap<>();
        if (report.runId() > 0) json.put("runId", report.runId());
        json.put("pipeline", report.pipeline());
        json.put("status", report.status().name().toLowerCase(Locale.ROOT));
        if (report.mode() != Mode.CHECK) json.put("recordsRead", report.recordsRead());
        json.put("sinks", sinks);
        json.put("durationMillis", report.duration().toMillis());
        json.put("problems", report.problems());
        if (!report.notes().isEmpty()) json.put("notes", report.notes());
        return json;
    }

    private Map<String, Object> json(SinkReport s) {
        Map<String, Object> json = new LinkedHashMap<>();
        switch (report.mode()) {
            case RUN, REPLAY, REPAIR, REMOVE -> {
                json.put("written", s.written());
                json.put("unchanged", s.unchanged());
                json.put("deleted", s.deleted());
                json.put("dead", s.dead());
                if (report.mode() == Mode.REPAIR) json.put("repaired", s.differing());
            }
            case PLAN -> {
                json.put("inserts", s.inserts());
                json.put("updates", s.updates());
                json.put("deletes", s.deleted());
                json.put("unchanged", s.unchanged());
                json.put("dead", s.dead());
            }
            case VERIFY -> {
                json.put("missing", s.inserts());
                json.put("extra", s.deleted());
                json.put("different", s.updates());
                json.put("compared", s.unchanged());
                json.put("differing", s.differing());
            }
            case ADOPT -> {
                json.put("adopted", s.written());
                json.put("different", s.updates());
                json.put("missing", s.inserts());
                json.put("surplus", s.deleted());
                json.put("known", s.unchanged());
                json.put("dead", s.dead());
                json.put("surplusKeys", s.differing());
            }
            case CHECK, PREVIEW -> {}
        }
        if (!s.dropped().isEmpty()) json.put("dropped", s.dropped());
        return json;
    }

    private static String count(long n) {
        return Figures.count(n);
    }
}
