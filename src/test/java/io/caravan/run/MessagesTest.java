package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source that hands out each record once, until somebody acknowledges it. */
class MessagesTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private Things things;
    private MessageSource queue;

    @BeforeEach
    void pipeline() {
        things = new Things(ledger);
        queue = new MessageSource();
        things.source = queue;
    }

    @Test
    void whatEverySinkHasIsAcknowledgedAndNotHandedOutAgain() {
        queue.put("a", 1);
        queue.put("b", 2);

        RunReport report = things.run();

        assertThat(report.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(queue.acknowledged).isEqualTo(2);
        assertThat(things.left.held).isEqualTo(held(Map.of("a", 1L, "b", 2L))).isEqualTo(things.right.held);
        RunReport again = things.run();
        assertThat(again.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(again.recordsRead()).isZero();
        assertThat(things.left.held).hasSize(2);
    }

    @Test
    void nothingIsAcknowledgedWhileASinkLacksIt() {
        queue.put("a", 1);
        things.right.down = true;

        assertThat(things.run().status()).isEqualTo(Status.FAILED);

        assertThat(queue.acknowledged).isZero();
        assertThat(queue.released).isOne();
        things.right.down = false;
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(queue.waiting).isEmpty();
        assertThat(things.right.held).isEqualTo(held(Map.of("a", 1L)));
        assertThat(things.left.written).isOne();
    }

    @Test
    void anAcknowledgementThatIsLostWritesNothingTwice() {
        queue.put("a", 1);
        queue.deaf = true;

        RunReport report = things.run();

        assertThat(report.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(report.notes())
                .contains(things.name + ": what was read could not be acknowledged and may come again,"
                        + " which writes nothing twice: nobody heard it");
        queue.deaf = false;
        things.run();
        assertThat(things.left.written).isOne();
        assertThat(queue.waiting).isEmpty();
    }

    @Test
    void aRecordThatASinkRefusesIsALetterAndDoesNotComeForEver() {
        queue.put("a", 1);
        queue.put("b", 2);
        things.left.poison = r -> r.key().equals("b");

        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);

        assertThat(things.letters()).containsExactly("left b open");
        assertThat(queue.waiting).isEmpty();
        things.left.poison = r -> false;
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    @Test
    void theLastMessageOfAKeyWinsAlsoWhenItSaysThatTheRecordIsGone() {
        queue.put("a", 1);
        queue.put("b", 1);
        queue.put("a", 2);
        queue.delete("b");
        queue.delete("c");
        queue.put("c", 3);

        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);

        assertThat(things.left.held).isEqualTo(held(Map.of("a", 2L, "c", 3L)));
    }

    /** Nothing of it is passed over without a word, be it that the record comes back or goes. */
    @Test
    void aKeyTwiceInOneMessageIsALetterAlsoWhereOneRowSaysThatItIsGone() {
        queue.put("back", 1);
        things.run();
        queue.file(
                new MessageSource.Message("back", Optional.empty()),
                new MessageSource.Message("back", Optional.of(2L)));

        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);

        assertThat(things.letters()).singleElement().asString().contains("back open");
        assertThat(things.left.held).isEmpty();
        queue.file(
                new MessageSource.Message("gone", Optional.of(1L)),
                new MessageSource.Message("gone", Optional.empty()));

        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);

        assertThat(things.letters()).hasSize(2);
        assertThat(queue.waiting).isEmpty();
    }

    @Test
    void aRecordThatIsSaidToBeGoneIsDeletedFromEverySinkAndNoOtherIs() {
        for (int i = 0; i < 200; i++) queue.put("k" + i, i);
        things.run();
        queue.delete("k7");
        queue.delete("never there");

        RunReport report = things.run();

        assertThat(report.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(report.sinks().get("left").deleted()).isOne();
        assertThat(things.left.held).hasSize(199).doesNotContainKey("k7").isEqualTo(things.right.held);
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
        for (int i = 0; i < 200; i++) queue.put("k" + i, i);
        things.run();
        assertThat(things.left.held)
                .as("the same batch again, with the one that was gone")
                .hasSize(200);
    }

    @Test
    void aDeletionThatASinkMissedReachesItInTheNextRun() {
        queue.put("a", 1);
        things.run();
        queue.delete("a");
        things.left.down = true;
        things.run();
        assertThat(queue.waiting).hasSize(1);
        things.left.down = false;

        things.run();

        assertThat(things.left.held).isEmpty();
        assertThat(things.right.held).isEmpty();
        assertThat(queue.waiting).isEmpty();
    }

    @Test
    void aPlanAPreviewAndAVerificationHandNothingOutAndSaySo() {
        queue.put("a", 1);
        for (Mode mode : List.of(Mode.PLAN, Mode.VERIFY, Mode.PREVIEW)) {
            RunReport report = things.run(RunRequest.of(mode).comparingContents(true));
            assertThat(report.status()).as("%s", mode).isEqualTo(Status.SUCCEEDED);
            assertThat(report.notes()).as("%s", mode).anyMatch(note -> note.contains("hands out each record once"));
        }
        assertThat(queue.released + queue.acknowledged).isZero();
        assertThatThrownBy(() -> things.run(RunRequest.of(Mode.ADOPT)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("adopt must have a source that can be read again");
    }

    @Test
    void aRunForSomeSinksOrSomeRowsAcknowledgesNothing() {
        queue.put("a", 1);
        queue.put("b", 2);
        things.run(RunRequest.of(Mode.RUN).onlyTo(Set.of("left")));
        assertThat(queue.waiting).hasSize(2);
        things.run(RunRequest.of(Mode.RUN).limitedTo(Optional.of(1L)));
        assertThat(queue.waiting).hasSize(2);
        things.run();
        assertThat(queue.waiting).isEmpty();
        assertThat(things.right.held).isEqualTo(held(Map.of("a", 1L, "b", 2L)));
    }

    @Test
    void aSinkThatStartsAnewIsSaidToLackWhatCameBefore() {
        queue.put("a", 1);
        things.run();
        things.generations.put("left", "2");
        queue.put("b", 1);

        assertThat(things.run().notes())
                .contains("left: gets what comes from now on; what came before is not sent again, as its source hands"
                        + " out each record once");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverHappensBothSinksHoldTheLastOfEachKey(long seed) {
        Random random = new Random(seed);
        Map<String, Long> model = new TreeMap<>();
        for (int round = 0; round < 12; round++) {
            for (int n = random.nextInt(12); n > 0; n--) {
                String key = "k" + random.nextInt(8);
                if (random.nextInt(3) == 0) {
                    queue.delete(key);
                    model.remove(key);
                } else {
                    long value = random.nextInt(3);
                    queue.put(key, value);
                    model.put(key, value);
                }
            }
            things.left.down = random.nextInt(4) == 0;
            things.right.down = random.nextInt(4) == 0;
            queue.deaf = random.nextInt(4) == 0;
            things.run();
        }
        things.left.down = things.right.down = queue.deaf = false;
        things.run();
        assertThat(things.left.held).as("seed %s", seed).isEqualTo(held(model));
        assertThat(things.right.held).as("seed %s", seed).isEqualTo(held(model));
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
    }

    private static Map<String, Hash> held(Map<String, Long> model) {
        Map<String, Hash> held = new TreeMap<>();
        model.forEach((key, value) -> held.put(
                key,
                Record.read(key, MemorySource.FIELDS, new Object[] {key, value}, new Origin("", 1))
                        .hash()));
        return held;
    }
}
