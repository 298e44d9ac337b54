package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while records pass a filter and do not, through a choice, a sub-route with a filter and a multicast in a multicast, of
 * which the choice and the filter turn round from run to run: what each let through is there in the end, and nothing else.
 */
class FilterKillTest {

    private static final int RECORDS = 4_000;
    private static final int KILLS = 6; // in the last round, as in the first, choice and filter let all through
    private static final long SEED = 20_261_130;

    @Test
    void whatAFilterOrChoiceDropsIsGoneFromItsSinkWheneverARunIsKilled(@TempDir Path folder) throws Exception {
        ThingsSubject undisturbed = new ThingsSubject(folder.resolve("undisturbed"), RECORDS, "filter-things");
        ThingsSubject disturbed = new ThingsSubject(folder.resolve("disturbed"), RECORDS, "filter-things");
        int hits = KillProof.prove("things", undisturbed, disturbed, KILLS, SEED);
        assertThat(hits).isGreaterThan(KILLS / 3);
        assertThat(disturbed.contents().get("left")).hasSizeBetween(RECORDS / 4, RECORDS * 3 / 4);
        assertThat(disturbed.contents().get("right")).hasSizeGreaterThan(RECORDS * 9 / 10);
        try (TestLedger ledger = disturbed.ledger()) {
            assertThat(ledger.texts("select count(*)::text from ledger.dropped p join ledger.record_state s"
                            + " on s.flow = p.flow and s.key = p.key where p.sink = 'left' and not s.dead"))
                    .as("all that its sink lacks is known to be dropped")
                    .containsExactly(
                            ledger.texts("select count(*)::text from ledger.record_state where not dead").stream()
                                    .map(live -> String.valueOf(Long.parseLong(live)
                                            - disturbed.contents().get("left").size()))
                                    .findFirst()
                                    .orElseThrow());
        }
    }
}
