package io.caravan.cli;

import io.caravan.local.Endpoint;
import io.caravan.run.TableSink;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The command line in processes of its own, so that signals can be sent to it: a pipeline {@code things} from CSV files to two
 * tables in PostgreSQL, and a ledger.
 */
final class CommandChild {

    /** As standard output: whoever looks at it reads from the process. */
    static final Path PIPE = Path.of("pipe");

    private static final String ROUTE = "routes/things/copy-things.camel.yaml";

    private final Path folder;
    private final Endpoint database;

    /** {@code folder}: an empty one; where the processes find ledger and sinks, which are {@code database} by another way. */
    CommandChild(Path folder, Endpoint database, Endpoint ledger, Endpoint sinks) throws IOException {
        this(folder, database, settings(folder, ledger, sinks));
        Files.createDirectories(folder.resolve(ROUTE).getParent());
        Files.createDirectories(folder.resolve("input"));
        try (var route = CommandChild.class.getResourceAsStream("/testroutes/copy-things.camel.yaml")) {
            Files.write(folder.resolve(ROUTE), route.readAllBytes());
        }
    }

    /** The pipelines that ship, with other settings. */
    CommandChild(Path folder, Endpoint database, Map<String, String> settings) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.database = database;
        Properties p = new Properties();
        p.putAll(settings);
        try (Writer out = Files.newBufferedWriter(folder.resolve("caravan.properties"))) {
            p.store(out, null);
        }
    }

    private static Map<String, String> settings(Path folder, Endpoint ledger, Endpoint sinks) {
        String where = "\"" + sinks.uri() + "\",\"" + sinks.user() + "\",\"" + sinks.password() + "\"";
        return Map.of(
                "test.input",
                folder.resolve("input").toString(),
                "caravan.ledger.uri",
                ledger.uri(),
                "caravan.ledger.user",
                ledger.user(),
                "caravan.ledger.password",
                ledger.password(),
                "camel.beans.left",
                "#class:io.caravan.run.TableSink(\"left\"," + where + ",5000)",
                "camel.beans.right",
                "#class:io.caravan.run.TableSink(\"right\"," + where + ",10)");
    }

    /** What the source holds from now on. */
    void records(int count, int version) throws IOException {
        try (Writer out = Files.newBufferedWriter(folder.resolve("input").resolve("a.csv"))) {
            out.write("id,size\n");
            for (int i = 0; i < count; i++) out.write("k" + i + "," + (i + version) + "\n");
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** What its sinks must hold then. */
    static Map<String, String> expected(int count, int version) {
        Map<String, String> expected = new TreeMap<>();
        for (int i = 0; i < count; i++) expected.put("k" + i, "id=k" + i + ",size=" + (i + version));
        return expected;
    }

    Map<String, String> held(String sink) {
        return new TableSink(sink, database.uri(), database.user(), database.password(), 1).contents();
    }

    /** Starts a command. */
    Running start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    /** The same with variables besides those of this process. */
    Running start(Map<String, String> environment, String... arguments) throws IOException {
        return start(command(arguments), environment, Files.createTempFile(folder, "out", ""));
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dcaravan.home=" + Path.of("").toAbsolutePath(),
                "-Dcaravan.project=" + folder,
                "-cp",
                classPath(),
                Caravan.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** With another standard output. */
    Running startInto(Path out, String... arguments) throws IOException {
        return start(command(arguments), Map.of(), out);
    }

    private Running start(List<String> command, Map<String, String> environment, Path out) throws IOException {
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        if (!out.equals(PIPE)) builder.redirectOutput(out.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new Running(process, out, err, System.nanoTime());
    }

    /** Surefire's ends with an empty element, which is the folder a process is started in: the routes would be there twice. */
    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .replaceFirst(File.pathSeparator + "+$", "");
    }

    /** A command that was started. */
    record Running(Process process, Path outFile, Path errFile, long startedNanos) implements AutoCloseable {

        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid() + " 2>/dev/null")
                    .start()
                    .waitFor();
        }

        /** Waits for the moment, so long after the start; whether the process was still there. */
        boolean lives(Duration after) throws InterruptedException {
            long left = startedNanos + after.toNanos() - System.nanoTime();
            return !process.waitFor(Math.max(0, left), TimeUnit.NANOSECONDS);
        }

        /** The exit code. */
        int end() throws InterruptedException {
            if (!process.waitFor(1, TimeUnit.MINUTES)) throw new IllegalStateException("it does not end");
            return process.exitValue();
        }

        String out() throws IOException {
            return Files.readString(outFile).strip();
        }

        String err() throws IOException {
            return Files.readString(errFile).strip();
        }

        boolean said(String text) {
            return said().contains(text);
        }

        private String said() {
            try {
                return err() + out();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void waitUntil(BooleanSupplier condition) {
            long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > end || !process.isAlive())
                    throw new IllegalStateException("it never came to it, but said: " + said());
                LockSupport.parkNanos(2_000_000);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
