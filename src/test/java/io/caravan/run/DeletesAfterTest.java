package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.UnavailableException;
import io.caravan.run.RunReport.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a delete needs several whole readings that lack the record, one that is not seen once stays. */
class DeletesAfterTest {

    private static final String FIRST =
            ": 1 record missing for the first time (k2): deleted if the next reading lacks it too";

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);

    @BeforeEach
    void firstRun() {
        things.limits = Limits.of(100, 10, 50, "0", 2);
        things.object("a", "k1=1", "k2=2", "k3=3");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aRecordThatOneReadingLacksStaysAndTheSecondDeletesIt() {
        things.object("a", "k1=1", "k3=3");
        RunReport first = things.run();
        assertThat(first.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(first.notes()).containsExactly(things.name + FIRST);
        assertThat(first.sinks().get("left").deleted()).isZero();
        assertThat(things.left.held).containsKey("k2");
        RunReport second = things.run();
        assertThat(second.notes()).isEmpty();
        assertThat(second.sinks().get("left").deleted()).isEqualTo(1);
        assertThat(things.left.held).containsOnlyKeys("k1", "k3").isEqualTo(things.right.held);
        assertThat(things.run().sinks().get("left").deleted()).isZero();
    }

    @Test
    void aRecordThatIsSeenAgainBeginsAnew() {
        for (int i = 0; i < 3; i++) {
            things.object("a", "k1=1", "k3=3");
            assertThat(things.run().notes()).containsExactly(things.name + FIRST);
            things.object("a", "k1=1", "k2=2", "k3=3");
            RunReport back = things.run();
            assertThat(back.notes()).isEmpty();
            assertThat(back.sinks().get("left").written())
                    .as("it was there all the time")
                    .isZero();
        }
        assertThat(things.left.held).containsOnlyKeys("k1", "k2", "k3");
    }

    @Test
    void aRecordThatComesBackChangedIsWritten() {
        things.object("a", "k1=1", "k3=3");
        things.run();
        things.object("a", "k1=1", "k2=22", "k3=3");
        assertThat(things.run().sinks().get("left").written()).isEqualTo(1);
        things.object("a", "k1=1", "k3=3");
        assertThat(things.run().sinks().get("left").deleted()).isZero();
    }

    @Test
    void planAndVerifySayWhatWaits() {
        things.object("a", "k1=1", "k3=3");
        RunReport plan = things.run(RunRequest.of(Mode.PLAN));
        assertThat(plan.notes()).containsExactly(things.name + FIRST);
        assertThat(plan.sinks().get("left").deleted()).isZero();
        things.run();
        RunReport verify = things.verify();
        assertThat(verify.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(verify.notes()).containsExactly(things.name + FIRST);
        assertThat(things.run(RunRequest.of(Mode.PLAN)).sinks().get("left").deleted())
                .isEqualTo(1);
    }

    @Test
    void verifyExpectsWhatWaitsInTheSinks() {
        things.object("a", "k1=1", "k3=3");
        things.run();
        things.left.held.remove("k2");
        RunReport verify = things.verify();
        assertThat(verify.status()).isEqualTo(Status.PARTIAL);
        assertThat(verify.sinks().get("left").differing()).containsExactly("k2");
        assertThat(verify.sinks().get("right").differing()).isEmpty();
    }

    @Test
    void theDeleteLimitCountsOnlyWhatIsToBeDeleted() {
        things.limits = Limits.of(40, 10, 50, "0", 2);
        things.object("a", "k3=3");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        for (int i = 0; i < 2; i++) {
            RunReport stopped = things.run();
            assertThat(stopped.status()).isEqualTo(Status.FAILED);
            assertThat(stopped.problems().toString()).contains("deletes must be at most 40 % of 3 records, got '2'");
            assertThat(things.left.held).hasSize(3);
        }
        things.run(RunRequest.of(Mode.RUN).allowingDeletes(true));
        assertThat(things.left.held).containsOnlyKeys("k3");
    }

    @Test
    void whoAllowsDeletesNeedNotWait() {
        things.object("a", "k1=1", "k3=3");
        things.run(RunRequest.of(Mode.RUN).allowingDeletes(true));
        assertThat(things.left.held).containsOnlyKeys("k1", "k3");
    }

    @Test
    void aChangedScopeIsStillAskedForWhenTheSecondReadingLacksTheRecords() {
        things.scope = "narrower";
        things.object("a", "k1=1", "k3=3");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        RunReport second = things.run();
        assertThat(second.problems().toString())
                .contains("deletes must be allowed when the source's settings changed what is in scope");
        assertThat(things.left.held).containsKey("k2");
    }

    @Test
    void aRunThatFailsCountsNothing() {
        things.object("a", "k1=1", "k3=3");
        things.memory.meddler = (object, reader) -> {
            throw new UnavailableException("a: gone", null);
        };
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        things.memory.meddler = (object, reader) -> reader;
        assertThat(things.run().notes()).containsExactly(things.name + FIRST);
        assertThat(things.left.held).containsKey("k2");
    }

    @Test
    void fourReadingsCanBeAskedFor() {
        things.limits = Limits.of(100, 10, 50, "0", 4);
        things.object("a", "k1=1", "k3=3");
        for (int i = 0; i < 3; i++) {
            assertThat(things.run().notes())
                    .containsExactly(things.name + ": 1 record missing (k2): deleted once 4 readings in a row lack it");
        }
        things.run();
        assertThat(things.left.held).containsOnlyKeys("k1", "k3");
    }

    /** Random lists, of which readings miss records at random: nothing is deleted that two readings in a row did not both lack. */
    @Test
    void whatIsDeletedWasLackedTwiceInARow() {
        for (int seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            Things world = new Things(ledger);
            world.limits = Limits.of(100, 10, 50, "0", 2);
            Map<String, Integer> lacked = new TreeMap<>();
            for (int run = 0; run < 12; run++) {
                List<String> shown = new ArrayList<>();
                for (int k = 0; k < 30; k++) {
                    boolean seen = random.nextInt(4) > 0;
                    if (seen) shown.add("k" + k + "=" + random.nextInt(2));
                    lacked.put("k" + k, seen ? 0 : lacked.getOrDefault("k" + k, 0) + 1);
                }
                world.object("a", shown.toArray(String[]::new));
                Map<String, ?> before = new TreeMap<>(world.left.held);
                assertThat(world.run().problems()).isEmpty();
                lacked.forEach((key, times) -> {
                    boolean expected = times == 0 || (times == 1 && before.containsKey(key));
                    assertThat(world.left.held.containsKey(key)).as(key).isEqualTo(expected);
                });
                assertThat(world.left.held).isEqualTo(world.right.held);
            }
        }
    }
}
