package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Flows;
import io.caravan.ledger.PlainTransactions;
import io.caravan.run.RunReport.Status;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pipeline that has another name: what its sinks hold is known by the new one. */
class RenamedPipelineTest {

    private static TestLedger ledger;
    private Things old;

    @BeforeAll
    static void open() {
        ledger = new TestLedger();
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @BeforeEach
    void firstRun() {
        old = new Things(ledger);
        old.left.marking = true;
        old.object("a", "one=1", "two=2", "three=3");
        old.run();
    }

    @Test
    void theNextRunWritesNothingAndMovesTheMarkers() {
        Things renamed = renamed();
        Map<String, String> before = Map.copyOf(old.left.markers);
        assertThat(renamed.run(RunRequest.of(Mode.PLAN)).notes()).isEmpty();
        assertThat(old.left.markers).as("a plan changes nothing").isEqualTo(before);

        RunReport run = renamed.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.notes()).isEmpty();
        assertThat(run.sinks().get("left").written()).isZero();
        assertThat(run.sinks().get("right").written()).isZero();
        assertThat(old.left.markers)
                .containsOnlyKeys(renamed.name + "/left")
                .containsValue(before.get(old.name + "/left"));

        renamed.object("a", "one=1", "two=5");
        RunReport next = renamed.run();
        assertThat(next.notes()).isEmpty();
        assertThat(next.sinks().get("left").written()).isEqualTo(1);
        assertThat(next.sinks().get("left").deleted()).isEqualTo(1);
    }

    @Test
    void aStoreThatWasEmptiedIsStillSeen() {
        Things renamed = renamed();
        old.left.held.clear();
        old.left.markers.clear();
        assertThat(renamed.run().sinks().get("left").written()).isEqualTo(3);
        assertThat(renamed.run().sinks().get("left").written()).isZero();
    }

    @Test
    void aPipelineThatIsRenamedTwiceOrBackIsKnownToo() {
        Things twice = again(again(renamed()));
        assertThat(twice.run().sinks().get("left").written()).isZero();
        assertThat(old.left.markers).containsOnlyKeys(twice.name + "/left");
        Things away = again(twice);
        rename(away.name, twice.name);
        assertThat(twice.run().sinks().get("left").written()).isZero();
        assertThat(old.left.markers).containsOnlyKeys(twice.name + "/left");
        assertThat(ledger.texts("select marker from ledger.sink_state where marker like '% %'"))
                .isEmpty();
    }

    @Test
    void anotherPipelineOfTheOldNameInTheSamePlaceDoesNotMakeItsRecordsAnothers() {
        Things renamed = renamed();
        Things other = like(old, old.name);
        other.memory.objects.clear();
        other.object("z", "nine=9");
        other.run(); // marks the place under the name that the renamed one had
        assertThat(renamed.run().sinks().get("left").written()).isEqualTo(3);
        for (int i = 0; i < 2; i++) {
            assertThat(other.run().sinks().get("left").written()).isZero();
            assertThat(renamed.run().sinks().get("left").written()).isZero();
        }
    }

    private Things renamed() {
        return again(old);
    }

    private Things again(Things from) {
        Things renamed = like(from, ledger.freshFlow());
        rename(from.name, renamed.name);
        return renamed;
    }

    private void rename(String from, String to) {
        new PlainTransactions(ledger.pool).in(c -> {
            Flows.rename(c, Flows.find(c, from).orElseThrow(), to);
            return null;
        });
    }

    /** The same sinks by another pipeline. */
    private static Things like(Things other, String name) {
        Things things = new Things(other.ledger, name, other.left, other.right);
        things.memory.objects.putAll(other.memory.objects);
        return things;
    }
}
