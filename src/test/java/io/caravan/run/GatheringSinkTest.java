package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import io.caravan.source.IncompleteSourceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sink that gathers what it is given acknowledges nothing before it was flushed. */
class GatheringSinkTest {

    private static TestLedger ledger;
    private final Things things = new Things(ledger);
    private final List<String> order = new ArrayList<>();
    private final Gathering gathering = new Gathering("right");

    @BeforeAll
    static void open() {
        ledger = new TestLedger();
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @BeforeEach
    void route() {
        things.sinks = List.of(things.left, gathering);
        things.object("a", "one=1", "two=2", "three=3");
    }

    @Test
    void isFlushedOnceARunAndOnlyWhenItGotSomething() {
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(gathering.held).isEqualTo(things.left.held.keySet());
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
        assertThat(gathering.held).isEqualTo(things.left.held.keySet());
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
        assertThat(gathering.held).isEqualTo(things.left.held.keySet());
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
        assertThat(gathering.held).containsExactly("one", "three", "two");
    }

    @Test
    void thatComesLastIsFlushedAfterTheOthers() {
        Gathering message = new Gathering("amessage");
        message.last = true;
        things.generations.remove("left");
        things.generations.put("amessage", "1");
        things.sinks = List.of(message, gathering);
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(order.subList(2, 5)).containsExactly("flush right", "complete right", "flush amessage");
    }

    @Test
    void thatComesLastWaitsUntilTheOthersHaveEverything() {
        Gathering message = new Gathering("amessage");
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
        assertThat(message.held).isEqualTo(things.left.held.keySet());
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

    private final class Gathering implements Sink {

        final Set<String> held = new java.util.TreeSet<>();
        boolean down;
        boolean last;
        boolean silent;
        Predicate<Record> poison = r -> false;
        private final String name;
        private final Map<String, Record> gathered = new LinkedHashMap<>();

        Gathering(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean gathers() {
            return true;
        }

        @Override
        public List<Refusal> write(List<Record> batch) {
            batch.forEach(r -> gathered.put(r.key(), r));
            return List.of();
        }

        @Override
        public List<Refusal> flush() {
            order.add("flush " + name);
            if (down) throw new UnavailableException(name + ": the store is down", null);
            List<Refusal> refused = gathered.values().stream()
                    .filter(poison)
                    .map(r -> new Refusal(r, "cannot hold this"))
                    .toList();
            gathered.values().stream().filter(poison.negate()).forEach(r -> {
                if (r.deleted()) held.remove(r.key());
                else held.add(r.key());
            });
            gathered.clear();
            return refused;
        }

        @Override
        public void complete() {
            order.add("complete " + name);
        }

        @Override
        public void discard() {
            order.add("discard " + name);
            gathered.clear();
        }

        @Override
        public boolean last() {
            return last;
        }

        @Override
        public Stream<String> keys() {
            if (silent) throw new UnsupportedOperationException(name + ": cannot be verified");
            return held.stream();
        }

        @Override
        public Set<String> differing(List<Record> batch) {
            if (silent) throw new UnsupportedOperationException(name + ": cannot be verified");
            return Set.of();
        }

        @Override
        public Optional<String> check() {
            return Optional.empty();
        }
    }
}
