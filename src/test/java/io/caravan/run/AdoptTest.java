package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.BadRecordException;
import io.caravan.ledger.LeaseHeldException;
import io.caravan.run.Doom.CrashError;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Stores that another system filled: what they hold as it should be is taken for delivered, and only the rest is written. */
class AdoptTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);

    /** Left holds two of three as they are, one otherwise, lacks one, and has one more; right holds all but one. */
    @BeforeEach
    void anotherSystemFilledTheStores() {
        things.left.marking = true;
        things.object("a", "one=1", "two=2", "three=3", "four=4");
        things.memory.expected().forEach((key, record) -> {
            things.left.held.put(key, record.hash());
            things.right.held.put(key, record.hash());
        });
        things.left.held.put("three", things.left.held.get("one"));
        things.left.held.remove("four");
        things.left.held.put("other", things.left.held.get("one"));
        things.right.held.remove("one");
    }

    @Test
    void whatIsHeldAsItShouldBeIsNotWrittenAndTheRestIs() {
        RunReport adopted = things.run(RunRequest.of(Mode.ADOPT));
        assertThat(adopted.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(adopted.problems()).isEmpty();
        assertThat(adopted.recordsRead()).isEqualTo(4);
        assertThat(adopted.sinks().get("left")).isEqualTo(report(2, 1, 1, "other"));
        assertThat(adopted.sinks().get("right")).isEqualTo(report(3, 0, 1));
        assertThat(adopted.notes())
                .containsExactly("left: holds 1 records that the source does not have (other); a run leaves them alone,"
                        + " verify names them");
        assertThat(things.left.calls + things.right.calls).isZero();
        assertThat(things.left.markers).hasSize(1);

        RunReport plan = things.run(RunRequest.of(Mode.PLAN));
        assertThat(plan.sinks().get("left").inserts() + plan.sinks().get("left").updates())
                .isEqualTo(2);
        assertThat(plan.sinks().get("left").unchanged()).isEqualTo(2);
        assertThat(plan.sinks().get("right").inserts()).isEqualTo(1);

        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.written).isEqualTo(2);
        assertThat(things.right.written).isEqualTo(1);
        assertThat(things.left.held).containsOnlyKeys("one", "two", "three", "four", "other");
        assertThat(things.verify().sinks().get("left").differing()).containsExactly("other");
        assertThat(remembered()).isEmpty();
        RunReport idle = things.run();
        assertThat(idle.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.written + things.right.written).isEqualTo(3);
    }

    @Test
    void aDryRunChangesNeitherLedgerNorStores() {
        ledger.flow(things.name);
        List<String> before = dump();
        RunReport dry = things.run(RunRequest.of(Mode.ADOPT).onlyLooking(true));
        assertThat(dry.problems()).isEmpty();
        assertThat(dry.runId()).isZero();
        assertThat(dry.sinks().get("left")).isEqualTo(report(2, 1, 1, "other"));
        assertThat(dump()).isEqualTo(before);
        assertThat(things.left.markers).isEmpty();
        assertThat(things.left.calls).isZero();
        assertThat(things.run().sinks().get("left").written()).isEqualTo(4);
    }

    @Test
    void aStoreThatHoldsAllOfItIsAcknowledgedAndTheNextRunReadsNothing() {
        things.memory.expected().forEach((key, record) -> {
            things.left.held.put(key, record.hash());
            things.right.held.put(key, record.hash());
        });
        RunReport adopted = things.run(RunRequest.of(Mode.ADOPT));
        assertThat(things.acked("left")).isEqualTo(adopted.runId());
        assertThat(things.acked("right")).isEqualTo(adopted.runId());
        assertThat(remembered()).isEmpty();
        int opened = things.memory.opened.get();
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.memory.opened.get()).isEqualTo(opened);
        assertThat(things.left.calls + things.right.calls).isZero();
    }

    @Test
    void whatChangesOrGoesAfterwardsIsWrittenAndDeleted() {
        things.run(RunRequest.of(Mode.ADOPT));
        things.object("a", "one=9", "three=3", "four=4");
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks().get("left").written()).isEqualTo(3);
        assertThat(run.sinks().get("left").deleted()).isEqualTo(1);
        assertThat(run.sinks().get("right").written()).isEqualTo(1);
        things.left.held.remove("other");
        assertThat(things.left.held).isEqualTo(things.right.held).containsOnlyKeys("one", "three", "four");
    }

    @Test
    void aSecondAdoptionForgetsWhatTheStoreDoesNotHoldAnyMore() {
        things.run(RunRequest.of(Mode.ADOPT));
        things.left.held.remove("one");
        assertThat(things.run(RunRequest.of(Mode.ADOPT)).sinks().get("left")).isEqualTo(report(1, 1, 2, "other"));
        things.run();
        assertThat(things.left.written).isEqualTo(3);
        assertThat(things.left.held).containsKey("one");
    }

    @Test
    void aStoreThatIsEmptiedBeforeTheNextRunGetsEverything() {
        things.run(RunRequest.of(Mode.ADOPT));
        things.left.held.clear();
        things.left.markers.clear();
        RunReport run = things.run();
        assertThat(run.notes()).containsExactly("left" + RollCall.LOST);
        assertThat(run.sinks().get("left").written()).isEqualTo(4);
        assertThat(run.sinks().get("right").written()).isEqualTo(1);
    }

    @Test
    void aSinkOfOtherRulesIsWrittenWhole() {
        things.run(RunRequest.of(Mode.ADOPT));
        things.generations.put("left", "2");
        assertThat(things.run().sinks().get("left").written()).isEqualTo(4);
    }

    @Test
    void onlyTheSinksThatAreNamedAreAdopted() {
        RunReport adopted = things.run(RunRequest.of(Mode.ADOPT).onlyTo(List.of("right")));
        assertThat(adopted.sinks()).containsOnlyKeys("right");
        things.run();
        assertThat(things.left.written).isEqualTo(4);
        assertThat(things.right.written).isEqualTo(1);
    }

    @Test
    void whatAStepRefusesHasItsLetterAfterTheRun() {
        things.steps.add((batch, refuse) -> {
            batch.stream()
                    .filter(r -> r.key().equals("two"))
                    .forEach(r -> refuse.accept(r, new BadRecordException("bad")));
            return batch.stream().filter(r -> !r.key().equals("two")).toList();
        });
        things.memory.expected().forEach((key, record) -> things.right.held.put(key, record.hash()));
        RunReport adopted = things.run(RunRequest.of(Mode.ADOPT));
        assertThat(adopted.sinks().get("right").written()).isEqualTo(3);
        assertThat(things.letters()).isEmpty();
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("two open");
        assertThat(things.right.calls).isZero();
    }

    @Test
    void aSinkThatNobodyCanAskIsSaidAndGetsEverything() {
        MemorySink blind = new MemorySink("right") {
            @Override
            public java.util.Set<String> differing(List<io.caravan.record.Record> batch) {
                throw new UnsupportedOperationException("right: nobody can ask it");
            }

            @Override
            public Stream<String> keys() {
                throw new UnsupportedOperationException("right: nobody can ask it");
            }
        };
        things.sinks = List.of(things.left, blind);
        RunReport adopted = things.run(RunRequest.of(Mode.ADOPT));
        assertThat(adopted.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(adopted.notes()).contains("right: nobody can ask it; the next run writes everything to it");
        things.run();
        assertThat(things.left.written).isEqualTo(2);
        assertThat(blind.written).isEqualTo(4);
    }

    @Test
    void oneThatDiesAtAnyStepLosesNothingAndTheNextOneGoesOn() {
        int at = 1;
        for (boolean died = true; died; at += 3) {
            Things fresh = new Things(ledger);
            fresh.many("a", 0, 20);
            fresh.many("b", 20, 40);
            fresh.memory.expected().forEach((key, record) -> {
                fresh.left.held.put(key, record.hash());
                fresh.right.held.put(key, record.hash());
            });
            fresh.left.marking = true;
            fresh.left.held.remove("k7");
            fresh.right.held.remove("k33");
            died = adoptAndDie(fresh, at);
            RunReport adopted = fresh.run(RunRequest.of(Mode.ADOPT));
            assertThat(adopted.status()).as("after step " + at).isEqualTo(Status.SUCCEEDED);
            assertThat(fresh.run().status()).isEqualTo(Status.SUCCEEDED);
            assertThat(fresh.left.written).as("after step " + at).isEqualTo(1);
            assertThat(fresh.right.written).as("after step " + at).isEqualTo(1);
            assertThat(fresh.left.held).isEqualTo(fresh.right.held).hasSize(40);
        }
        assertThat(at).isGreaterThan(20);
    }

    @Test
    void whatADeadOneLeavesIsTrueForARun() {
        for (int at = 1; at < 40; at += 6) {
            Things fresh = new Things(ledger);
            fresh.many("a", 0, 60);
            fresh.memory.expected().forEach((key, record) -> fresh.left.held.put(key, record.hash()));
            fresh.left.held.remove("k7");
            adoptAndDie(fresh, at);
            assertThat(fresh.run().status()).isEqualTo(Status.SUCCEEDED);
            assertThat(fresh.left.held).isEqualTo(fresh.right.held).hasSize(60);
        }
    }

    @Test
    void whileARunGoesOnNothingIsAdopted() {
        Session going = things.open(RunRequest.of(Mode.RUN));
        Assertions.assertThatThrownBy(() -> things.open(RunRequest.of(Mode.ADOPT)))
                .isInstanceOf(LeaseHeldException.class);
        going.close(java.util.Optional.empty());
    }

    private boolean adoptAndDie(Things subject, int at) {
        Doom doom = new Doom(ledger.pool, at);
        boolean died = false;
        try {
            RunReport report =
                    Loop.run(subject.open(RunRequest.of(Mode.ADOPT), doom.database()), subject.steps, subject.sinks);
            assertThat(doom.dead() || report.status() == Status.SUCCEEDED).isTrue();
        } catch (CrashError e) {
            died = true;
        }
        died |= doom.dead();
        doom.settled();
        if (died) ledger.execute("update ledger.lease set expires_at = now() - interval '1 day'");
        return died;
    }

    private static SinkReport report(long adopted, long different, long missing, String... surplus) {
        return new SinkReport(adopted, 0, surplus.length, 0, missing, different, List.of(surplus));
    }

    private List<String> remembered() {
        return ledger.texts("select a.key from ledger.adopted a join ledger.flow f on f.id = a.flow where f.name = '"
                + things.name + "'");
    }

    private List<String> dump() {
        return ledger.dump(things.name);
    }
}
