package io.caravan.library;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A worker in a process of its own, as {@code ./caravan run books-work} starts it, which may be killed and paused. */
final class WorkerProcess implements AutoCloseable {

    private final Process process;

    /** Starts it; {@code settings}: a properties file with what differs from what ships. */
    WorkerProcess(Path settings) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        WorkerProcess.class.getName(),
                        settings.toString())
                .redirectErrorStream(true)
                .start();
        drain();
    }

    /** Works until no job is left. */
    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(args[0]))) {
            properties.load(in);
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        try (BooksRoutes routes = new BooksRoutes(settings)) {
            System.out.println(routes.work());
        }
        System.exit(0);
    }

    boolean alive() {
        return process.isAlive();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** {@code STOP} or {@code CONT}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                .start()
                .waitFor();
    }

    boolean ends(int seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    private void drain() {
        Thread reader = new Thread(() -> {
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.contains("RunReport") || line.startsWith("Exception"))
                        System.out.println("worker: " + line);
                }
            } catch (IOException e) {
                // it was killed
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
