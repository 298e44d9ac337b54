package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.endpoint.TestContext;
import io.caravan.message.Mailbox;
import io.caravan.message.MessageSource;
import io.caravan.message.MessageSources;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import io.caravan.source.KnownEtags;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is true of messages of every kind of endpoint, on its real server, on a real ledger. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EndpointSourceContract {

    private static final Fields FIELDS = Fields.of("id", "value");
    private static final int IDLE_MILLIS = 100;

    @RegisterExtension
    final TestLedger ledger = new TestLedger();

    private Things things;
    private Map<String, Hash> expected;
    private Mailbox box;

    /** By name; of those that take some requests a message, few are sent. */
    abstract List<String> kinds();

    abstract Mailbox fresh(String kind) throws Exception;

    abstract int many(String kind);

    private void at(String kind) throws Exception {
        box = fresh(kind);
        expected = new TreeMap<>();
        things = new Things(ledger);
        things.limits = Limits.of(20, 10, 100, "0");
        things.source = source(50);
    }

    private RunReport run() throws Exception {
        box.settle();
        return things.run();
    }

    private MessageSource source(int messages) {
        return TestContext.knownTo(MessageSources.of(
                box.uri(),
                "record",
                "id",
                messages,
                IDLE_MILLIS,
                1 << 26,
                1 << 20,
                "",
                "deleted",
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
        for (int i = from; i < to; i++) put("k" + i, i);
    }

    private void put(String key, long value) throws Exception {
        box.send(key, "{\"id\": \"" + key + "\", \"value\": " + value + "}");
        Record record = Record.read(key, FIELDS, new Object[] {key, value}, new Origin("", 1));
        expected.put(key, record.hash());
    }

    private void delete(String key) throws Exception {
        box.send(key, "{\"id\": \"" + key + "\", \"deleted\": true}");
        expected.remove(key);
    }

    private void assertDelivered() throws Exception {
        assertThat(things.left.held).isEqualTo(expected);
        assertThat(things.right.held).isEqualTo(expected);
        assertThat(box.waiting()).isZero();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatWaitsReachesEverySinkAndIsAcknowledged(String kind) throws Exception {
        at(kind);
        int many = many(kind);
        things.source = source(many / 2 - 2);
        send(0, many);
        assertThat(box.waiting()).isEqualTo(many);
        long read = 0;
        for (int runs = 0; read < many; runs++) {
            RunReport report = run();
            assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
            assertThat(report.notes()).isEmpty();
            read += report.recordsRead();
            assertThat(box.waiting()).isEqualTo(many - read);
            assertThat(runs).isLessThan(many);
        }
        assertDelivered();
        assertThat(things.left.written).isEqualTo(many);
        assertThat(run().recordsRead()).isZero();
    }

    /** What comes when a run takes nothing more waits for the next one. */
    @ParameterizedTest
    @MethodSource("kinds")
    void whatComesWhileRunsEndIsDeliveredOnceByALaterOne(String kind) throws Exception {
        at(kind);
        int many = many(kind);
        things.source = source(many / 4);
        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
            try {
                send(0, many);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        boolean sent = false;
        for (int runs = 0; !sent || box.waiting() > 0; runs++) {
            sent = sender.isDone();
            RunReport report = run();
            assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
            assertThat(report.notes()).isEmpty();
            assertThat(runs).isLessThan(20 * many);
        }
        sender.join();
        assertDelivered();
        assertThat(things.left.written).isEqualTo(many);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whileASinkIsAwayNothingIsAcknowledged(String kind) throws Exception {
        at(kind);
        send(0, 8);
        things.right.down = true;
        assertThat(run().status()).isEqualTo(Status.FAILED);
        assertThat(things.left.held).hasSize(8);
        assertThat(box.waiting()).isEqualTo(8);
        things.right.down = false;
        send(8, 12);
        RunReport report = run();
        assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
        assertDelivered();
        assertThat(things.left.written).as("nothing twice").isEqualTo(12);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatWasDeliveredAndNotAcknowledgedComesAgainAndIsNotWrittenTwice(String kind) throws Exception {
        at(kind);
        send(0, 8);
        MessageSource dying = source(50);
        things.source = new Dying(dying);
        assertThat(run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(box.waiting()).isEqualTo(8);
        dying.close(); // what the server sees when a process is gone
        things.source = source(50);
        RunReport report = run();
        assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
        assertThat(report.recordsRead()).isEqualTo(8);
        assertDelivered();
        assertThat(things.left.written).isEqualTo(8);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theLastMessageOfAKeyWinsADeletedRecordGoesAndAPoisonMessageIsALetter(String kind) throws Exception {
        at(kind);
        send(0, 6);
        run();
        put("k1", 11);
        delete("k2");
        put("k1", 12);
        put("k3", 1);
        delete("k3");
        delete("k4");
        put("k4", 44);
        box.send("k5", "{\"id\": \"k5\", \"value\": ");
        RunReport report = run();
        assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.PARTIAL);
        assertThat(report.sinks().get("left").deleted()).isEqualTo(2);
        assertDelivered();
        assertThat(things.letters()).hasSize(1).first().asString().endsWith(":1 open");
        assertThat(run().recordsRead()).as("it does not come for ever").isZero();
    }

    /** A source that forgets to acknowledge, as one whose process dies then. */
    private record Dying(Source source) implements Source {

        @Override
        public List<String> keyFields() {
            return source.keyFields();
        }

        @Override
        public Iterator<SourceObject> objects() {
            return source.objects();
        }

        @Override
        public Iterator<SourceObject> objects(KnownEtags known) {
            return source.objects(known);
        }

        @Override
        public RecordReader open(SourceObject object) {
            return source.open(object);
        }

        @Override
        public boolean windowed() {
            return true;
        }

        @Override
        public boolean consumes() {
            return true;
        }
    }
}
