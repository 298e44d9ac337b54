package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/**
 * Proves of a pipeline that it may be killed at any moment: runs it on one set of stores without disturbance, and on
 * another with many kills, each at a random moment of a run with something to do; in the end both hold the same.
 */
final class KillProof {

    /** A pipeline with stores of its own. */
    interface Subject {

        /** What {@link ChildRun} needs to run it on these stores. */
        Path properties() throws Exception;

        /** Makes the source what it is in this round, so that a run has something to do. */
        void change(int round) throws Exception;

        /** Everything its sinks hold, by sink and key. */
        Map<String, Map<String, String>> contents() throws Exception;
    }

    private KillProof() {}

    /** How many of the kills hit a run before its end. */
    static int prove(String pipeline, Subject undisturbed, Subject disturbed, int kills, long seed) throws Exception {
        undisturbed.change(0);
        Child.End first = run(pipeline, undisturbed);
        assertThat(first.code()).isZero();
        undisturbed.change(kills);
        Child.End second = run(pipeline, undisturbed);
        assertThat(second.code()).isZero();
        // the first run may warm up what the others find warm
        long longest = Math.min(first.took().toNanos(), second.took().toNanos());
        Map<String, Map<String, String>> expected = undisturbed.contents();

        Random random = new Random(seed);
        int hits = 0;
        for (int round = 1; round <= kills; round++) {
            disturbed.change(round);
            Duration moment = Duration.ofNanos((long) (random.nextDouble() * longest));
            try (Child child = new Child(pipeline, disturbed.properties())) {
                boolean hit = child.kill(moment);
                if (hit) hits++;
                System.out.println("kill " + round + " of " + kills + ", seed " + seed + ", " + moment.toMillis()
                        + " ms after the run began: " + (hit ? "hit" : "it had ended"));
            }
        }
        Child.End last = run(pipeline, disturbed);
        assertThat(last.code()).as("%s", last.said()).isZero();
        Map<String, Map<String, String>> held = disturbed.contents();
        assertThat(held.keySet()).isEqualTo(expected.keySet());
        expected.forEach((sink, records) -> assertThat(held.get(sink)).as(sink).isEqualTo(records));
        return hits;
    }

    private static Child.End run(String pipeline, Subject subject) throws Exception {
        try (Child child = new Child(pipeline, subject.properties())) {
            return child.end();
        }
    }
}
