package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.ledger.Audit;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.ledger.LeaseHeldException;
import io.caravan.ledger.Runs;
import io.caravan.ledger.SinkStates;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description =
                "Forget a pipeline: its runs, deliveries, dead letters and positions. Its sinks keep their records"
                        + " unless --with-data is given. Its route file stays.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " remove personalization",
            "With its records in every sink: " + Launcher.CARAVAN + " remove personalization --with-data --yes",
            "Exit codes: 0 done, 1 a sink could not delete all, and nothing was forgotten, 2 there is no such pipeline, or --yes is",
            "missing, 4 a run of the pipeline goes on."
        })
final class RemoveCommand implements Callable<Integer> {

    private final Shell shell;
    private final KnownPipelines known;

    @Mixin
    private final Common common = new Common();

    @Parameters(paramLabel = "<pipeline>", description = "One that has run; a route need not name it any more.")
    private String name;

    @Option(
            names = "--with-data",
            description =
                    "First delete from each sink the records that the ledger says it holds; needs the pipeline's route.")
    private boolean withData;

    @Option(names = "--yes", description = "Delete them without asking.")
    private boolean yes;

    RemoveCommand(Shell shell) {
        this.shell = shell;
        this.known = new KnownPipelines(shell, "remove");
    }

    @Override
    public Integer call() throws Exception {
        Flow flow = known.named(name);
        Map<String, Long> held = shell.ledger(c -> SinkStates.held(c, flow.id()));
        OptionalLong run = OptionalLong.empty();
        if (withData) {
            Pipeline pipeline = routed();
            if (!yes) return unconfirmed(held);
            RunReport report =
                    new Trip(shell, pipeline, shell.configuration(), common.json()).go(RunRequest.of(Mode.REMOVE));
            if (report.status() == RunReport.Status.FAILED) return failed(report);
            if (!common.json()) new Summary(report).print(shell.terminal(), false);
            run = OptionalLong.of(report.runId());
        }
        OptionalLong last = run;
        Map<String, Integer> forgotten = shell.alone("remove", List.of(flow), c -> {
            if (last.isPresent() && Runs.last(c, flow.id()) != last.getAsLong()) throw runAgain();
            Map<String, Integer> gone = Flows.remove(c, flow.id());
            Audit.done(c, name, "forget", shell.starter(), gone.get("record_state"));
            return gone;
        });
        say(held, forgotten);
        return Exit.SUCCEEDED;
    }

    private Pipeline routed() {
        try {
            return shell.pipelines().named(name);
        } catch (ConfigurationException e) {
            throw new ConfigurationException(e.getMessage() + System.lineSeparator()
                    + "remove: without its route nobody knows where its sinks are; remove " + name
                    + " without --with-data, or put the route back");
        }
    }

    private int unconfirmed(Map<String, Long> held) {
        shell.terminal()
                .error("remove: --yes must be given to delete " + counts(held)
                        + "; nothing was deleted, nothing forgotten");
        return Exit.WRONG;
    }

    private int failed(RunReport report) {
        new Summary(report).print(shell.terminal(), common.json());
        shell.terminal()
                .error(name + ": not every sink deleted its records, so the ledger forgets nothing; when that is fixed,"
                        + " remove it again");
        return Exit.FAILED;
    }

    /** Between the end of ours and the lease that we took to forget. */
    private LeaseHeldException runAgain() {
        return new LeaseHeldException(name
                + ": another run began after the sinks were emptied, so the ledger forgets nothing; remove it again");
    }

    private void say(Map<String, Long> held, Map<String, Integer> forgotten) {
        if (common.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("pipeline", name);
            json.put("runs", forgotten.get("run"));
            json.put("records", forgotten.get("record_state"));
            json.put("deadLetters", forgotten.get("dead_letter"));
            json.put(withData ? "deleted" : "kept", held);
            shell.terminal().json(json);
            return;
        }
        shell.terminal()
                .out()
                .println(Terminal.harmless(name + ": forgotten with " + Figures.count(forgotten.get("run"))
                        + " runs and " + Figures.count(forgotten.get("dead_letter")) + " dead letters"));
        if (!withData && !held.isEmpty()) {
            shell.terminal()
                    .out()
                    .println("The sinks keep what they hold: " + counts(held)
                            + "; nobody will delete it by what the ledger knew.");
        }
    }

    private static String counts(Map<String, Long> held) {
        if (held.isEmpty()) return "no records";
        return Terminal.harmless(held.entrySet().stream()
                .map(sink -> Figures.count(sink.getValue()) + " records of " + sink.getKey())
                .collect(Collectors.joining(", ")));
    }
}
