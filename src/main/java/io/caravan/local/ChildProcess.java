package io.caravan.local;

import io.caravan.error.UnavailableException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A server in a process of its own that outlives the JVM that started it.
 * <ul>
 *   <li>detached from the terminal (own session), so that Ctrl-C there does not end it; none of our environment but PATH,
 *       HOME and the like, so that no secret stays in it
 *   <li>works in {@code <folder>}, writes to {@code <folder>/<name>.log} (the one before is kept as {@code .log.1})
 *   <li>{@code <folder>/<name>.pid} holds pid, birth and folder, written before the server runs: neither a recycled pid nor
 *       a copied folder is ever taken for it
 *   <li>errors: {@link UnavailableException} that names the log and shows its end
 * </ul>
 */
final class ChildProcess {

    /** What a local store sees of our environment. */
    static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "JAVA_HOME", "USER");

    /** Remembers itself, leaves the terminal's session, becomes the server; the pid stays the same throughout. */
    private static final String DETACH = """
            pidFile=$1; folder=$2; shift 2
            umask 077
            born=$(cut -d' ' -f22 /proc/$$/stat 2>/dev/null || LC_ALL=C ps -o lstart= -p $$)
            printf '%s\\n' "$$" "$born" "$folder" > "$pidFile" || exit 1
            if command -v setsid >/dev/null; then exec setsid "$@"; fi
            trap '' HUP INT
            exec "$@"
            """;

    private final String name;
    private final Path folder;

    ChildProcess(String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    /** Where its output goes. */
    Path log() {
        return folder.resolve(name + ".log");
    }

    /**
     * Starts the command and returns when {@code answers} holds; a server that ends before, or does not answer in time (it is
     * stopped then), is an error. {@code answers} is asked about 40 times a second and may not throw.
     */
    void start(List<String> command, BooleanSupplier answers, Duration patience) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            Files.deleteIfExists(pidFile());
            if (Files.exists(log())) {
                Files.move(log(), folder.resolve(name + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
            }
            List<String> detached = new ArrayList<>(
                    List.of("/bin/sh", "-c", DETACH, name, pidFile().toString(), folderKey()));
            detached.addAll(command);
            ProcessBuilder builder = new ProcessBuilder(detached)
                    .directory(folder.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(log().toFile());
            builder.environment().keySet().retainAll(INHERITED);
            await(builder.start(), answers, patience);
        } catch (IOException e) {
            throw failure("cannot be started", e);
        }
    }

    private void await(Process process, BooleanSupplier answers, Duration patience) {
        boolean inTime = Waiting.until(() -> !process.isAlive() || answers.getAsBoolean(), patience);
        if (!process.isAlive()) throw failure("ended with exit code " + process.exitValue(), null);
        if (!inTime) {
            stop(Duration.ofSeconds(1));
            throw failure("did not answer within " + patience.toSeconds() + " s", null);
        }
    }

    /** The process that was started for this folder, by whom ever; empty when it has ended. */
    Optional<ProcessHandle> running() {
        try {
            List<String> lines = Files.readAllLines(pidFile());
            if (lines.size() < 3 || !lines.get(2).equals(folderKey())) return Optional.empty();
            long pid = Long.parseLong(lines.get(0));
            return birth(pid).equals(Optional.of(lines.get(1))) ? ProcessHandle.of(pid) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Asks it to end, kills it when that takes longer than {@code patience}; returns when it is gone. */
    void stop(Duration patience) {
        Optional<ProcessHandle> process = running();
        if (process.isPresent()) {
            process.get().destroy();
            if (!Waiting.until(() -> running().isEmpty(), patience)) {
                process.get().destroyForcibly();
                if (!Waiting.until(() -> running().isEmpty(), Duration.ofSeconds(30))) {
                    throw failure("process " + process.get().pid() + " does not end", null);
                }
            }
        }
        try {
            Files.deleteIfExists(pidFile());
        } catch (IOException e) {
            throw failure(pidFile() + " cannot be deleted", e);
        }
    }

    /** The kernel's flag of a process that is ending; proc(5). */
    private static final long PF_EXITING = 4;

    private Path pidFile() {
        return folder.resolve(name + ".pid");
    }

    /** Tells this folder from a copy of it. */
    private String folderKey() throws IOException {
        return String.valueOf(
                Files.readAttributes(folder, BasicFileAttributes.class).fileKey());
    }

    private UnavailableException failure(String what, Exception cause) {
        return new UnavailableException(name + ": " + what + "; see " + log() + endOf(log()), cause);
    }

    /** The last lines of a log, to be shown in an error. */
    static String endOf(Path log) {
        try {
            List<String> lines =
                    Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
            return lines.subList(Math.max(0, lines.size() - 10), lines.size()).stream()
                    .map(line -> System.lineSeparator() + "  " + line)
                    .reduce("", String::concat);
        } catch (IOException e) {
            return "";
        }
    }

    /** What no other process with this pid shares; empty when there is none, or only its remains (a zombie). */
    private static Optional<String> birth(long pid) throws IOException {
        if (!Files.exists(Path.of("/proc/self/stat"))) return birthByPs(pid);
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            // a killed process keeps its number, and for a moment its port, until the kernel is through with it
            boolean ending = fields[0].matches("[ZX]") || (Long.parseLong(fields[6]) & PF_EXITING) != 0;
            return ending ? Optional.empty() : Optional.of(fields[19]);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> birthByPs(long pid) throws IOException {
        ProcessBuilder ps = new ProcessBuilder("ps", "-o", "lstart=", "-p", Long.toString(pid));
        ps.environment().put("LC_ALL", "C");
        Process process = ps.start();
        try (var out = process.inputReader(StandardCharsets.US_ASCII)) {
            return Optional.ofNullable(out.readLine());
        }
    }
}
