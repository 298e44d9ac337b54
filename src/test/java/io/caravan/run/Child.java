package io.caravan.run;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A run in a JVM of its own that has begun; see {@link ChildRun}. */
public final class Child implements AutoCloseable {

    /** How a child ended, what it said after it had begun, and how long its run took. */
    public record End(int code, List<String> said, Duration took) {}

    private final Process process;
    private final BufferedReader out;
    private final long begun;

    /** Starts it and waits until its run begins. */
    public Child(String pipeline, Path properties) throws IOException {
        this(pipeline, properties, List.of());
    }

    /** The same with options of its JVM. */
    public Child(String pipeline, Path properties, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), ChildRun.class.getName(), pipeline, properties.toString()));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        String first = out.readLine();
        if (!"started".equals(first)) throw new IllegalStateException("the child did not start, it said " + first);
        begun = System.nanoTime();
    }

    /** Without the empty element of Surefire's, which is the folder we stand in: its routes would be there twice. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .filter(element -> !element.isBlank())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Ends it as {@code kill -9} does, so long after its run began; whether it was still there. */
    public boolean kill(Duration after) throws InterruptedException {
        boolean ended = process.waitFor(after.toNanos(), TimeUnit.NANOSECONDS);
        process.destroyForcibly().waitFor();
        return !ended;
    }

    public boolean alive() {
        return process.isAlive();
    }

    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) throw new IllegalStateException("signal " + name + " was not sent");
    }

    public End end() throws IOException, InterruptedException {
        List<String> said = new ArrayList<>();
        String line = out.readLine();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        for (; line != null; line = out.readLine()) said.add(line);
        return new End(process.waitFor(), said, took);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
