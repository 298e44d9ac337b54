package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Audit;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.SinkStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "reset",
        description =
                "Let the next run of a pipeline send everything again, to all its sinks or to some; changes no sink itself.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " reset personalization --sink graph",
            "Exit codes: 0 done, 2 there is no such pipeline or sink, 4 a run of the pipeline goes on."
        })
final class ResetCommand implements Callable<Integer> {

    private final Shell shell;
    private final KnownPipelines known;

    @Mixin
    private final Common common = new Common();

    @Parameters(paramLabel = "<pipeline>", description = "One of those that " + Launcher.CARAVAN + " list shows.")
    private String name;

    @Option(
            names = "--sink",
            split = ",",
            paramLabel = "<sink>",
            description = "Only to this one; several with commas between. Without: to all.")
    private List<String> only = List.of();

    ResetCommand(Shell shell) {
        this.shell = shell;
        this.known = new KnownPipelines(shell, "reset");
    }

    /** What was reset, and how many records that is by the ledger. */
    private record Done(Collection<String> sinks, long records) {}

    private static final Done NOTHING = new Done(List.of(), 0);

    @Override
    public Integer call() {
        List<String> phases = shell.pipelines().phasesOfChain(name);
        if (!phases.isEmpty()) return resetAll(phases);
        Optional<Flow> flow = known.find(name);
        if (flow.isEmpty() && isNamedByARoute()) {
            say(Map.of(name, NOTHING));
            return Exit.SUCCEEDED;
        }
        Flow found = flow.orElseGet(() -> known.named(name));
        say(Map.of(name, shell.alone("reset", List.of(found), c -> reset(c, found))));
        return Exit.SUCCEEDED;
    }

    /** A sink is that of one phase; all of them are reset together, or none. */
    private int resetAll(List<String> phases) {
        if (!only.isEmpty()) {
            throw new ConfigurationException(SettingChecks.sentence(
                            "reset", "--sink", "be of a pipeline, and " + name + " is a chain", String.join(",", only))
                    + "; name one of its phases: " + String.join(", ", phases));
        }
        List<Flow> flows =
                phases.stream().flatMap(phase -> known.find(phase).stream()).toList();
        Map<String, Done> done = new LinkedHashMap<>();
        phases.forEach(phase -> done.put(phase, NOTHING));
        if (!flows.isEmpty()) {
            shell.alone("reset", flows, c -> {
                for (Flow flow : flows) done.put(flow.name(), reset(c, flow));
                return done;
            });
        }
        say(done);
        return Exit.SUCCEEDED;
    }

    private boolean isNamedByARoute() {
        return shell.pipelines().all().stream().anyMatch(p -> p.name().equals(name))
                && shell.ledger(c -> Flows.names(c, name)).isEmpty();
    }

    private Done reset(Connection c, Flow named) throws SQLException {
        short flow = named.id();
        Set<String> sinks = new TreeSet<>(SinkStates.acked(c, flow).keySet());
        List<String> problems = new ArrayList<>();
        for (String sink : only) {
            if (!sinks.contains(sink)) problems.add(known.sentence("--sink", "one of ", sinks, sink));
        }
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        Set<String> meant = only.isEmpty() ? sinks : new TreeSet<>(only);
        SinkStates.reset(c, flow, meant);
        Done done = new Done(meant, RecordStates.live(c, flow));
        Audit.done(c, named.name(), "reset", shell.starter(), done.records());
        return done;
    }

    private void say(Map<String, Done> done) {
        if (common.json()) {
            List<Map<String, Object>> json = done.entrySet().stream()
                    .map(e -> json(e.getKey(), e.getValue()))
                    .toList();
            shell.terminal().json(done.containsKey(name) ? json.get(0) : Map.of("pipeline", name, "phases", json));
        } else {
            done.forEach(this::say);
        }
    }

    private static Map<String, Object> json(String pipeline, Done done) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pipeline", pipeline);
        json.put("sinks", done.sinks());
        json.put("records", done.records());
        return json;
    }

    private void say(String pipeline, Done done) {
        shell.terminal()
                .out()
                .println(pipeline
                        + (done.sinks().isEmpty()
                                ? ": no sink has got anything yet; the next run sends everything anyway"
                                : ": the next run sends everything again to " + String.join(", ", done.sinks())
                                        + ": " + Figures.count(done.records())
                                        + " records by the ledger, and what was deleted meanwhile"));
    }
}
