package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.Refusal;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fault 6 of issue 20: a sink that refuses everything, or too much, has failed; its records are not bad. */
class FloodTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);

    @Test
    void aSinkThatRefusesEverythingForOneReasonIsNotAcknowledgedAndGetsItAllInTheNextRun() {
        things.many("a", 0, 5_000);
        things.left.poison = r -> true;
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems())
                .singleElement()
                .asString()
                .matches(
                        "left: refused (\\d+) of \\1 records.*so the sink is at fault and not they: cannot hold this batch"
                                + " \\(record k\\d+\\); fix it and run again, or raise deadLetterLimitPercent");
        assertThat(things.letters()).hasSizeLessThan(50);
        assertThat(things.acked("left")).isZero();
        assertThat(things.right.held).hasSize(5_000);

        things.left.poison = r -> false;
        RunReport next = things.run();
        assertThat(next.problems()).isEmpty();
        assertThat(next.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(next.sinks().get("left").written()).isEqualTo(5_000);
        assertThat(next.openDeadLetters()).isZero();
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    @Test
    void aSinkThatRefusesMoreThanItsShareFailsWhenTheRunEnds() {
        things.many("a", 0, 1_000);
        things.left.poison = r -> !r.deleted() && ((Number) r.get("value").orElseThrow()).longValue() % 7 == 0;
        RunReport run = things.run();
        assertThat(run.problems())
                .singleElement()
                .asString()
                .startsWith(
                        "left: refused 143 of 1000 records, more than deadLetterLimitPercent 10, so the sink is at fault");
        assertThat(things.acked("left")).isZero();

        things.limits = things.limits.refusing(15);
        RunReport within = things.run();
        assertThat(within.problems()).isEmpty();
        assertThat(within.status()).isEqualTo(Status.PARTIAL);
        assertThat(within.openDeadLetters()).isEqualTo(143);
        assertThat(things.acked("left")).isEqualTo(within.runId());
    }

    @Test
    void aFewBadRecordsAreNeverAFlood() {
        things.many("a", 0, 19);
        things.left.poison = r -> true;
        RunReport run = things.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.openDeadLetters()).isEqualTo(19);
    }

    @Test
    void reasonsThatDifferByTheirValuesAreOne() {
        List<Record> batch = things.memory.objects.isEmpty() ? records(30) : List.of();
        List<Refusal> refused = batch.stream()
                .map(r -> new Refusal(
                        r,
                        "left: size must be small, got '" + r.key() + "' in row "
                                + r.key().length()))
                .toList();
        assertThat(Flood.ofBatch(batch, refused, 10)).isPresent();
        assertThat(Flood.ofBatch(batch, refused.subList(1, 30), 10)).isEmpty();
        assertThat(Flood.ofBatch(batch, refused, 100)).isEmpty();
        List<Refusal> mixed = new ArrayList<>(refused);
        mixed.set(7, new Refusal(batch.get(7), "left: something else"));
        assertThat(Flood.ofBatch(batch, mixed, 10)).isEmpty();
    }

    private List<Record> records(int n) {
        things.many("x", 0, n);
        return things.memory.records("x");
    }
}
