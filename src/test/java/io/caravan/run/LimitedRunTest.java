package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A run that reads the first rows only takes nothing for complete: the next one without a limit does everything. */
class LimitedRunTest {

    private static TestLedger ledger;
    private final Things things = new Things(ledger);

    @BeforeAll
    static void open() {
        ledger = new TestLedger();
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @Test
    void readsSoManyRowsAndNoMoreAndSaysThatItIsPartial() {
        things.many("a", 0, 100);
        things.many("b", 100, 200);

        RunReport run = limited(130);

        assertThat(run.problems()).isEmpty();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(things.status(run.runId())).isEqualTo("partial");
        assertThat(run.recordsRead()).isEqualTo(130);
        assertThat(run.notes())
                .containsExactly(things.name + ": partial: only the first 130 rows were read (--limit), nothing was"
                        + " deleted; a run without --limit reads and delivers everything");
        assertThat(things.left.held).hasSize(130).isEqualTo(things.right.held);
        assertThat(things.memory.opened.get()).isEqualTo(2);
        assertThat(things.acked("left")).isZero();
    }

    @Test
    void theNextRunDeliversEverything() {
        things.many("a", 0, 100);
        things.many("b", 100, 200);
        limited(30);

        assertConverges();
        assertThat(things.run().sinks().get("left").written()).isZero();
    }

    @Test
    void nothingIsDeletedBeforeTheSourceIsReadWhole() {
        things.many("a", 0, 100);
        things.many("b", 100, 200);
        things.many("c", 200, 300);
        things.run();
        things.memory.objects.remove("c");
        things.many("a", 50, 120); // k0 to k49 are gone, k100 to k119 move here
        things.many("b", 120, 200);

        for (int rows : List.of(1, 60, 1_000)) {
            RunReport run = limited(rows);
            assertThat(run.status()).isEqualTo(Status.PARTIAL);
            assertThat(run.problems()).isEmpty();
            assertThat(things.left.held).hasSize(300).isEqualTo(things.right.held);
        }
        RunReport full = assertConverges();
        assertThat(full.sinks().get("left").deleted()).isEqualTo(150);
    }

    @Test
    void aSinkThatWaitedForOtherRunsStillGetsThem() {
        things.many("a", 0, 100);
        things.right.down = true;
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        things.right.down = false;

        limited(10);

        assertThat(things.right.held).hasSize(10);
        assertConverges();
    }

    @Test
    void rowsThatAreNoRecordsCountToo() {
        things.object("a", "=1", "=2", "=3", "=4", "k5=5");

        RunReport run = limited(3);

        assertThat(run.recordsRead()).isEqualTo(3);
        assertThat(things.left.held).isEmpty();
        assertThat(things.letters()).containsExactly("a:1 open", "a:2 open", "a:3 open");
    }

    @Test
    void nobodyIsToldAndThatIsNoFailure() {
        things.many("a", 0, 100);
        GatheringSink message = new GatheringSink("message");
        message.last = true;
        things.generations.put("message", "1");
        things.sinks = List.of(things.left, things.right, message);

        RunReport run = limited(10);

        assertThat(run.problems()).isEmpty();
        assertThat(run.sinks().get("message").written()).isZero();
        assertThat(message.held).isEmpty();
        assertThat(things.run().problems()).isEmpty();
        assertThat(message.held).hasSize(100);
    }

    @Test
    void oneThatASinkFailsIsAFailure() {
        things.many("a", 0, 100);
        things.left.down = true;

        RunReport run = limited(10);

        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).singleElement().asString().startsWith("left: ");
    }

    private RunReport limited(long rows) {
        return things.run(RunRequest.of(Mode.RUN).limitedTo(Optional.of(rows)).allowingDeletes(true));
    }

    private RunReport assertConverges() {
        RunReport full = things.run();
        assertThat(full.problems()).isEmpty();
        assertThat(full.status()).isEqualTo(Status.SUCCEEDED);
        Map<String, Object> expected =
                things.memory.expected().values().stream().collect(Collectors.toMap(Record::key, Record::hash));
        assertThat(things.left.held).isEqualTo(expected);
        assertThat(things.right.held).isEqualTo(expected);
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
        return full;
    }
}
