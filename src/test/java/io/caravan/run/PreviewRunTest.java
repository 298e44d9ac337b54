package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.BadRecordException;
import io.caravan.ledger.NoLedger;
import io.caravan.record.Record;
import io.caravan.run.Preview.Refused;
import io.caravan.run.RunReport.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A preview sends records through the steps and writes nothing, neither to a sink nor to the ledger. */
class PreviewRunTest {

    private static TestLedger ledger;
    private final Things things = new Things(ledger);
    private final Preview preview = new Preview();

    @BeforeAll
    static void open() {
        ledger = new TestLedger();
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @Test
    void showsTheFirstRowsBeforeAndAfterTheStepsWithoutALedger() {
        things.many("a", 0, 100);
        things.steps.add((batch, reject) -> {
            List<Record> doubled = new ArrayList<>();
            for (Record r : batch) {
                long value = (Long) r.get("value").orElseThrow();
                if (value == 2) reject.accept(r, new BadRecordException("two is not allowed"));
                else doubled.add(r.with("value", 2 * value));
            }
            return doubled;
        });

        RunReport report = preview(4);

        assertThat(report.problems()).isEmpty();
        assertThat(report.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(report.recordsRead()).isEqualTo(4);
        assertThat(preview.read()).extracting(Record::key).containsExactly("k0", "k1", "k2", "k3");
        assertThat(preview.arrived()).containsOnlyKeys("left", "right");
        assertThat(preview.arrived().get("left")).extracting(r -> r.at(1)).containsExactly(0L, 2L, 6L);
        assertThat(preview.refused())
                .extracting(Refused::stage, r -> r.key().orElse(""), Refused::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("step", "k2", "two is not allowed"));
        assertThat(preview.keyFields()).containsExactly("id");
        assertThat(things.left.calls).isZero();
        assertThat(ledger.texts("select id from ledger.flow where name = '" + things.name + "'"))
                .isEmpty();
    }

    @Test
    void rowsThatAreNoRecordsAndKeysThatComeAgainAreShownAsRefused() {
        things.object("a", "k1=1", "=2", "k1=3");

        assertThat(preview(100).recordsRead()).isEqualTo(3);

        assertThat(preview.read()).extracting(Record::key).containsExactly("k1");
        assertThat(preview.refused()).extracting(r -> r.origin().line()).containsExactly(2L, 3L);
    }

    @Test
    void aSourceThatHoldsNothingIsSaid() {
        assertThat(preview(100).problems()).singleElement().asString().contains("must hold at least one object");
    }

    private RunReport preview(long rows) {
        RunRequest request =
                RunRequest.of(Mode.PREVIEW).limitedTo(Optional.of(rows)).collectedBy(preview);
        return Loop.run(things.open(request, new NoLedger()), things.steps, things.sinks);
    }
}
