package io.caravan.error;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the machine does not give this process, and what to set so that it does. */
public final class Surroundings {

    /** Each library is a file that stays open, and so is each connection. */
    private static final int FEWEST_FILES = 1024;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files +(\\d+)");
    private static final String NO_FILE = "No such file or directory";
    private static final int MOST_CAUSES = 50;

    private Surroundings() {}

    /** Before anything is begun: a sentence for a process that would fail anywhere; {@code paths}: those that it was told. */
    public static Optional<String> problem(List<String> paths) {
        try {
            paths.stream().map(Path::of).forEach(can -> {}); // be one
        } catch (InvalidPathException e) {
            return Optional.of("caravan: " + locale(e));
        }
        try {
            // no limit, or a system that says it elsewhere
            if (!Files.exists(LIMITS)) return Optional.empty();
            Matcher limit = OPEN_FILES.matcher(Files.readString(LIMITS));
            return limit.find() ? files(Long.parseLong(limit.group(1))) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> files(long most) {
        return most >= FEWEST_FILES
                ? Optional.empty()
                : Optional.of("caravan: the limit of open files must be at least " + FEWEST_FILES + ", got " + most
                        + "; raise it: ulimit -n 4096, LimitNOFILE= of systemd, --ulimit nofile=4096 of docker");
    }

    /** What an exception says of it, wherever in its causes; a class that could not be made ready keeps them in its text only. */
    static Optional<String> of(Throwable thrown) {
        Throwable t = thrown;
        for (int i = 0; i < MOST_CAUSES && t != null; i++, t = t.getCause()) {
            String said = String.valueOf(t.getMessage());
            if (t instanceof OutOfMemoryError || t instanceof LinkageError && said.contains("OutOfMemoryError")) {
                return Optional.of("the memory is not enough; raise it with CARAVAN_JAVA_OPTS=-Xmx4g");
            }
            if (said.contains("Too many open files")) {
                return Optional.of("too many files are open; raise the limit: ulimit -n 4096, LimitNOFILE= of systemd");
            }
            if (t instanceof InvalidPathException bad && bad.getReason().contains("unmappable")) {
                return Optional.of(locale(bad));
            }
            if (t instanceof IOException && noTemporaryFolder(t, said)) {
                return Optional.of("the folder for temporary files must be there, got '" + temporary()
                        + "'; make it, or set CARAVAN_JAVA_OPTS=-Djava.io.tmpdir=<folder>");
            }
        }
        return Optional.empty();
    }

    private static boolean noTemporaryFolder(Throwable t, String said) {
        boolean there = said.startsWith(temporary())
                || t instanceof FileSystemException file
                        && String.valueOf(file.getFile()).startsWith(temporary());
        return (there || said.equals(NO_FILE)) && !Files.isDirectory(Path.of(temporary()));
    }

    private static String temporary() {
        return System.getProperty("java.io.tmpdir", "");
    }

    private static String locale(InvalidPathException bad) {
        String set = List.of("LC_ALL", "LC_CTYPE", "LANG").stream()
                .filter(name ->
                        System.getenv(name) != null && !System.getenv(name).isEmpty())
                .findFirst()
                .map(name -> name + "=" + System.getenv(name))
                .orElse("none");
        return "the locale must know the characters of the path '" + bad.getInput() + "', got " + set
                + "; set LC_ALL=C.UTF-8";
    }
}
