package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in the middle of {@code adopt}, then adopt and run: what the stores held is not written again, what they lacked is. */
class AdoptKillTest {

    private static final int RECORDS = 8_000;
    private static final int KILLS = 5;
    private static final long SEED = 20_261_130;

    @TempDir
    Path folder;

    @Test
    void anAdoptionMayBeKilledAtAnyMoment() throws Exception {
        ThingsSubject undisturbed = filled("undisturbed");
        long took;
        try (Child child = adopt(undisturbed)) {
            Child.End end = child.end();
            assertThat(end.code()).as("%s", end.said()).isZero();
            took = end.took().toNanos();
        }
        ThingsSubject disturbed = filled("disturbed");
        Map<String, String> whole = disturbed.contents().get("right");
        Random random = new Random(SEED);
        int hits = 0;
        for (int i = 0; i < KILLS; i++) {
            Duration moment = Duration.ofNanos((long) ((i + random.nextDouble()) / KILLS * took * 0.9));
            try (Child child = adopt(disturbed)) {
                boolean hit = child.kill(moment);
                if (hit) hits++;
                System.out.println("AdoptKillTest: seed " + SEED + ", " + moment.toMillis() + " ms after adopt began: "
                        + (hit ? "hit" : "it had ended"));
            }
        }
        assertThat(hits).isGreaterThan(KILLS / 2);
        try (Child child = adopt(disturbed)) {
            assertThat(child.end().code()).isZero();
        }
        try (Child child = new Child("things", disturbed.properties())) {
            assertThat(child.end().code()).isZero();
        }
        try (TestLedger ledger = disturbed.ledger()) {
            assertThat(written(ledger, "right")).isEqualTo("0");
            assertThat(written(ledger, "left"))
                    .isEqualTo(Long.toString(whole.keySet().stream()
                            .filter(key -> key.endsWith("7"))
                            .count()));
        }
        assertThat(disturbed.contents()).isEqualTo(Map.of("left", whole, "right", whole));
    }

    private static Child adopt(ThingsSubject subject) throws Exception {
        return new Child("things", subject.properties(), List.of("-D" + ChildRun.MODE + "=ADOPT"));
    }

    /** Stores that another system filled: a ledger that knows nothing, and one of them lacks records. */
    private ThingsSubject filled(String name) throws Exception {
        ThingsSubject subject = new ThingsSubject(folder.resolve(name), RECORDS);
        subject.change(0);
        try (Child child = new Child("things", subject.properties())) {
            assertThat(child.end().code()).isZero();
        }
        try (TestLedger ledger = subject.ledger()) {
            ledger.execute("truncate ledger.flow, ledger.run, ledger.delivery, ledger.lease, ledger.record_state,"
                    + " ledger.batch_state, ledger.former_batch, ledger.object_state, ledger.sink_state,"
                    + " ledger.former_sink, ledger.sink_place, ledger.adopted, ledger.dead_letter, ledger.checkpoint,"
                    + " ledger.writer, ledger.audit, ledger.audit_input, ledger.audit_output restart identity");
            ledger.execute("delete from public.sink_left where key like '%7'");
        }
        return subject;
    }

    private static String written(TestLedger ledger, String sink) {
        return ledger.texts("select d.written from ledger.delivery d join ledger.run r on r.id = d.run where d.sink = '"
                        + sink + "' order by r.id desc limit 1")
                .get(0);
    }
}
