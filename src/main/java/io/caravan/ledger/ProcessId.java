package io.caravan.ledger;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process, told apart from every other one there ever was, so that a later one on the same machine can see that it has
 * ended.
 *
 * @param host the machine's name
 * @param boot when the machine was started; empty where nobody can tell, then nothing is ever proven
 * @param space the namespace of process numbers: containers of one machine have numbers of their own
 * @param start when the process was started, as numbers are given again
 */
public record ProcessId(String host, String boot, String space, long pid, String start) {

    private static final Path PROC = Path.of("/proc");
    private static final String SEPARATOR = "|";
    /** Of what follows the name in {@code /proc/<pid>/stat}: its state, and its start in ticks since boot. */
    private static final int STATE = 0;

    private static final int START = 19;

    /** The process that asks. */
    public static ProcessId current() {
        long pid = ProcessHandle.current().pid();
        return new ProcessId(hostName(), bootId(), spaceId(), pid, startOf(pid).orElse(""));
    }

    /** What {@link #text} wrote; empty for anything else, as of an older Caravan. */
    public static Optional<ProcessId> parse(String text) {
        String[] parts = text.split("\\|", -1);
        if (parts.length != 5 || !parts[3].matches("\\d{1,18}")) return Optional.empty();
        return Optional.of(new ProcessId(parts[0], parts[1], parts[2], Long.parseLong(parts[3]), parts[4]));
    }

    /** One line for the ledger. */
    public String text() {
        return String.join(SEPARATOR, host.replace(SEPARATOR, ""), boot, space, Long.toString(pid), start);
    }

    /** Whether it has provably ended: it ran here, since the last boot, and its number is free or another process's. */
    public boolean gone() {
        ProcessId here = current();
        boolean comparable = host.equals(here.host)
                && boot.equals(here.boot)
                && !boot.isEmpty()
                && space.equals(here.space)
                && !start.isEmpty()
                && startOf(1).isPresent(); // else others' processes are hidden from us
        return comparable && !startOf(pid).equals(Optional.of(start));
    }

    /** The machine's name, as far as it knows. */
    public static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown host";
        }
    }

    private static String bootId() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return startOf(1).orElse("");
        }
    }

    private static String spaceId() {
        try {
            return Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    /** When that process was started; empty when there is none, or only its corpse. */
    private static Optional<String> startOf(long pid) {
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .flatMap(p -> p.info().startInstant())
                    .map(Instant::toString);
        }
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[STATE].matches("[ZXx]") ? Optional.empty() : Optional.of(fields[START]);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
