package io.caravan.local;

import io.caravan.error.UnavailableException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Runs PostgreSQL's own programs on one folder: {@code <folder>/data} (the cluster), {@code <folder>/postgres.log}.
 * <p>
 * As root, PostgreSQL runs as another user, who may not pass the folders above ours (a clone below {@code /root}). Then
 * the programs are unpacked below {@code /var/cache/caravan}, and start inside the data folder, which they call
 * {@code /proc/self/cwd}: so the data stays where everybody expects it, and no folder is opened to anybody.
 */
final class PostgresCluster {

    private static final Path SHARED = Path.of("/var/cache/caravan");

    private static final String HERE = "/proc/self/cwd";

    /** Bytes after which the log is started again. */
    private static final long MUCH = 10L << 20;

    private final Path folder;
    private final Path data;
    private final PostgresAccount account;
    private final Path programs;
    private final boolean passes;

    /** {@code news} is told when its programs are fetched. */
    PostgresCluster(Path folder, Consumer<String> news) throws IOException {
        this.folder = folder;
        data = data(folder);
        Files.createDirectories(folder);
        account = PostgresAccount.of(data);
        boolean other = !account.prefix().isEmpty();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(other ? "rwx--x--x" : "rwx------"));
        passes = account.passes(folder);
        if (!passes && !Files.exists(Path.of(HERE))) {
            throw new UnavailableException(
                    "postgres: runs as another user than root, who may not pass the folders above " + folder
                            + "; run Caravan as a normal user, or set caravan.data.dir to a folder below /var/lib",
                    null);
        }
        programs =
                PostgresBinaries.below(passes ? folder : rootsOwn(SHARED), news).resolve("bin");
    }

    static Path data(Path folder) {
        return folder.resolve("data");
    }

    static Path log(Path folder) {
        return folder.resolve("postgres.log");
    }

    /** Creates the cluster, whole or not at all, whose superuser has this password. */
    void initialise(String user, String password) throws IOException {
        PostgresBinaries.deleteAbandoned(folder, "data-new-");
        Path begun = Files.createTempDirectory(folder, "data-new-");
        Path passwordFile = Files.createTempFile(folder, "password", ".new");
        try {
            Files.writeString(passwordFile, password);
            account.own(begun);
            account.own(passwordFile);
            List<String> options = List.of(
                    "--pwfile=/dev/stdin",
                    "--username=" + user,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--data-checksums");
            if (run(begun, passwordFile.toFile(), "initdb", options) != 0) throw failure("cannot create its data");
            Files.move(begun, data);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    /** Starts the server and tells whether it accepts connections on this port of 127.0.0.1, and there only. */
    boolean start(int port, Map<String, String> settings) throws IOException {
        account.own(data);
        List<String> options = new ArrayList<>();
        settings.forEach((name, value) -> options.add("-c " + name + "='" + value + "'"));
        options.add("-c port=" + port);
        return run(
                        data,
                        new File("/dev/null"),
                        "pg_ctl",
                        List.of("start", "-w", "-t", "120", "-o", String.join(" ", options)))
                == 0;
    }

    UnavailableException failure(String what) {
        return new UnavailableException(
                "postgres: " + what + "; see " + log(folder) + ChildProcess.endOf(log(folder)), null);
    }

    private int run(Path where, File in, String program, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(account.prefix());
        command.add(programs.resolve(program).toString());
        command.addAll(List.of("-D", passes ? where.toString() : HERE));
        command.addAll(options);
        prepareLog();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectInput(in)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(folder).toFile()));
        builder.environment().keySet().retainAll(ChildProcess.INHERITED);
        builder.environment().put("LC_ALL", "C");
        try {
            return builder.start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("postgres: interrupted while " + program + " runs", e);
        }
    }

    private void prepareLog() throws IOException {
        Path log = log(folder);
        if (Files.exists(log) && Files.size(log) > MUCH) {
            Files.move(log, folder.resolve(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(log)) {
            Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    /** A folder whose programs nobody but root can have put there. */
    private static Path rootsOwn(Path folder) throws IOException {
        Files.createDirectories(folder);
        Set<PosixFilePermission> may = new HashSet<>(Files.getPosixFilePermissions(folder));
        boolean foreign = (int) Files.getAttribute(folder, "unix:uid") != 0
                || may.contains(PosixFilePermission.GROUP_WRITE)
                || may.contains(PosixFilePermission.OTHERS_WRITE);
        if (foreign) throw new IOException(folder + " must belong to root and be writable by root only");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder;
    }
}
