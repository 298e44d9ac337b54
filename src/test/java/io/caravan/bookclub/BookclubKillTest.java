package io.caravan.bookclub;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.run.KillProof;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at moments of all phases of the book club's chain, also while it seals anew by a new key, then the chain again: all
 * stores hold what an undisturbed run gives. {@code -Dcaravan.kills=30} is the long proof.
 */
class BookclubKillTest {

    private static final int KILLS = Integer.getInteger("caravan.kills", 4);
    private static final long SEED = 20_260_103;

    @Test
    void aChainMayBeKilledAtAnyMomentOfAnyPhase(@TempDir Path folder) throws Exception {
        try (BookclubSubject undisturbed = new BookclubSubject(folder.resolve("undisturbed"), "bookclub_undisturbed");
                BookclubSubject disturbed = new BookclubSubject(folder.resolve("disturbed"), "bookclub_disturbed")) {
            int hits = KillProof.prove("bookclub", undisturbed, disturbed, KILLS, SEED);
            List<String> broken = disturbed.stores.ledger(
                    "select f.name from ledger.run r join ledger.flow f on f.id = r.flow where r.status = 'failed'"
                            + " and r.problem = 'the process ended before the run did' order by r.id");
            System.out.println(hits + " of " + KILLS + " kills hit the process, and of these a run: " + broken);
            assertThat(hits).isGreaterThanOrEqualTo(KILLS / 2);
            assertThat(broken).hasSizeBetween(1, hits);
            if (KILLS >= 30) assertThat(broken).containsAll(BookclubStores.PHASES);
            assertThat(disturbed.ledger()).isNotEmpty().noneMatch(row -> row.contains("canary"));
            Main main = disturbed.stores.start();
            try {
                for (String phase : BookclubStores.PHASES) {
                    RunReport verified = BookclubStores.run(
                            main, phase, RunRequest.of(Mode.VERIFY).comparingContents(true));
                    assertThat(verified.status()).as("%s", verified).isEqualTo(Status.SUCCEEDED);
                }
                RunReport again = BookclubStores.run(main, "bookclub", RunRequest.of(Mode.RUN));
                assertThat(again.sinks().values()).as("nothing is left to do").allMatch(sink -> sink.written() == 0);
            } finally {
                main.stop();
            }
        }
    }
}
