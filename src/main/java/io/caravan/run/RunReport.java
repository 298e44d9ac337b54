package io.caravan.run;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Mask;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;

/**
 * What a run did, as the ledger keeps it.
 *
 * @param problems what kept it from succeeding, in sentences; empty for a run that succeeded
 * @param openDeadLetters of the pipeline, from this run and earlier ones
 * @param notes what else is worth knowing, in sentences
 * @param facts what a check was told that an endpoint holds, by endpoint and by what is counted
 * @param phases of a chain what its pipelines did, in order, see {@link Chain}; empty for a pipeline
 */
public record RunReport(
        long runId,
        String pipeline,
        Mode mode,
        Status status,
        long recordsRead,
        Map<String, SinkReport> sinks,
        Duration duration,
        List<String> problems,
        long openDeadLetters,
        List<String> notes,
        Map<String, Map<String, Long>> facts,
        List<Phase> phases) {

    public RunReport {
        problems = problems.stream().map(Mask.ofProcess()::sentence).toList();
        notes = notes.stream().map(Mask.ofProcess()::sentence).toList();
    }

    /** Of a verification or check nothing is skipped: it looked. */
    private static final Set<Mode> SKIPS = Set.of(Mode.RUN, Mode.PLAN);

    /** The exchange variable that holds the report of the pipeline that ended last. */
    public static final String VARIABLE = "report";

    /**
     * What the pipeline or chain did that a message was sent through, also when it failed; throws what kept it from beginning.
     */
    public static RunReport of(Exchange done) throws Exception {
        Optional<RunReport> chain = Chain.of(done).map(Chain::report);
        boolean whole = done.getException() == null
                || chain.filter(c -> c.status() == Status.FAILED).isPresent();
        if (chain.isPresent() && whole) return chain.get();
        RunFailedException failed = done.getException(RunFailedException.class);
        if (failed != null) return failed.report();
        if (done.getException() != null) throw done.getException();
        RunReport report = done.getVariable(VARIABLE, RunReport.class);
        if (report == null) {
            throw new ConfigurationException("caravan: the route must call a pipeline, got no report of one");
        }
        return report;
    }

    /** Of a pipeline. */
    public RunReport(
            long runId,
            String pipeline,
            Mode mode,
            Status status,
            long recordsRead,
            Map<String, SinkReport> sinks,
            Duration duration,
            List<String> problems,
            long openDeadLetters,
            List<String> notes,
            Map<String, Map<String, Long>> facts) {
        this(
                runId,
                pipeline,
                mode,
                status,
                recordsRead,
                sinks,
                duration,
                problems,
                openDeadLetters,
                notes,
                facts,
                List.of());
    }

    /** Without facts. */
    public RunReport(
            long runId,
            String pipeline,
            Mode mode,
            Status status,
            long recordsRead,
            Map<String, SinkReport> sinks,
            Duration duration,
            List<String> problems,
            long openDeadLetters,
            List<String> notes) {
        this(runId, pipeline, mode, status, recordsRead, sinks, duration, problems, openDeadLetters, notes, Map.of());
    }

    /** Without notes. */
    public RunReport(
            long runId,
            String pipeline,
            Mode mode,
            Status status,
            long recordsRead,
            Map<String, SinkReport> sinks,
            Duration duration,
            List<String> problems,
            long openDeadLetters) {
        this(runId, pipeline, mode, status, recordsRead, sinks, duration, problems, openDeadLetters, List.of());
    }

    /** The same, with one more problem. */
    public RunReport saying(String problem) {
        List<String> all = Stream.concat(problems.stream(), Stream.of(problem)).toList();
        return new RunReport(
                runId,
                pipeline,
                mode,
                status,
                recordsRead,
                sinks,
                duration,
                all,
                openDeadLetters,
                notes,
                facts,
                phases);
    }

    /** The same, with one more note. */
    public RunReport noting(String note) {
        return new RunReport(
                runId,
                pipeline,
                mode,
                status,
                recordsRead,
                sinks,
                duration,
                problems,
                openDeadLetters,
                Stream.concat(notes.stream(), Stream.of(note)).toList(),
                facts,
                phases);
    }

    /** Whether it did what was asked and found that no sink waited for anything. */
    public boolean hadNoNews() {
        return status == Status.SUCCEEDED
                && !sinks.isEmpty()
                && sinks.values().stream()
                        .allMatch(s -> s.written() == 0 && s.deleted() == 0 && s.inserts() == 0 && s.updates() == 0);
    }

    /** How a run ended, the best first; see Words in docs/architecture.md. */
    public enum Status {
        SUCCEEDED,
        PARTIAL,
        FAILED
    }

    /**
     * In records; {@code differing} are keys, given by verify only.
     *
     * @param dropped by the id of a node of the route, how many records it kept from the sink
     */
    public record SinkReport(
            long written,
            long unchanged,
            long deleted,
            long dead,
            long inserts,
            long updates,
            List<String> differing,
            Map<String, Long> dropped) {

        /** Without a filter before it. */
        public SinkReport(
                long written,
                long unchanged,
                long deleted,
                long dead,
                long inserts,
                long updates,
                List<String> differing) {
            this(written, unchanged, deleted, dead, inserts, updates, differing, Map.of());
        }

        /** How many records all nodes together kept from it. */
        public long droppedInAll() {
            return dropped.values().stream().mapToLong(n -> n).sum();
        }
    }

    /**
     * What one pipeline of a chain did.
     *
     * @param report empty for one that did not begin
     * @param failure what kept it from beginning, if anything did
     */
    public record Phase(String pipeline, PhaseState state, Optional<RunReport> report, Optional<Throwable> failure) {

        static Phase of(RunReport report) {
            PhaseState state =
                    switch (report.status()) {
                        case SUCCEEDED ->
                            report.hadNoNews() && SKIPS.contains(report.mode())
                                    ? PhaseState.SKIPPED
                                    : PhaseState.SUCCEEDED;
                        case PARTIAL -> PhaseState.PARTIAL;
                        case FAILED -> PhaseState.FAILED;
                    };
            return new Phase(report.pipeline(), state, Optional.of(report), Optional.empty());
        }

        static Phase notBegun(String pipeline, Throwable failure) {
            return new Phase(pipeline, PhaseState.FAILED, Optional.empty(), Optional.of(failure));
        }

        static Phase notRun(String pipeline) {
            return new Phase(pipeline, PhaseState.NOT_RUN, Optional.empty(), Optional.empty());
        }
    }

    /** How a phase of a chain ended. */
    public enum PhaseState {
        SUCCEEDED,
        /** It looked, and no sink waited for anything. */
        SKIPPED,
        PARTIAL,
        FAILED,
        /** The chain stopped before it. */
        NOT_RUN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
