package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the shipped pipeline at any moment, then run again: all four stores hold what they should. {@code
 * -Dcaravan.kills=30} is the long proof.
 */
class PersonalizationKillTest {

    private static final int EVENTS = 1_000;
    private static final int KILLS = Integer.getInteger("caravan.kills", 9);
    private static final long SEED = 20_260_102;

    @Test
    void allFourStoresHoldWhatAnUndisturbedRunGives(@TempDir Path folder) throws Exception {
        try (PersonalizationSubject undisturbed = new PersonalizationSubject(folder.resolve("undisturbed"), EVENTS);
                PersonalizationSubject disturbed = new PersonalizationSubject(folder.resolve("disturbed"), EVENTS)) {
            int hits = KillProof.prove("personalization", undisturbed, disturbed, KILLS, SEED);
            assertThat(hits).isGreaterThanOrEqualTo(3);
            assertThat(disturbed.contents().get("documents")).hasSizeGreaterThan(EVENTS * 9 / 10);
        }
    }
}
