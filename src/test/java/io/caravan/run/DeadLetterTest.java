package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.DeadLetters.Entry;
import io.caravan.ledger.PlainTransactions;
import io.caravan.run.RunReport.Status;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of records that a source, a step or a sink refuses. */
class DeadLetterTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private Things things;

    @BeforeEach
    void pipeline() {
        things = new Things(ledger);
        things.object("o", "a=1", "b=2", "c=3");
    }

    // replay

    @Test
    void aReplayedLetterEndsAndIsNotSentAgain() {
        refuseInLeft("b");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("left b open");
        acceptAll();
        RunReport replay = things.replay(Optional.empty());
        assertThat(replay.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(replay.recordsRead()).isEqualTo(1);
        assertThat(replay.sinks().get("left").written()).isEqualTo(1);
        assertThat(things.letters()).containsExactly("left b delivered");
        assertBothHoldEverything();
        int calls = things.left.calls;
        RunReport second = things.replay(Optional.empty());
        assertThat(second.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(second.recordsRead()).isZero();
        assertThat(things.left.calls).isEqualTo(calls);
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.calls).isEqualTo(calls);
    }

    @Test
    void aLetterOfOneSinkIsSentToThatSinkOnly() {
        refuseInLeft("b");
        things.run();
        acceptAll();
        int calls = things.right.calls;
        things.replay(Optional.empty());
        assertThat(things.right.calls).isEqualTo(calls);
        assertBothHoldEverything();
    }

    @Test
    void aLetterOfAStepIsSentToEverySink() {
        things.steps.add(GateTest.rejecting(Set.of("b")));
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("b open");
        things.steps.clear();
        RunReport replay = things.replay(Optional.empty());
        assertThat(replay.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("b delivered");
        assertBothHoldEverything();
        assertThat(things.run().sinks().get("left").written()).isZero();
    }

    @Test
    void aLetterOfAStepThatOneSinkRefusesBecomesThatSinksLetter() {
        things.steps.add(GateTest.rejecting(Set.of("b")));
        things.run();
        things.steps.clear();
        refuseInLeft("b");
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("b delivered", "left b open");
        assertThat(things.right.held).containsKey("b");
        acceptAll();
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.SUCCEEDED);
        assertBothHoldEverything();
    }

    @Test
    void aLetterThatIsRefusedAgainStaysOpenWithItsNewestReason() {
        refuseInLeft("b");
        things.run();
        RunReport replay = things.replay(Optional.empty());
        assertThat(replay.status()).isEqualTo(Status.PARTIAL);
        assertThat(replay.sinks().get("left").dead()).isEqualTo(1);
        assertThat(letter("b").attempts()).isEqualTo(2);
        assertThat(letter("b").run()).isEqualTo(replay.runId());
    }

    @Test
    void aLetterOfASinkThatAStepRefusesInItsReplayStaysThatSinksLetter() {
        refuseInLeft("b");
        things.run();
        acceptAll();
        things.steps.add(GateTest.rejecting(Set.of("b")));
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("left b open");
        assertThat(letter("b").reason()).isEqualTo("size must be a number");
        things.steps.clear();
        int calls = things.right.calls;
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.right.calls).isEqualTo(calls);
        assertBothHoldEverything();
    }

    @Test
    void aSinkThatIsDownInAReplayKeepsItsLettersAsTheyAre() {
        refuseInLeft("b");
        things.run();
        things.left.down = true;
        RunReport replay = things.replay(Optional.empty());
        assertThat(replay.status()).isEqualTo(Status.FAILED);
        assertThat(replay.problems()).containsExactly("left: the store is down");
        assertThat(letter("b").reason()).isEqualTo("cannot hold this batch");
        assertThat(letter("b").attempts()).isEqualTo(1);
        things.left.down = false;
        acceptAll();
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.SUCCEEDED);
        assertBothHoldEverything();
    }

    @Test
    void aLetterOfAStepStaysOpenWhileASinkIsDown() {
        things.steps.add(GateTest.rejecting(Set.of("b")));
        things.run();
        things.steps.clear();
        things.left.down = true;
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.FAILED);
        assertThat(things.letters()).containsExactly("b open");
        things.left.down = false;
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("b delivered");
        assertBothHoldEverything();
    }

    @Test
    void oneLetterCanBeReplayedAlone() {
        refuseInLeft("a", "b");
        things.run();
        acceptAll();
        RunReport replay = things.replay(Optional.of(letter("b").id()));
        assertThat(replay.status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("left a open", "left b delivered");
    }

    @Test
    void manyLettersAreReplayedPageByPage() {
        things.limits = things.limits.refusing(100);
        things.many("o", 0, 1_300);
        things.left.poison = r -> true;
        things.steps.add(GateTest.rejecting(Set.of("k7", "k1200")));
        assertThat(things.run().openDeadLetters()).isEqualTo(1_300);
        acceptAll();
        things.steps.clear();
        RunReport replay = things.replay(Optional.empty());
        assertThat(replay.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(replay.recordsRead()).isEqualTo(1_300);
        assertThat(replay.sinks().get("right").written()).isEqualTo(2);
        assertBothHoldEverything();
    }

    // what ends a letter

    @Test
    void aLetterEndsWhenItsRecordChangesAndIsDelivered() {
        things.left.poison = r -> r.get("value").equals(Optional.of(2L));
        things.run();
        things.object("o", "a=1", "b=5", "c=3");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("left b delivered");
        assertThat(things.replay(Optional.empty()).recordsRead()).isZero();
        assertBothHoldEverything();
    }

    @Test
    void aLetterEndsWhenItsRecordDisappears() {
        refuseInLeft("b");
        things.run();
        things.object("o", "a=1", "c=3");
        acceptAll();
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("left b delivered");
        assertThat(things.replay(Optional.empty()).recordsRead()).isZero();
        assertBothHoldEverything();
    }

    @Test
    void aLetterOfAStepEndsWhenItsRecordIsMendedOrDisappears() {
        things.steps.add(GateTest.rejecting(Set.of("b", "c")));
        assertThat(things.run().openDeadLetters()).isEqualTo(2);
        things.steps.clear();
        things.object("o", "a=1", "b=22");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("b delivered", "c delivered");
        assertBothHoldEverything();
    }

    @Test
    void aLetterOfASinkEndsWhenAStepRefusesTheNextFormOfTheRecord() {
        refuseInLeft("b");
        things.run();
        things.object("o", "a=1", "b=22", "c=3");
        things.steps.add(GateTest.rejecting(Set.of("b")));
        assertThat(things.run().openDeadLetters()).isEqualTo(1);
        assertThat(things.letters()).containsExactly("b open", "left b gone");
        things.steps.clear();
        acceptAll();
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.SUCCEEDED);
        assertBothHoldEverything();
    }

    @Test
    void lettersOfASinkThatLeftThePipelineEndWithIt() {
        refuseInLeft("b");
        things.run();
        things.generations.remove("left");
        things.sinks = List.of(things.right);
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("left b gone");
    }

    @Test
    void eachSinkHasItsOwnLetter() {
        refuseInLeft("b");
        things.right.poison = r -> r.key().equals("b") || r.key().equals("c");
        RunReport run = things.run();
        assertThat(run.openDeadLetters()).isEqualTo(3);
        assertThat(things.letters()).containsExactly("left b open", "right b open", "right c open");
        things.left.poison = r -> false;
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("left b delivered", "right b open", "right c open");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        acceptAll();
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.SUCCEEDED);
        assertBothHoldEverything();
    }

    // rows of a source

    @Test
    void rowsWithoutAKeyAreLettersUntilTheSourceIsMended() {
        things.object("o", "a=1", "=7", "b=2", "=7");
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.recordsRead()).isEqualTo(4);
        assertThat(run.sinks().get("left").dead()).isEqualTo(2);
        assertThat(things.letters()).containsExactly("o:2 open", "o:4 open");
        RunReport replay = things.replay(Optional.empty());
        assertThat(replay.status()).isEqualTo(Status.PARTIAL);
        assertThat(replay.problems())
                .containsExactly("2 dead letters are rows their source could not read:"
                        + " fix the source and run, or discard them");
        things.object("o", "a=1", "x=7", "b=2");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("o:2 gone", "o:4 gone");
    }

    @Test
    void lettersOfAnObjectEndWhenTheObjectIsNoMore() {
        things.object("p", "=7", "a=9");
        assertThat(things.run().openDeadLetters()).isEqualTo(2);
        things.memory.objects.remove("p");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("a gone", "p:1 gone");
    }

    @Test
    void aKeyMayLookLikeAPlace() {
        things.object("o", "=7", "at 1 of o=1");
        things.steps.add(GateTest.rejecting(Set.of("at 1 of o")));
        assertThat(things.run().openDeadLetters()).isEqualTo(2);
    }

    // discarded

    @Test
    void aDiscardedLetterStaysDiscardedWhileItsContentIsTheSame() {
        refuseInLeft("b");
        things.run();
        assertThat(discard()).isEqualTo(1);
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        things.generations.put("left", "2");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("left b discarded");
        things.object("o", "a=1", "b=22", "c=3");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("left b open");
    }

    @Test
    void aDiscardedRowStaysDiscardedWhileItsContentIsTheSame() {
        things.object("o", "a=1", "=7");
        things.run();
        discard();
        things.memory.touched.put("o", 1);
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("o:2 discarded");
        things.object("o", "a=1", "=8");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("o:2 open");
    }

    @Test
    void whatWasDiscardedIsNotMissedByVerify() {
        refuseInLeft("b");
        things.run();
        discard();
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aDiscardedLetterEndsWhenItsSinkTakesTheRecordAfterAll() {
        refuseInLeft("b");
        things.run();
        discard();
        acceptAll();
        things.generations.put("left", "2");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("left b delivered");
        things.left.held.remove("b");
        assertThat(things.verify().sinks().get("left").differing()).containsExactly("b");
    }

    // machinery

    private void refuseInLeft(String... keys) {
        Set<String> poison = Set.of(keys);
        things.left.poison = r -> !r.deleted() && poison.contains(r.key());
    }

    private void acceptAll() {
        things.left.poison = r -> false;
        things.right.poison = r -> false;
    }

    private int discard() {
        return new PlainTransactions(ledger.pool).in(c -> DeadLetters.discard(c, things.name, Optional.empty()));
    }

    private Entry letter(String key) {
        return new PlainTransactions(ledger.pool)
                .in(c -> DeadLetters.list(c, Optional.of(things.name), 0, 100)).stream()
                        .filter(l -> l.key().equals(Optional.of(key)))
                        .findFirst()
                        .orElseThrow();
    }

    private void assertBothHoldEverything() {
        assertThat(things.left.held.keySet())
                .isEqualTo(Set.copyOf(things.memory.expected().keySet()));
        things.memory.expected().forEach((key, record) -> assertThat(things.left.held)
                .containsEntry(key, record.hash()));
        assertThat(things.right.held).isEqualTo(things.left.held);
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
    }
}
