package io.caravan.run;

import io.caravan.error.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;

/**
 * What a run did, as the ledger keeps it.
 *
 * @param problems what kept it from succeeding, in sentences; empty for a run that succeeded
 * @param openDeadLetters of the pipeline, from this run and earlier ones
 * @param notes what else is worth knowing, in sentences
 * @param facts what a check was told that an endpoint holds, by endpoint and by what is counted
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
        Map<String, Map<String, Long>> facts) {

    /** The exchange variable that holds the report of the pipeline that ended last. */
    public static final String VARIABLE = "report";

    /** What the pipeline did that a message was sent through, also when it failed; throws what kept it from beginning. */
    public static RunReport of(Exchange done) throws Exception {
        RunFailedException failed = done.getException(RunFailedException.class);
        if (failed != null) return failed.report();
        if (done.getException() != null) throw done.getException();
        RunReport report = done.getVariable(VARIABLE, RunReport.class);
        if (report == null) {
            throw new ConfigurationException("caravan: the route must call a pipeline, got no report of one");
        }
        return report;
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
                runId, pipeline, mode, status, recordsRead, sinks, duration, all, openDeadLetters, notes, facts);
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
