package io.caravan.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PostgreSQL server that runs on a data folder, whoever started it. It is told by the cluster name in the titles of its
 * processes, which everybody may read, also root in a container, and which a copy of the folder does not share.
 */
record PostgresServer(ProcessHandle process, int port) {

    private static final String PID_FILE = "postmaster.pid";

    /** Empty when none runs; the pid file of a killed server, or of the folder this one was copied from, is none. */
    static Optional<PostgresServer> on(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve(PID_FILE));
            if (lines.size() < 4) return Optional.empty();
            long pid = Long.parseLong(lines.get(0));
            int port = Integer.parseInt(lines.get(3));
            return processes(data)
                    .filter(process -> process.pid() == pid)
                    .map(process -> new PostgresServer(process, port))
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Ends it by PostgreSQL's fast shutdown: clients are sent away, what is committed is on disk. */
    void stop(Path data, Duration patience) throws IOException {
        new ProcessBuilder("/bin/sh", "-c", "kill -INT " + process.pid()).start();
        // not process.isAlive(): that holds for a zombie until init, which may be slow, has seen it
        Waiting.until(() -> processes(data).findAny().isEmpty(), patience);
    }

    /** Kills what is left of a server: its children may be busy for long after it was killed, and block the next one. */
    static void endRemains(Path data) throws IOException {
        if (!Files.exists(data)) return;
        processes(data).forEach(ProcessHandle::destroyForcibly);
        if (!Waiting.until(() -> processes(data).findAny().isEmpty(), Duration.ofSeconds(30))) {
            throw new IOException("processes of " + data + " do not end");
        }
        Files.deleteIfExists(data.resolve(PID_FILE));
    }

    /** The cluster name by which the processes of this folder are known. */
    static String marker(Path data) {
        try {
            return "caravan-" + Files.getAttribute(data, "unix:dev") + "-" + Files.getAttribute(data, "unix:ino") + ".";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server and its children. */
    static Stream<ProcessHandle> processes(Path data) {
        String marker = marker(data);
        return ProcessHandle.allProcesses().filter(process -> isPostgres(title(process), marker));
    }

    private static boolean isPostgres(String title, String marker) {
        return title.startsWith("postgres: " + marker)
                || title.split(" ", 2)[0].endsWith("/postgres") && title.contains("cluster_name=" + marker);
    }

    private static String title(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return process.info().commandLine().orElse("");
        }
    }
}
