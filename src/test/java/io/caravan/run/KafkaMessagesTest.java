package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.endpoint.TestContext;
import io.caravan.message.Mailbox;
import io.caravan.message.Mailboxes;
import io.caravan.message.MessageSource;
import io.caravan.message.MessageSources;
import io.caravan.run.RunReport.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only Kafka has: a value that is null, and other members of the group that take partitions in the middle of a run. */
class KafkaMessagesTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private Things things;
    private Mailbox box;

    @BeforeEach
    void topic() throws Exception {
        box = Mailboxes.fresh("kafka", TestContext.get());
        things = new Things(ledger);
        things.limits = Limits.of(20, 10, 100, "0");
        things.source = source(box.uri(), "id", 300);
    }

    private static MessageSource source(String uri, String keyFields, int idleMillis) {
        return TestContext.knownTo(MessageSources.of(
                uri,
                "record",
                keyFields,
                500,
                idleMillis,
                1 << 26,
                1 << 20,
                "",
                "",
                "kafka.KEY",
                "auto",
                "",
                ",",
                "first",
                "",
                "1",
                1,
                200,
                ""));
    }

    private void send(int from, int to) throws Exception {
        for (int i = from; i < to; i++) box.send("k" + i, "{\"id\": \"k" + i + "\", \"value\": " + i + "}");
    }

    @Test
    void aNullValueSaysThatTheRecordOfItsKeyIsGone() throws Exception {
        send(0, 5);
        things.run();
        box.send("k1", null);
        box.send("{\"id\": \"k2\"}", null);
        box.send("k3", null);
        send(3, 4);
        box.send(null, null);
        RunReport report = things.run();
        assertThat(report.status()).isEqualTo(Status.PARTIAL);
        assertThat(report.sinks().get("left").deleted()).isEqualTo(2);
        assertThat(things.left.held).containsOnlyKeys("k0", "k3", "k4").isEqualTo(things.right.held);
        assertThat(things.letters()).as("one without a key").hasSize(1);
        assertThat(box.waiting()).isZero();
        assertThat(things.run().recordsRead()).isZero();
    }

    @Test
    void aKeyOfSeveralFieldsStandsInTheMessagesKeyAsAnObject() throws Exception {
        things.source = source(box.uri(), "country,id", 300);
        box.send("x", "{\"country\": \"at\", \"id\": 1}");
        box.send("x", "{\"country\": \"de\", \"id\": 1}");
        things.run();
        assertThat(things.left.held).hasSize(2);
        box.send("{\"country\": \"at\", \"id\": 1}", null);
        RunReport report = things.run();
        assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).hasSize(1).isEqualTo(things.right.held);
    }

    /** It gets no partition before the run has acknowledged, as a member of the group keeps what it has until it asks again. */
    @Test
    void aConsumerThatJoinsWhileARunDeliversGetsNothingThatWasDelivered() throws Exception {
        send(0, 30);
        try (Another another = new Another(box.uri())) {
            meanwhile(another::join);
            RunReport report = things.run();
            assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
            assertThat(report.notes()).isEmpty();
            assertThat(box.waiting()).isZero();
            another.awaitAssignment();
            assertThat(another.seen()).isZero();
        }
        assertThat(things.left.held).hasSize(30).isEqualTo(things.right.held);
    }

    @Test
    void aRunThatLostItsPartitionsAcknowledgesNothingAndEverythingComesAgain() throws Exception {
        send(0, 30);
        things.source = source(box.uri() + "&maxPollIntervalMs=1000", "id", 300);
        try (Another another = new Another(box.uri())) {
            meanwhile(() -> {
                another.join();
                another.awaitAssignment();
            });
            RunReport report = things.run();
            assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
            assertThat(report.notes()).anyMatch(note -> note.contains("could not be acknowledged and may come again"));
            assertThat(box.waiting()).isEqualTo(30);
            assertThat(another.awaitSeen(30)).isEqualTo(30);
        }
        send(30, 35);
        things.source = source(box.uri(), "id", 300);
        RunReport report = things.run();
        assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
        assertThat(report.recordsRead()).isEqualTo(35);
        assertThat(things.left.written).as("nothing twice").isEqualTo(35);
        assertThat(things.left.held).hasSize(35).isEqualTo(things.right.held);
        assertThat(box.waiting()).isZero();
    }

    /** Those of its partitions may be in both: what the other does not acknowledge comes again. */
    @Test
    void aConsumerThatJoinsWhileARunGathersTakesAwayNothingForGood() throws Exception {
        send(0, 30);
        things.source = source(box.uri(), "id", 3_000);
        CompletableFuture<RunReport> run = CompletableFuture.supplyAsync(things::run);
        try (Another another = new Another(box.uri())) {
            another.join();
            another.awaitAssignment();
            RunReport report = run.get(60, TimeUnit.SECONDS);
            assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
        }
        things.source = source(box.uri(), "id", 300);
        for (int runs = 0; box.waiting() > 0; runs++) {
            assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
            assertThat(runs).isLessThan(5);
        }
        assertThat(things.left.held).hasSize(30).isEqualTo(things.right.held);
        assertThat(things.left.written).as("nothing twice").isEqualTo(30);
    }

    /** Before the second sink's first write. */
    private void meanwhile(Runnable happens) {
        AtomicBoolean first = new AtomicBoolean(true);
        things.right.meddler = position -> {
            if (first.getAndSet(false)) happens.run();
        };
    }

    /** Another member of the group, which acknowledges nothing. */
    private static final class Another implements AutoCloseable {

        private final KafkaConsumer<String, String> consumer;
        private final String topic;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final CompletableFuture<Void> assigned = new CompletableFuture<>();
        private final AtomicInteger seen = new AtomicInteger();
        private CompletableFuture<Void> polling = CompletableFuture.completedFuture(null);

        Another(String uri) {
            topic = uri.substring("kafka:".length(), uri.indexOf('?'));
            consumer = new KafkaConsumer<>(
                    Map.of(
                            "bootstrap.servers",
                            Mailboxes.kafkaAddress(),
                            "group.id",
                            topic,
                            "auto.offset.reset",
                            "earliest",
                            "enable.auto.commit",
                            "false"),
                    new StringDeserializer(),
                    new StringDeserializer());
        }

        void join() {
            consumer.subscribe(List.of(topic));
            polling = CompletableFuture.runAsync(() -> {
                while (!ended.get()) {
                    seen.addAndGet(consumer.poll(Duration.ofMillis(100)).count());
                    if (!consumer.assignment().isEmpty()) assigned.complete(null);
                }
                consumer.close();
            });
        }

        void awaitAssignment() {
            assigned.orTimeout(60, TimeUnit.SECONDS).join();
        }

        int seen() {
            return seen.get();
        }

        int awaitSeen(int count) throws Exception {
            long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (seen.get() < count && System.nanoTime() < until) Thread.sleep(20);
            return seen.get();
        }

        @Override
        public void close() {
            ended.set(true);
            polling.join();
        }
    }
}
