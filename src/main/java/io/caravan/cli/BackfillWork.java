package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Backfills;
import io.caravan.ledger.Backfills.Slice;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import io.caravan.run.Slices;
import io.caravan.settings.Configuration;
import io.caravan.source.Days;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/**
 * Reads the slices of a pipeline's history, a run each, the newest first, and then all once more: only that can say what is gone. What it
 * has to do is in the ledger: one that died, or was paused, is gone on with by any other.
 */
final class BackfillWork {

    /** How long to wait for a run of today that goes on, in seconds. */
    static final int PATIENCE = 3_600;

    /** A megabyte of each object that comes is in memory. */
    static final int MOST_PARALLEL = 16;

    /** So many slices that fail one after the other fail for one reason. */
    private static final int AT_MOST_FAILED = 3;

    /** How long to wait for a run of today that goes on, how many slices are read side by side, and what the last run reads. */
    static final class Patience {

        @Option(
                names = "--wait",
                paramLabel = "<seconds>",
                defaultValue = "" + PATIENCE,
                description =
                        "While another run of the pipeline goes on, wait up to this long for it to end [${DEFAULT-VALUE}].")
        private long seconds;

        @Option(
                names = "--parallel",
                paramLabel = "<slices>",
                defaultValue = "1",
                description =
                        "Read so many slices side by side, in one run: their objects come so many at once, and all become done together"
                                + " (1 to " + MOST_PARALLEL + ") [${DEFAULT-VALUE}].")
        private int parallel;

        @Option(
                names = "--full",
                description =
                        "Let the last run read everything, also of a source that is else read from its cursor on: only so is deleted what is gone.")
        private boolean full;

        Patience() {}

        /** The usual time; {@code parallel}: as the option says. */
        Patience(int parallel) {
            this.seconds = PATIENCE;
            this.parallel = parallel;
        }

        /** Throws what is wrong with it. */
        Patience checked() {
            new SettingChecks("backfill")
                    .between("--wait", seconds, 0, 86_400)
                    .between("--parallel", parallel, 1, MOST_PARALLEL)
                    .check();
            return this;
        }

        private Duration time() {
            return Duration.ofSeconds(seconds);
        }
    }

    private final Shell shell;
    private final Pipeline pipeline;
    private final Configuration configuration;
    private final boolean json;
    private final List<String> problems = new ArrayList<>();

    BackfillWork(Shell shell, Pipeline pipeline, Configuration configuration, boolean json) {
        this.shell = shell;
        this.pipeline = pipeline;
        new SettingChecks("backfill")
                .must(
                        !pipeline.isChain(),
                        "pipeline",
                        "be no chain, as history is that of one pipeline",
                        pipeline.name())
                .check();
        this.configuration = configuration.with(pipeline.settings());
        this.json = json;
    }

    /** Under which name the ledger has it. */
    String flow() {
        String part = pipeline.flowSetting().isEmpty()
                ? ""
                : Engine.resolved(
                        configuration,
                        configuration.value(pipeline.flowSetting()).orElse(""));
        return Flow.named(pipeline.name(), part);
    }

    /** Counts what lies in each slice; throws where the source cannot be cut. */
    void count(Slices slices) throws Exception {
        RunReport report = trip(RunRequest.of(Mode.CUT).countedIn(slices));
        if (report.status() == RunReport.Status.FAILED)
            throw new ConfigurationException(String.join(System.lineSeparator(), report.problems()));
    }

    /** Makes them the flow's; those that it has already go on. */
    void plan(Slices slices) {
        List<Slice> wanted = slices.sums().keySet().stream()
                .map(range -> Slice.waiting(range.since(), range.until()))
                .toList();
        String name = flow();
        shell.ledger(c -> {
            Flow flow = Flows.of(c, name);
            List<Slice> there = Backfills.of(c, flow.id());
            if (there.stream().noneMatch(Slice::open)) {
                Backfills.plan(c, flow.id(), wanted);
            } else if (!ranges(there).equals(ranges(wanted))) {
                throw new ConfigurationException(SettingChecks.sentence(
                                "backfill",
                                name,
                                "have no other backfill that goes on",
                                there.get(0).since() + " to "
                                        + there.get(there.size() - 1).until().minusDays(1))
                        + "; let it end with " + Launcher.command("backfill resume " + name) + ", or "
                        + Launcher.command("backfill cancel " + name));
            } else {
                Backfills.become(c, flow.id(), Backfills.WAITING);
            }
            return null;
        });
    }

    private static List<Days.Range> ranges(List<Slice> slices) {
        return slices.stream().map(s -> new Days.Range(s.since(), s.until())).toList();
    }

    /** What kept it from its end, in sentences. */
    List<String> problems() {
        return problems;
    }

    /**
     * Reads what waits, until nothing does, and says how it ends. Slices that fail together are read once more one by one. One that fails
     * alone keeps no other waiting, unless several do in a row.
     */
    int run(Patience patience) throws Exception {
        patience.checked();
        Engines engines = shell.keepingEngines();
        try (engines) {
            return work(patience);
        }
    }

    private int work(Patience patience) throws Exception {
        String name = flow();
        Set<LocalDate> failed = new TreeSet<>();
        Set<LocalDate> alone = new TreeSet<>();
        int inARow = 0;
        int exit = Exit.SUCCEEDED;
        while (true) {
            List<Slice> slices = slices(name);
            List<Slice> next = next(slices, failed, alone, patience.parallel);
            if (next.isEmpty()) {
                if (slices.stream().noneMatch(Slice::open)) return whole(patience);
                stopped(name, slices, failed.size());
                return exit;
            }
            RunReport report =
                    trip(RunRequest.of(Mode.RUN).ofSlices(ranges(next)).waiting(Optional.of(patience.time())));
            say(next, slices, report);
            boolean fails = report.status() == RunReport.Status.FAILED;
            if (fails && next.size() > 1 && !shell.signals().told()) {
                next.forEach(slice -> alone.add(slice.since())); // which of them is to blame
                continue;
            }
            problems.addAll(report.problems());
            exit = Exit.worse(exit, Exit.of(report));
            if (fails) next.forEach(slice -> failed.add(slice.since()));
            inARow = fails ? inARow + 1 : 0;
            if (inARow == AT_MOST_FAILED || shell.signals().told()) return exit;
        }
    }

    /** The newest that wait, in order and without a gap; those that failed with others one by one. */
    private static List<Slice> next(List<Slice> slices, Set<LocalDate> failed, Set<LocalDate> alone, int most) {
        List<Slice> waiting = slices.stream()
                .filter(slice -> slice.state().equals(Backfills.WAITING) && !failed.contains(slice.since()))
                .sorted(Comparator.comparing(Slice::since).reversed())
                .toList();
        List<Slice> next = new ArrayList<>();
        for (Slice slice : waiting) {
            boolean follows = next.isEmpty()
                    || !alone.contains(slice.since())
                            && !alone.contains(next.get(0).since())
                            && slice.until().equals(next.get(0).since());
            if (next.size() == most || !follows) break;
            next.add(0, slice);
        }
        return next;
    }

    private void stopped(String name, List<Slice> slices, int failed) {
        if (json) return;
        long open = slices.stream().filter(Slice::open).count();
        shell.terminal()
                .out()
                .println(name + ": " + Figures.count(open) + " slices are not read"
                        + (failed > 0 ? ", " + failed + " of them failed" : ", as it is paused") + "; go on with "
                        + Launcher.command("backfill resume " + name));
    }

    /** What only a run that sees everything can say: what is gone, and who has a record that several objects hold. */
    private int whole(Patience patience) throws Exception {
        RunReport report =
                trip(RunRequest.of(Mode.RUN).readingInFull(patience.full).waiting(Optional.of(patience.time())));
        new Summary(report).print(shell.terminal(), json);
        problems.addAll(report.problems());
        return Exit.of(report);
    }

    private void say(List<Slice> read, List<Slice> all, RunReport report) {
        if (!json) {
            long done =
                    all.stream().filter(s -> s.state().equals(Backfills.DONE)).count();
            boolean failed = report.status() == RunReport.Status.FAILED;
            long written = report.sinks().values().stream()
                    .mapToLong(RunReport.SinkReport::written)
                    .sum();
            shell.terminal()
                    .out()
                    .println(report.pipeline() + ": " + words(ranges(read)) + ": "
                            + report.status().toString().toLowerCase(Locale.ROOT) + ", "
                            + Figures.count(report.recordsRead()) + " records read, " + Figures.count(written)
                            + " written, " + Figures.duration(report.duration()) + "; "
                            + (done + (failed ? 0 : read.size()))
                            + " of " + all.size() + " slices done");
        }
        report.problems().forEach(shell.terminal()::error);
    }

    private static String words(List<Days.Range> read) {
        Days.Range last = read.get(read.size() - 1);
        return read.size() == 1
                ? last.toString()
                : read.size() + " slices of " + new Days.Range(read.get(0).since(), last.until());
    }

    private List<Slice> slices(String name) {
        return shell.ledger(c -> {
            Optional<Flow> flow = Flows.find(c, name);
            return flow.isEmpty()
                    ? List.<Slice>of()
                    : Backfills.of(c, flow.get().id());
        });
    }

    private RunReport trip(RunRequest request) throws Exception {
        return new Trip(shell, pipeline, configuration, json).go(request);
    }
}
