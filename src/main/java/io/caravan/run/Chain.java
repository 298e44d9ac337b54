package io.caravan.run;

import io.caravan.error.Words;
import io.caravan.ledger.Flow;
import io.caravan.record.Overlay;
import io.caravan.run.RunReport.Phase;
import io.caravan.run.RunReport.PhaseState;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;

/**
 * Pipelines that one message runs one after the other, each called by {@link RunPhase}: what they did so far, in one report. It begins
 * and ends with the route that calls them, see {@link ChainRoutes}. Thread-safe.
 */
final class Chain implements Progress {

    private static final String VARIABLE = "chain";

    private final String name;
    private final Mode mode;
    /** Every phase leaves something unread then, which is no reason to stop. */
    private final boolean limited;
    /** The pipelines that the route calls, in order. */
    private final List<String> planned;

    private final long startedNanos = System.nanoTime();
    private final List<Phase> ended = new CopyOnWriteArrayList<>();
    private final Map<Progress, Boolean> going = new ConcurrentHashMap<>();
    private final Overlay overlay = new Overlay();
    private volatile String stoppedBy;
    private volatile boolean over;

    private Chain(String name, RunRequest asked, List<String> planned) {
        this.name = name;
        this.mode = asked.mode();
        this.limited = asked.limit().isPresent();
        this.planned = planned;
    }

    /** The one that goes on, or went on last, with this message. */
    static Optional<Chain> of(Exchange exchange) {
        return Optional.ofNullable(exchange.getVariable(VARIABLE, Chain.class));
    }

    /** Begins one, if the message is in none: its phases are those of the route, or of the chain that calls this route. */
    static Optional<Chain> begin(Exchange exchange, String name, List<String> planned) {
        boolean inside =
                RunScope.isOn(exchange) || of(exchange).filter(c -> !c.over).isPresent();
        if (inside) return Optional.empty();
        RunRequest asked = exchange.getVariable(RunRequest.VARIABLE, RunRequest.class);
        Chain chain = new Chain(name, asked == null ? RunRequest.of(Mode.RUN) : asked, planned);
        exchange.setVariable(VARIABLE, chain);
        PipelineRuns.of(exchange.getContext()).begun(name, chain);
        return Optional.of(chain);
    }

    /** Of a plan, what its phases would write. */
    Overlay overlay() {
        return overlay;
    }

    /** No phase follows. */
    void end(Exchange exchange) {
        over = true;
        overlay.close();
        PipelineRuns.of(exchange.getContext()).over(this);
        PipelineRuns.of(exchange.getContext()).ended(report());
    }

    String name() {
        return name;
    }

    /** Whether it goes on behind a phase with differences or problems, as nothing is built on what that one did. */
    boolean onlyLooks() {
        return mode == Mode.VERIFY || mode == Mode.CHECK;
    }

    void opened(Progress run) {
        going.put(run, true);
        String by = stoppedBy;
        if (by != null) run.stop(by);
    }

    void over(Progress run) {
        going.remove(run);
    }

    void ended(Phase phase) {
        ended.add(phase);
    }

    int phases() {
        return ended.size();
    }

    /** Whether one of those that ended after so many others is partial as it has letters, not as its reading was limited. */
    boolean stopsSince(int others) {
        return ended.subList(others, ended.size()).stream()
                .anyMatch(phase -> phase.state() == PhaseState.PARTIAL
                        && !(limited
                                && phase.report()
                                        .filter(r -> r.openDeadLetters() == 0)
                                        .isPresent()));
    }

    /** Whether this pipeline was one of them. */
    boolean hasRun(String pipeline) {
        return ended.stream().anyMatch(phase -> is(phase, pipeline));
    }

    /** Also one of its flows. */
    private static boolean is(Phase phase, String pipeline) {
        return Flow.pipeline(phase.pipeline()).equals(pipeline);
    }

    /** Whether one of those that ended after so many others is partial. */
    boolean partialSince(int others) {
        return ended.subList(others, ended.size()).stream().anyMatch(phase -> phase.state() == PhaseState.PARTIAL);
    }

    /** What all phases did together, and each by itself. */
    RunReport report() {
        List<Phase> phases = new ArrayList<>(ended);
        planned.stream().filter(pipeline -> !hasRun(pipeline)).forEach(pipeline -> phases.add(Phase.notRun(pipeline)));
        List<RunReport> reports =
                ended.stream().flatMap(phase -> phase.report().stream()).toList();
        List<String> problems = new ArrayList<>();
        Map<String, SinkReport> sinks = new TreeMap<>();
        for (Phase phase : ended) {
            phase.failure().ifPresent(f -> problems.add(of(phase.pipeline(), Words.of(f))));
            phase.report().ifPresent(report -> {
                problems.addAll(report.problems());
                report.sinks().forEach((sink, did) -> sinks.put(phase.pipeline() + "/" + sink, did));
            });
        }
        return new RunReport(
                0,
                name,
                mode,
                status(),
                reports.stream().mapToLong(RunReport::recordsRead).sum(),
                sinks,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                List.copyOf(problems),
                reports.stream().mapToLong(RunReport::openDeadLetters).sum(),
                reports.stream().flatMap(report -> report.notes().stream()).toList(),
                Map.of(),
                List.copyOf(phases));
    }

    private static String of(String pipeline, String problem) {
        return problem.startsWith(pipeline + ": ") ? problem : pipeline + ": " + problem;
    }

    private Status status() {
        if (ended.stream().anyMatch(phase -> phase.state() == PhaseState.FAILED)) return Status.FAILED;
        return partialSince(0) ? Status.PARTIAL : Status.SUCCEEDED;
    }

    @Override
    public void stop(String by) {
        stoppedBy = by;
        going.keySet().forEach(run -> run.stop(by));
    }

    @Override
    public long recordsRead() {
        long before = ended.stream()
                .flatMap(phase -> phase.report().stream())
                .mapToLong(RunReport::recordsRead)
                .sum();
        return before + going.keySet().stream().mapToLong(Progress::recordsRead).sum();
    }

    @Override
    public Map<String, Long> written() {
        Map<String, Long> written = new TreeMap<>();
        going.keySet().forEach(run -> written.putAll(run.written()));
        return written;
    }
}
