package io.caravan.cli;

import io.caravan.run.RunReport;

/** Exit codes: what a script can tell from a command without reading what it printed. */
final class Exit {

    static final int SUCCEEDED = 0;
    static final int FAILED = 1;
    /** Wrong usage or configuration. */
    static final int WRONG = 2;
    /** Dead letters exist, or verify found differences. */
    static final int PARTIAL = 3;

    static final int LEASE_HELD = 4;

    /** And the number of the signal that ended the process. */
    static final int SIGNALLED = 128;

    private Exit() {}

    /** Of a chain whose phase did not begin, what kept it from that. */
    static int of(RunReport report) {
        return report.phases().stream()
                .flatMap(phase -> phase.failure().stream())
                .findFirst()
                .map(failure -> Failure.of(failure).exitCode())
                .orElseGet(() -> of(report.status()));
    }

    static int of(RunReport.Status status) {
        return switch (status) {
            case SUCCEEDED -> SUCCEEDED;
            case PARTIAL -> PARTIAL;
            case FAILED -> FAILED;
        };
    }
}
