package io.caravan.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What this process used of the machine's CPUs: says more than the clock while others use them too. */
final class ProcessCpu {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private ProcessCpu() {}

    static double seconds() {
        return SYSTEM.getProcessCpuTime() / 1e9;
    }
}
