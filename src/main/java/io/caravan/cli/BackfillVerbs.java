package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Backfills;
import io.caravan.ledger.Backfills.Slice;
import io.caravan.ledger.Flow;
import io.caravan.source.Days;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code backfill status}, {@code pause}, {@code resume} and {@code cancel}. */
@Command(name = "backfill", description = "Show a backfill, stop it, go on with it, or give it up.")
final class BackfillVerbs {

    static final List<String> NAMES = List.of("status", "pause", "resume", "cancel");

    private BackfillVerbs() {}

    /** The command with one of its verbs; {@code resume}: makes that command of a pipeline's parameters. */
    static CommandLine commandLine(Shell shell, String verb, Function<Shell, CommandLine> resume) {
        return add(new CommandLine(new BackfillVerbs()), shell, verb, resume);
    }

    /** Lets a command know one of the verbs; tells the command. */
    static CommandLine add(CommandLine line, Shell shell, String verb, Function<Shell, CommandLine> resume) {
        return switch (verb) {
            case "status" -> line.addSubcommand(new Status(shell));
            case "pause" -> line.addSubcommand(new Pause(shell));
            case "cancel" -> line.addSubcommand(new Cancel(shell));
            default -> line.addSubcommand("resume", resume.apply(shell));
        };
    }

    @Command(
            name = "status",
            description = "Show how far the backfills are.",
            footer = {"", "Example: " + Launcher.CARAVAN + " backfill status 'silver[agency-10]'"})
    private static final class Status implements Callable<Integer> {

        private final Shell shell;

        @Mixin
        private final Common common = new Common();

        @Parameters(
                arity = "0..1",
                paramLabel = "<pipeline>",
                description = "As caravan runs shows it: slice by slice. Without: a line for each pipeline.")
        private String name;

        Status(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            Map<String, List<Slice>> all = shell.ledger(Backfills::all);
            if (name != null) all = Map.of(name, named(shell, "status", name).slices());
            if (common.json()) {
                Map<String, Object> json = new LinkedHashMap<>();
                all.forEach((flow, slices) ->
                        json.put(flow, slices.stream().map(BackfillVerbs::json).toList()));
                shell.terminal().json(json);
            } else if (all.isEmpty()) {
                shell.terminal().out().println("No backfill yet");
            } else {
                shell.terminal().print(name == null ? overview(all) : slices(all.get(name)));
            }
            return Exit.SUCCEEDED;
        }
    }

    @Command(
            name = "pause",
            description = "Begin no further slice; one that is being read is read to its end.",
            footer = {"", "Example: " + Launcher.CARAVAN + " backfill pause 'silver[agency-10]'"})
    private static final class Pause implements Callable<Integer> {

        private final Shell shell;

        @Mixin
        private final Common common = new Common();

        @Parameters(paramLabel = "<pipeline>", description = "As caravan backfill status shows it.")
        private String name;

        Pause(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            return become(shell, common, "pause", name, Backfills.PAUSED);
        }
    }

    @Command(
            name = "cancel",
            description =
                    "Give up the slices that are not read: the next run of the pipeline reads them with everything else.",
            footer = {"", "Example: " + Launcher.CARAVAN + " backfill cancel 'silver[agency-10]'"})
    private static final class Cancel implements Callable<Integer> {

        private final Shell shell;

        @Mixin
        private final Common common = new Common();

        @Parameters(paramLabel = "<pipeline>", description = "As caravan backfill status shows it.")
        private String name;

        Cancel(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            return become(shell, common, "cancel", name, Backfills.CANCELLED);
        }
    }

    @Command(
            name = "resume",
            description = "Go on with a backfill that was paused, stopped or killed.",
            footer = {"", "Example: " + Launcher.CARAVAN + " backfill resume silver --agency agency-10", Exit.SENTENCE})
    static final class Resume implements Callable<Integer> {

        private final Shell shell;

        @Mixin
        private final Common common = new Common();

        @Mixin
        private final PipelineArguments arguments;

        @Mixin
        private final BackfillWork.Patience patience = new BackfillWork.Patience();

        Resume(Shell shell, PipelineArguments arguments) {
            this.shell = shell;
            this.arguments = arguments;
        }

        @Override
        public Integer call() throws Exception {
            patience.checked();
            BackfillWork work = new BackfillWork(shell, arguments.pipeline(), arguments.configuration(), common.json());
            Found found = named(shell, "resume", work.flow());
            shell.ledger(c -> Backfills.become(c, found.flow().id(), Backfills.WAITING));
            return work.run(patience);
        }
    }

    private record Found(Flow flow, List<Slice> slices) {}

    private static Found named(Shell shell, String verb, String name) {
        Flow flow = new KnownPipelines(shell, "backfill " + verb).named(name);
        List<Slice> slices = shell.ledger(c -> Backfills.of(c, flow.id()));
        if (slices.isEmpty())
            throw new ConfigurationException(
                    SettingChecks.sentence("backfill " + verb, "pipeline", "be one with a backfill", name));
        return new Found(flow, slices);
    }

    private static int become(Shell shell, Common common, String verb, String name, String state) {
        Found found = named(shell, verb, name);
        int changed = shell.ledger(c -> Backfills.become(c, found.flow().id(), state));
        if (common.json()) shell.terminal().json(Map.of(state, changed));
        else shell.terminal().out().println(name + ": " + Figures.count(changed) + " slices are " + state + " now");
        return Exit.SUCCEEDED;
    }

    private static Table overview(Map<String, List<Slice>> all) {
        Table table = new Table("pipeline", "days", ">slices", ">done", ">waiting", ">paused", ">cancelled");
        all.forEach((name, slices) -> table.row(
                name,
                new Days.Range(
                        slices.get(0).since(), slices.get(slices.size() - 1).until()),
                slices.size(),
                count(slices, Backfills.DONE),
                count(slices, Backfills.WAITING),
                count(slices, Backfills.PAUSED),
                count(slices, Backfills.CANCELLED)));
        return table;
    }

    private static long count(List<Slice> slices, String state) {
        return slices.stream().filter(s -> s.state().equals(state)).count();
    }

    private static Table slices(List<Slice> slices) {
        Table table = new Table("slice", "state", ">tries", ">last run", "outcome", ">records", "problem");
        slices.forEach(s -> table.row(
                new Days.Range(s.since(), s.until()),
                s.state(),
                s.tries(),
                s.run().map(String::valueOf).orElse(""),
                s.outcome().orElse(""),
                Figures.count(s.records()),
                s.problem().flatMap(p -> p.lines().findFirst()).orElse("")));
        return table;
    }

    private static Map<String, Object> json(Slice s) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("since", s.since().toString());
        json.put("until", s.until().minusDays(1).toString());
        json.put("state", s.state());
        json.put("tries", s.tries());
        s.run().ifPresent(run -> json.put("run", run));
        s.outcome().ifPresent(outcome -> json.put("outcome", outcome));
        json.put("records", s.records());
        s.problem().ifPresent(problem -> json.put("problem", problem));
        return json;
    }
}
