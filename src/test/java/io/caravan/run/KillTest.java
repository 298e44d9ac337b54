package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at any moment, then run again: the sinks hold what an undisturbed run gives. {@code -Dcaravan.kills=30} is the long proof. */
class KillTest {

    private static final int RECORDS = 20_000;
    private static final int KILLS = Integer.getInteger("caravan.kills", 12);
    private static final long SEED = 20_260_101;

    @Test
    void aPipelineMayBeKilledAtAnyMoment(@TempDir Path folder) throws Exception {
        ThingsSubject undisturbed = new ThingsSubject(folder.resolve("undisturbed"), RECORDS);
        ThingsSubject disturbed = new ThingsSubject(folder.resolve("disturbed"), RECORDS);
        int hits = KillProof.prove("things", undisturbed, disturbed, KILLS, SEED);
        assertThat(hits).isGreaterThan(KILLS / 3);
        assertThat(disturbed.contents().get("left")).hasSizeGreaterThan(RECORDS * 9 / 10);
        try (TestLedger ledger = disturbed.ledger()) {
            List<String> broken = ledger.texts("select id from ledger.run where status = 'failed'"
                    + " and problem = 'the process ended before the run did'");
            System.out.println(
                    hits + " of " + KILLS + " kills hit the process, " + broken.size() + " a run in the ledger");
            assertThat(broken).hasSizeBetween(KILLS / 4, hits);
            assertThat(ledger.texts("select status from ledger.run order by id desc limit 1"))
                    .containsExactly("succeeded");
        }
    }
}
