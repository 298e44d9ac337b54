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

    private static final int TRIES = 10;

    private PausedPublishers() {}

    /** {@code lock}: the address of DynamoDB and the table, for processes with a ledger each; nothing for one ledger. */
    static void prove(Endpoint ledger, Path folder, String... lock) throws Exception {
        boolean alone = lock.length == 0;
        List<Pause> pauses = new ArrayList<>();
        try (Publisher paused = new Publisher(ledger, "one", folder, lock);
                Publisher other = new Publisher(ledger, alone ? "one" : "two", folder, lock)) {
            for (int round = 0; round < ROUNDS; round++) {
                String when = round % 2 == 0 ? "before" : "after";
                long token = paused.begin(when);
                paused.stop();
                paused.say("go on");
                String stopped = pointer(folder);
                long next = other.publish();
                String taken = pointer(folder);
                paused.signal("CONT");
                String end = paused.line();
                pauses.add(new Pause(round, when, token, next, end, stopped, taken, pointer(folder)));
            }
        }
        List<Pause> stale = pauses.stream().filter(Pause::stale).toList();
        System.out.println("pauses: " + ROUNDS + " holders stopped beyond their " + (alone ? "lease" : "lock") + ": "
                + stale.size() + " stale publications");
        assertThat(stale).isEmpty();
        for (Pause pause : pauses) {
            assertThat(pause.next).as("%s", pause).isGreaterThan(pause.token);
            assertThat(pause.taken).as("%s", pause).isEqualTo(pause.stopped + pause.next + "\n");
            assertThat(pause.end).as("%s", pause).startsWith("refused: ");
            // before: the fence says so; after: it was asked too early, and the pointer alone is between
            assertThat(pause.end.equals(PublishingChild.BEATEN)).as("%s", pause).isEqualTo(pause.when.equals("after"));
        }
        assertThat(pointer(folder).lines().map(Long::valueOf).toList())
                .hasSize(ROUNDS)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    /** One round, and what the pointer held when the holder was stopped, when the other had published, and when the holder ended. */
    private record Pause(
            int round, String when, long token, long next, String end, String stopped, String taken, String last) {

        /** Whether the holder wrote the pointer after somebody else had; what it wrote before it was stopped is not. */
        boolean stale() {
            return !last.equals(taken);
        }
    }

    /** The tokens of all publications, as the last publisher knew them. */
    private static String pointer(Path folder) throws IOException {
        Path pointer = folder.resolve(PublishingChild.POINTER);
        return Files.exists(pointer) ? Files.readString(pointer) : "";
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

        /** Returns its token when it waits there. */
        long begin(String when) throws IOException {
            String said = "";
            for (int tries = 0; tries < TRIES; tries++) {
                say(when);
                said = line();
                if (said.startsWith("ready ")) return Long.parseLong(said.substring(6));
                mustBeSlow(said);
            }
            throw new AssertionError(TRIES + " times: " + said);
        }

        /** Returns the token by which it published. */
        long publish() throws IOException {
            String said = "";
            for (int tries = 0; tries < TRIES; tries++) {
                long token = begin("now");
                said = line();
                if (said.equals("published")) return token;
                mustBeSlow(said);
            }
            throw new AssertionError(TRIES + " times: " + said);
        }

        /** On a busy machine a lease of a second may end before it is used, or while its server is asked; nothing else may refuse one that is not stopped. */
        private static void mustBeSlow(String said) {
            assertThat(said).startsWith("refused: ").containsAnyOf("has ended", "no answer in time");
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
