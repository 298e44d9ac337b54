package io.caravan.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a run did, as the ledger keeps it.
 *
 * @param problems what kept it from succeeding, in sentences; empty for a run that succeeded
 * @param openDeadLetters of the pipeline, from this run and earlier ones
 * @param notes what else is worth knowing, in sentences
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
        List<String> notes) {

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
        return new RunReport(runId, pipeline, mode, status, recordsRead, sinks, duration, all, openDeadLetters, notes);
    }

    /** How a run ended, the best first; see Words in docs/architecture.md. */
    public enum Status {
        SUCCEEDED,
        PARTIAL,
        FAILED
    }

    /** In records; {@code differing} are keys, given by verify only. */
    public record SinkReport(
            long written,
            long unchanged,
            long deleted,
            long dead,
            long inserts,
            long updates,
            List<String> differing) {}
}
