package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.endpoint.TestContext;
import io.caravan.message.Mailbox;
import io.caravan.message.Mailboxes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code kill -9} of a run that takes in messages by a route in YAML: while it gathers them, while a sink has some, when both have all and
 * nothing was acknowledged. They come again, and the sinks hold the last of each key. More of it:
 * {@code -Dcaravan.message.kinds=file,sftp,ftp,jms,kafka,imap,pop3 -Dcaravan.message.kills=12}.
 */
class MessagesKillTest {

    private static final int RECORDS = 240;
    private static final int KILLS = Integer.getInteger("caravan.message.kills", 3);
    private static final long SEED = 20_261_130;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Map<String, String> expected = new TreeMap<>();
    private Mailbox box;
    private ThingsSubject subject;
    private TableSink right;

    static List<String> kinds() {
        return List.of(System.getProperty("caravan.message.kinds", "file,kafka").split(","));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aRunThatTakesInMessagesMayBeKilledAtAnyMoment(String kind, @TempDir Path folder) throws Exception {
        box = Mailboxes.fresh(kind, TestContext.get());
        String broker = "#class:org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory(\""
                + Mailboxes.brokerAddress() + "\")";
        Map<String, String> settings = new TreeMap<>(Map.of("test.uri", "RAW{" + box.uri() + "}"));
        if (kind.equals("jms")) settings.put("camel.beans.artemis", broker);
        subject = new ThingsSubject(folder, 0, "take-messages", settings);
        subject.contents(); // the tables are there
        right = subject.sink("right");
        Random random = new Random(SEED);
        int hits = 0;
        for (int round = 0; round < KILLS; round++) {
            send(round);
            long lacking = lacking();
            assertThat(lacking).isPositive();
            try (Child child = new Child("messages", subject.properties())) {
                if (round % 3 == 1) await(lacking / 2);
                if (round % 3 == 2) await(0);
                if (child.kill(Duration.ofMillis(round % 3 == 0 ? random.nextInt(1_500) : 0))) hits++;
            }
        }
        assertThat(hits).isGreaterThan(KILLS / 2);
        for (int runs = 0; box.waiting() > 0; runs++) {
            assertThat(runs).isLessThan(3 * KILLS);
            box.settle();
            try (Child child = new Child("messages", subject.properties())) {
                Child.End end = child.end();
                assertThat(end.code()).as("%s", end.said()).isZero();
            }
        }
        assertThat(subject.contents()).isEqualTo(Map.of("left", expected, "right", expected));
        try (TestLedger ledger = subject.ledger()) {
            assertThat(ledger.texts("select key from ledger.dead_letter")).isEmpty();
            List<String> broken = ledger.texts("select id from ledger.run where status = 'failed'"
                    + " and problem = 'the process ended before the run did'");
            System.out.println(kind + ": " + hits + " of " + KILLS + " kills hit the process, " + broken.size()
                    + " a run in the ledger");
            assertThat(broken).isNotEmpty();
        }
    }

    /** All of them in the first round, some that changed or went in others. */
    private void send(int round) throws Exception {
        for (int i = 0; i < RECORDS; i++) {
            String key = "k" + i;
            if (round > 0 && (i + round) % 3 != 0) continue;
            if (round > 0 && i % 10 == 0) {
                box.send(key, "{\"id\": \"" + key + "\", \"deleted\": true}");
                expected.remove(key);
            } else {
                long size = i * 7L + round;
                box.send(key, "{\"id\": \"" + key + "\", \"size\": " + size + "}");
                expected.put(key, "id=" + key + ",size=" + size);
            }
        }
    }

    /** Until a sink lacks no more than so many. */
    private void await(long most) {
        long until = System.nanoTime() + LONGEST.toNanos();
        while (lacking() > most) {
            if (System.nanoTime() > until) throw new AssertionError("the sink did not get what was sent");
        }
    }

    private long lacking() {
        Map<String, String> held = right.contents();
        return expected.entrySet().stream()
                .filter(e -> !e.getValue().equals(held.get(e.getKey())))
                .count();
    }
}
