package io.caravan.cli;

import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Phase;
import io.caravan.run.RunReport.PhaseState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The report of a chain as one table with the sinks of each phase, and what they mean below it, or as JSON. */
final class ChainSummary {

    private final RunReport chain;

    ChainSummary(RunReport chain) {
        this.chain = chain;
    }

    /** Prints it; problems go to the error stream in both forms. */
    void print(Terminal terminal, boolean json) {
        if (json) {
            terminal.json(json());
        } else {
            terminal.print(table());
            phases().forEach(phase -> phase.dropped().forEach(terminal.out()::println));
            phases().forEach(phase -> phase.differences(terminal));
            terminal.out().println(status(terminal));
            chain.notes().forEach(terminal.out()::println);
        }
        chain.problems().forEach(terminal::error);
        if (!json) phases().forEach(phase -> phase.letters(terminal));
    }

    private Stream<Summary> phases() {
        return chain.phases().stream().flatMap(phase -> phase.report().stream()).map(Summary::new);
    }

    Table table() {
        List<String> headings = new ArrayList<>(List.of("phase", "state"));
        headings.addAll(new Summary(chain).columns().headings());
        Table table = new Table(headings.toArray(String[]::new));
        for (Phase phase : chain.phases()) {
            boolean none = phase.report().filter(r -> !r.sinks().isEmpty()).isEmpty();
            if (none) table.row(row(phase, new Object[headings.size() - 2]));
            phase.report().ifPresent(report -> report.sinks()
                    .forEach((name, sink) ->
                            table.row(row(phase, new Summary(report).columns().row(name, sink)))));
        }
        return table;
    }

    private static Object[] row(Phase phase, Object... cells) {
        return Stream.concat(
                        Stream.of(phase.pipeline(), phase.state()),
                        Stream.of(cells).map(c -> c == null ? "" : c))
                .toArray();
    }

    private String status(Terminal terminal) {
        Terminal.Colour colour =
                switch (chain.status()) {
                    case SUCCEEDED -> Terminal.Colour.GREEN;
                    case PARTIAL -> Terminal.Colour.YELLOW;
                    case FAILED -> Terminal.Colour.RED;
                };
        String outcome = chain.status().name().toLowerCase(Locale.ROOT);
        if (chain.mode() == Mode.PLAN && chain.problems().isEmpty()) outcome = "nothing was written";
        List<String> parts = new ArrayList<>(List.of(chain.phases().size() + " phases"));
        for (PhaseState state : List.of(PhaseState.SKIPPED, PhaseState.NOT_RUN)) {
            long those = chain.phases().stream()
                    .filter(phase -> phase.state() == state)
                    .count();
            if (those > 0) parts.add(those + " " + state);
        }
        return chain.mode() + " of " + chain.pipeline() + ": " + terminal.coloured(colour, outcome) + ", "
                + String.join(", ", parts) + ", " + Figures.count(chain.recordsRead()) + " records read in "
                + Figures.duration(chain.duration());
    }

    /** What a script gets; the names are part of the interface. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pipeline", chain.pipeline());
        json.put("status", chain.status().name().toLowerCase(Locale.ROOT));
        json.put("recordsRead", chain.recordsRead());
        json.put("phases", chain.phases().stream().map(ChainSummary::json).toList());
        json.put("durationMillis", chain.duration().toMillis());
        json.put("problems", chain.problems());
        if (!chain.notes().isEmpty()) json.put("notes", chain.notes());
        return json;
    }

    private static Map<String, Object> json(Phase phase) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pipeline", phase.pipeline());
        phase.report().map(report -> new Summary(report).json()).ifPresent(json::putAll);
        json.put("status", phase.state().toString());
        return json;
    }
}
