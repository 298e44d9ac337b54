package io.caravan.bookclub;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Await;
import io.caravan.run.Child;
import io.caravan.run.KillProof;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at moments of every phase of the book club's chain, also while it seals anew by a new key, then the chain again: all
 * stores hold what an undisturbed chain gives. {@code -Dcaravan.kills=30} is the long proof, {@code -Dcaravan.seed} another one.
 */
class BookclubKillTest {

    private static final int KILLS = Integer.getInteger("caravan.kills", BookclubStores.PHASES.size());
    private static final long SEED = Long.getLong("caravan.seed", 20_260_103);

    /** When so much of a phase has passed. */
    private record Kill(String phase, Duration moment) {}

    @Test
    void aChainMayBeKilledAtAnyMomentOfAnyPhase(@TempDir Path folder) throws Exception {
        Map<String, Map<String, String>> expected;
        List<Kill> kills;
        try (BookclubSubject undisturbed = new BookclubSubject(folder.resolve("undisturbed"), "bookclub_undisturbed")) {
            undisturbed.change(0);
            undisturbed.run();
            undisturbed.change(KILLS);
            undisturbed.run();
            expected = undisturbed.contents();
            kills = kills(undisturbed);
        }
        try (BookclubSubject disturbed = new BookclubSubject(folder.resolve("disturbed"), "bookclub_disturbed")) {
            int hits = 0;
            for (int round = 1; round <= KILLS; round++) {
                disturbed.change(round);
                Kill kill = kills.get(round - 1);
                boolean hit = killed(disturbed, kill);
                if (hit) hits++;
                System.out.println("kill " + round + " of " + KILLS + ", seed " + SEED + ", " + kill + ": "
                        + (hit ? "hit" : "it had ended"));
                disturbed.killed();
            }
            List<String> broken = disturbed.stores.ledger(
                    "select f.name from ledger.run r join ledger.flow f on f.id = r.flow where r.status = 'running'"
                            + " or r.problem = 'the process ended before the run did' order by r.id");
            System.out.println(hits + " of " + KILLS + " kills hit the process, and of these a run: " + broken);
            assertThat(hits).isGreaterThanOrEqualTo(KILLS / 2);
            assertThat(broken).hasSizeBetween(1, hits);
            if (KILLS >= 30) assertThat(broken).containsAll(BookclubStores.PHASES);
            disturbed.run();
            KillProof.same(expected, disturbed.contents());
            assertThat(disturbed.ledger()).isNotEmpty().noneMatch(row -> row.contains("canary"));
            for (String phase : BookclubStores.PHASES) {
                RunReport verified =
                        disturbed.run(phase, RunRequest.of(Mode.VERIFY).comparingContents(true));
                assertThat(verified.status()).as("%s", verified).isEqualTo(Status.SUCCEEDED);
            }
            RunReport again = disturbed.run();
            assertThat(again.sinks().values()).as("nothing is left to do").allMatch(sink -> sink.written() == 0);
        }
    }

    /** Every phase as often as others, and of each a part of its own for each kill, in any order. */
    private static List<Kill> kills(BookclubSubject undisturbed) throws Exception {
        Random random = new Random(SEED);
        int parts = (KILLS - 1) / BookclubStores.PHASES.size() + 1;
        List<Kill> kills = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            String phase = BookclubStores.PHASES.get(i % BookclubStores.PHASES.size());
            double part = (i / BookclubStores.PHASES.size() + random.nextDouble()) / parts;
            kills.add(new Kill(phase, Duration.ofNanos((long)
                    (part * undisturbed.took(phase).toNanos()))));
        }
        Collections.shuffle(kills, random);
        return kills;
    }

    /** Whether it was still there. */
    private static boolean killed(BookclubSubject disturbed, Kill kill) throws Exception {
        long before = disturbed.lastRun(kill.phase());
        try (Child child = new Child("bookclub", disturbed.properties(), disturbed.options())) {
            Await.until(
                    kill.phase() + " begins",
                    Duration.ofMinutes(2),
                    () -> !child.alive() || disturbed.lastRun(kill.phase()) > before);
            return child.kill(kill.moment());
        }
    }
}
