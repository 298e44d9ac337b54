package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Await;
import io.caravan.local.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Two processes that publish by one pointer; one of them is stopped beyond its lease, right before and right after it asks its fence. */
final class PausedPublishers {

    /** More in the documented full run. */
    private static final int ROUNDS = Integer.getInteger("caravan.test.pauses", 4);

    private PausedPublishers() {}

    /** {@code lock}: the address of DynamoDB and the table, for processes with a ledger each; nothing for one ledger. */
    static void prove(Endpoint ledger, Path folder, String... lock) throws Exception {
        boolean alone = lock.length == 0;
        int stale = 0;
        try (Publisher paused = new Publisher(ledger, "one", folder, lock);
                Publisher other = new Publisher(ledger, alone ? "one" : "two", folder, lock)) {
            for (int round = 0; round < ROUNDS; round++) {
                String when = round % 2 == 0 ? "before" : "after";
                long token = paused.begin(when);
                paused.stop();
                paused.say("go on");
                long next = other.begin("now");
                assertThat(next).isGreaterThan(token);
                assertThat(other.line()).isEqualTo("published");
                paused.signal("CONT");
                String end = paused.line();
                if (!end.startsWith("refused: ")) stale++;
                assertThat(end).as("round " + round + ", stopped " + when).startsWith("refused: ");
                assertThat(tokens(folder).get(round)).isEqualTo(next);
            }
        }
        assertThat(tokens(folder)).hasSize(ROUNDS).isSorted().doesNotHaveDuplicates();
        System.out.println("pauses: " + ROUNDS + " holders stopped beyond their " + (alone ? "lease" : "lock") + ": "
                + stale + " stale publications");
    }

    private static List<Long> tokens(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve(PublishingChild.POINTER)).stream()
                .map(Long::valueOf)
                .toList();
    }

    private static final class Publisher implements AutoCloseable {

        private final Process process;
        private final BufferedReader out;
        private final PrintStream in;

        Publisher(Endpoint ledger, String flow, Path folder, String... lock) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    PublishingChild.class.getName(),
                    ledger.uri(),
                    ledger.user(),
                    ledger.password(),
                    flow,
                    folder.toString()));
            command.addAll(List.of(lock));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            out = process.inputReader(StandardCharsets.UTF_8);
            in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
            while (!"started".equals(line())) {} // the log goes there too
        }

        long begin(String when) throws IOException {
            say(when);
            String ready = line();
            assertThat(ready).startsWith("ready ");
            return Long.parseLong(ready.substring(6));
        }

        void say(String line) {
            in.println(line);
        }

        /** The next of its own; what it logs is left out. */
        String line() throws IOException {
            while (true) {
                String line = out.readLine();
                assertThat(line).as("the child is there").isNotNull();
                if (line.matches("(started|published|ready .*|refused: .*)")) return line;
            }
        }

        /** Returns when no thread of it does anything any more: the signal reaches one first, and the others later. */
        void stop() throws IOException, InterruptedException {
            signal("STOP");
            Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
            Await.until("every thread is stopped", Duration.ofSeconds(30), () -> {
                try (Stream<Path> all = Files.list(threads)) {
                    return all.allMatch(Publisher::stopped);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        private static boolean stopped(Path thread) {
            try {
                String stat = Files.readString(thread.resolve("stat"));
                return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
            } catch (IOException e) {
                return true; // it ended meanwhile
            }
        }

        void signal(String name) throws IOException, InterruptedException {
            int code = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                    .start()
                    .waitFor();
            assertThat(code).isZero();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
