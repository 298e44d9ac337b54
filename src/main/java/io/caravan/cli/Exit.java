package io.caravan.cli;

import io.caravan.run.RunReport;
import java.util.List;

/** Exit codes: what a script can tell from a command without reading what it printed. */
final class Exit {

    /** Done, or there was nothing to do. */
    static final int SUCCEEDED = 0;
    /** To be tried again. */
    static final int FAILED = 1;
    /** Wrong usage or configuration: another try ends like this one. */
    static final int WRONG = 2;
    /** What could be done is done: dead letters or what was not copied is left, or there are differences. */
    static final int PARTIAL = 3;

    /** Somebody else does it. */
    static final int LEASE_HELD = 4;

    /** And the number of the signal that ended the process. */
    static final int SIGNALLED = 128;

    /** The table of docs/jobs.md in one sentence. */
    static final String SENTENCE =
            "Exit codes: 0 done or nothing to do, 1 failed (try again), 2 wrong usage or configuration"
                    + " (do not), 3 partial or differences, 4 lease held, 130 or 143 stopped by SIGINT or SIGTERM.";

    /** From what is well to what no new try helps. */
    private static final List<Integer> BY_WEIGHT = List.of(SUCCEEDED, PARTIAL, LEASE_HELD, FAILED, WRONG);

    private Exit() {}

    /** Of two things that a command did, what it ends with. */
    static int worse(int one, int other) {
        return BY_WEIGHT.indexOf(one) < BY_WEIGHT.indexOf(other) ? other : one;
    }

    /** Of a chain whose phase did not begin, what kept it from that. */
    static int of(RunReport report) {
        return report.phases().stream()
                .flatMap(phase -> phase.failure().stream())
                .findFirst()
                .map(failure -> Failure.of(failure).exitCode())
                .orElseGet(() -> of(report.status()));
    }

    /** What a code says of what was done. */
    static RunReport.Status status(int code) {
        return code == SUCCEEDED
                ? RunReport.Status.SUCCEEDED
                : code == PARTIAL ? RunReport.Status.PARTIAL : RunReport.Status.FAILED;
    }

    static int of(RunReport.Status status) {
        return switch (status) {
            case SUCCEEDED -> SUCCEEDED;
            case PARTIAL -> PARTIAL;
            case FAILED -> FAILED;
        };
    }
}
