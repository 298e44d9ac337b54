package io.caravan.local;

import io.caravan.error.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * As whom PostgreSQL's programs run: as ourselves, or, since they refuse to run as root, as a user without rights.
 * <ul>
 *   <li>the owner of the data when there is some, else the first of {@code caravan}, {@code postgres}, {@code nobody} that exists
 *   <li>by the first of {@code setpriv}, {@code runuser}, {@code su}, {@code unshare} that works here
 * </ul>
 *
 * @param prefix what to put before a command; empty: nothing
 */
record PostgresAccount(List<String> prefix, int uid, int gid) {

    private static final List<String> USERS = List.of("caravan", "postgres", "nobody");

    static PostgresAccount of(Path data) throws IOException {
        int self = Integer.parseInt(output(List.of("id", "-u")).orElse("-1"));
        if (self != 0) return new PostgresAccount(List.of(), self, -1);
        String user = Files.exists(data) && uid(data) != 0
                ? Files.getOwner(data).getName()
                : USERS.stream()
                        .filter(u -> output(List.of("id", "-u", u)).isPresent())
                        .findFirst()
                        .orElseThrow(
                                () -> new ConfigurationException(
                                        "postgres: refuses to run as root; create a user named caravan, or run Caravan as a normal user"));
        int uid = output(List.of("id", "-u", user)).map(Integer::valueOf).orElseGet(() -> numeric(user));
        int gid = output(List.of("id", "-g", user)).map(Integer::valueOf).orElse(uid);
        String exec = "exec \"$0\" \"$@\"";
        return Stream.of(
                        new PostgresAccount(
                                List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups"), uid, gid),
                        new PostgresAccount(List.of("runuser", "-u", user, "--"), uid, gid),
                        new PostgresAccount(List.of("su", "-s", "/bin/sh", "-c", exec, "--", user), uid, gid),
                        // root in name only: the kernel still sees the owner of our files
                        new PostgresAccount(List.of("unshare", "-U"), 0, 0))
                .filter(PostgresAccount::works)
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        "postgres: refuses to run as root, and none of setpriv, runuser, su, unshare can change to user "
                                + user + "; install util-linux, or run Caravan as a normal user"));
    }

    /** Makes all below {@code path} this account's. */
    void own(Path path) throws IOException {
        if (prefix.isEmpty() || uid(path) == uid) return;
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes is) throws IOException {
                return visitFile(folder, is);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
                Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Whether it may pass this folder and all above it; never for a clone below {@code /root}, for example. */
    boolean passes(Path folder) throws IOException {
        if (prefix.isEmpty()) return true;
        for (Path f = folder.toRealPath(); f != null; f = f.getParent()) {
            Set<PosixFilePermission> may = Files.getPosixFilePermissions(f);
            boolean passable = may.contains(
                    uid(f) == uid ? PosixFilePermission.OWNER_EXECUTE : PosixFilePermission.OTHERS_EXECUTE);
            if (!passable) return false;
        }
        return true;
    }

    private boolean works() {
        return output(Stream.concat(prefix.stream(), Stream.of("id", "-u")).toList())
                .filter(id -> !id.equals("0"))
                .isPresent();
    }

    private static int uid(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static int numeric(String user) {
        try {
            return Integer.parseInt(user);
        } catch (NumberFormatException e) {
            throw new ConfigurationException("postgres: user " + user + ", who owns the data, is not known here");
        }
    }

    private static Optional<String> output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return process.waitFor() == 0 ? Optional.of(out) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
