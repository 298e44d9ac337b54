package io.caravan.run;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who we are, for what others read: who holds a lease, who worked on a job. */
public final class ThisProcess {

    private ThisProcess() {}

    /** {@code process 4711 on host.example} */
    public static String name() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown host";
        }
        return "process " + ProcessHandle.current().pid() + " on " + host;
    }
}
