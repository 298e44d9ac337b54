package io.caravan.run;

import io.caravan.ledger.ProcessId;

/** Who we are, for what others read: who holds a lease, who worked on a job. */
public final class ThisProcess {

    private ThisProcess() {}

    /** {@code process 4711 on host.example} */
    public static String name() {
        return "process " + ProcessHandle.current().pid() + " on " + ProcessId.hostName();
    }
}
