package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.run.RunReport.Status;
import io.caravan.source.IncompleteSourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A sink that gathers what it is given acknowledges nothing before it was flushed. */
class GatheringSinkTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);
    private final List<String> order = new ArrayList<>();
    private final GatheringSink gathering = gathering("right");

    private GatheringSink gathering(String name) {
        GatheringSink sink = new GatheringSink(name);
        sink.hearer = order::add;
        return sink;
    }

    @BeforeEach
    void route() {
        things.sinks = List.of(things.left, gathering);
        things.object("a", "one=1", "two=2", "three=3");
    }

    @Test
    void isFlushedOnceARunAndOnlyWhenItGotSomething() {
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(gathering.held).isEqualTo(things.left.held);
        things.object("a", "one=1", "two=2", "three=4");
        assertThat(things.run().sinks().get("right").written()).isEqualTo(1);
        things.run();
        assertThat(order)
                .containsExactly(
                        "discard right",
                        "flush right",
                        "complete right",
                        "discard right",
                        "flush right",
                        "complete right");
    }

    @Test
    void getsEverythingAgainWhenItsFlushFailed() {
        gathering.down = true;
        RunReport run = things.run();
        assertThat(run.problems()).containsExactly("right: the store is down");
        assertThat(things.acked("right")).isZero();
        gathering.down = false;
        assertThat(things.run().sinks().get("right").written()).isEqualTo(3);
        assertThat(gathering.held).isEqualTo(things.left.held);
    }

    @Test
    void whatItRefusesAtTheEndIsADeadLetter() {
        gathering.poison = r -> r.key().equals("two");
        RunReport run = things.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.sinks().get("right").written()).isEqualTo(2);
        assertThat(run.sinks().get("right").dead()).isEqualTo(1);
        assertThat(things.letters()).containsExactly("right two open");
        gathering.poison = r -> false;
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(gathering.held).isEqualTo(things.left.held);
    }

    /** Fault 7 of issue 20. */
    @Test
    void aReplayPublishesWhatItMadeWhole() {
        gathering.poison = r -> r.key().equals("two");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        gathering.poison = r -> false;
        order.clear();
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(order).containsExactly("discard right", "flush right", "complete right");
    }

    @Test
    void aReplayPublishesNothingOfASinkThatWaitsForMore() {
        gathering.poison = r -> r.key().equals("two");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        gathering.poison = r -> false;
        things.generations.put("right", "2");
        order.clear();
        things.replay(Optional.empty());
        assertThat(order).contains("flush right").doesNotContain("complete right");
    }

    /** Fault 14 of issue 20. */
    @Test
    void nothingCountsAsWrittenThatWasNotFlushed() {
        gathering.down = true;
        assertThat(things.run().sinks().get("right").written()).isZero();
    }

    @Test
    void forgetsBeforeAReplayWhatARunOfSomebodyElseLeftInIt() {
        gathering.poison = r -> r.key().equals("two");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        gathering.poison = r -> false;
        things.object("stale", "old=1");
        gathering.write(things.memory.records("stale"));
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(gathering.held.keySet()).containsExactly("one", "three", "two");
    }

    @Test
    void thatComesLastIsFlushedAfterTheOthers() {
        GatheringSink message = gathering("amessage");
        message.last = true;
        things.generations.remove("left");
        things.generations.put("amessage", "1");
        things.sinks = List.of(message, gathering);
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(order.subList(2, 5)).containsExactly("flush right", "complete right", "flush amessage");
    }

    @Test
    void thatComesLastWaitsUntilTheOthersHaveEverything() {
        GatheringSink message = gathering("amessage");
        message.last = true;
        things.generations.put("amessage", "1");
        things.sinks = List.of(message, gathering, things.left);
        gathering.down = true;
        RunReport run = things.run();
        assertThat(run.problems())
                .containsExactly(
                        "amessage: not told, as not every sink has everything yet; the next run that gives it to them"
                                + " tells",
                        "right: the store is down");
        assertThat(order).doesNotContain("flush amessage", "complete right");
        gathering.down = false;
        run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks().get("amessage").written()).isEqualTo(3);
        assertThat(message.held).isEqualTo(things.left.held);
    }

    @Test
    void isNotCompletedByARunThatDidNotReadItsSourceToTheEnd() {
        things.object("b", "four=4");
        things.memory.meddler = (object, reader) -> {
            if (object.name().equals("b")) throw new IncompleteSourceException("b: the object ended early");
            return reader;
        };
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        assertThat(order).contains("flush right").doesNotContain("complete right");
    }

    @Test
    void thatNobodyCanAskIsSaidByVerifyAndNoFailure() {
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        gathering.silent = true;
        RunReport verify = things.verify();
        assertThat(verify.problems()).containsExactly("right: cannot be verified");
        assertThat(verify.status()).isEqualTo(Status.SUCCEEDED);
        things.left.held.remove("one");
        assertThat(things.verify().status()).isEqualTo(Status.PARTIAL);
    }
}
