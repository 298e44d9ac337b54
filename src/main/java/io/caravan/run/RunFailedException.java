package io.caravan.run;

import io.caravan.error.CaravanException;
import java.util.List;

/**
 * A run that ended as {@code failed}, for whoever called its route: Camel's error handling, its counters, Quartz, the next
 * step of a chain. A run that is {@code partial} throws nothing.
 */
public final class RunFailedException extends CaravanException {

    private static final long serialVersionUID = 1L;

    private final transient RunReport report;

    /** {@code cause}: what broke the run off; null when nothing was thrown. */
    public RunFailedException(RunReport report, Throwable cause) {
        super(sentence(report), cause);
        this.report = report;
    }

    /** What the run did all the same, and its problems. */
    public RunReport report() {
        return report;
    }

    private static String sentence(RunReport report) {
        List<String> problems = report.problems();
        String failed = report.pipeline() + ": the " + report.mode() + " failed";
        if (problems.isEmpty()) return failed;
        int more = problems.size() - 1;
        return failed + ": " + problems.get(0) + (more > 0 ? " (and " + more + " more)" : "");
    }
}
