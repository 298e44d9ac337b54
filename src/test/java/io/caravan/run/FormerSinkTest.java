package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A sink that was turned to another store, or taken out, and is turned back. */
class FormerSinkTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private Things things;
    private final MemorySink other = new MemorySink("left");

    @BeforeEach
    void fill() {
        things = new Things(ledger);
        things.object("a", "one=1", "two=2", "three=3");
        things.run();
    }

    @Test
    void whatWasDeletedWhileTheSinkWasElsewhereIsDeletedWhenItIsBack() {
        elsewhere();
        assertThat(things.run().sinks().get("left").written()).isEqualTo(3);
        things.object("a", "one=1", "three=3");
        things.run();
        things.run();
        assertThat(things.left.held).containsKey("two");

        back();
        assertThat(things.run().sinks().get("left").written()).isEqualTo(2);
        assertThat(things.left.held).isEqualTo(things.right.held);

        elsewhere();
        things.object("a", "one=1", "four=4");
        things.run();
        assertThat(other.held).isEqualTo(things.right.held);
    }

    @Test
    void whatWasDeletedWhileTheSinkWasNotInThePipelineIsDeletedWhenItIsBack() {
        things.sinks = List.of(things.right);
        things.generations.remove("left");
        things.object("a", "one=1", "three=3");
        things.run();
        things.run();

        back();
        things.run();
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    @Test
    void whatWasDeletedIsForgottenWhenNoSinkWillBeBack() {
        elsewhere();
        things.run();
        things.object("a", "one=1", "three=3");
        things.run();
        assertThat(tombstones()).isEqualTo(1);
        ledger.execute("update ledger.former_sink set left_at = left_at - interval '31 days'");
        things.run();
        assertThat(tombstones()).isZero();
    }

    private long tombstones() {
        return ledger.texts("select s.key from ledger.record_state s join ledger.flow f on f.id = s.flow"
                        + " where s.dead and f.name = '" + things.name + "'")
                .size();
    }

    private void elsewhere() {
        things.sinks = List.of(other, things.right);
        things.generations.put("left", "2");
    }

    private void back() {
        things.sinks = List.of(things.left, things.right);
        things.generations.put("left", "1");
    }
}
