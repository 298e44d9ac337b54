package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Proves of a pipeline that it may be killed at any moment: runs it on one set of stores without disturbance, and on
 * another with many kills, each at a random moment of a part of its own of a run with something to do; in the end both hold the same.
 */
public final class KillProof {

    /** A pipeline with stores of its own. */
    public interface Subject {

        /** What {@link ChildRun} needs to run it on these stores. */
        Path properties() throws Exception;

        /** Makes the source what it is in this round, so that a run has something to do. */
        void change(int round) throws Exception;

        /** Everything its sinks hold, by sink and key. */
        Map<String, Map<String, String>> contents() throws Exception;

        /** Of the JVM that runs it. */
        default List<String> options() {
            return List.of();
        }

        /** A run was killed. */
        default void killed() throws Exception {}
    }

    private KillProof() {}

    /** How many of the kills hit a run before its end. */
    public static int prove(String pipeline, Subject undisturbed, Subject disturbed, int kills, long seed)
            throws Exception {
        undisturbed.change(0);
        Child.End first = run(pipeline, undisturbed);
        assertThat(first.code()).as("%s", first.said()).isZero();
        undisturbed.change(kills);
        Child.End second = run(pipeline, undisturbed);
        assertThat(second.code()).as("%s", second.said()).isZero();
        // the first run may warm up what the others find warm
        long longest = Math.min(first.took().toNanos(), second.took().toNanos());
        Map<String, Map<String, String>> expected = undisturbed.contents();

        Random random = new Random(seed);
        List<Duration> moments = moments(kills, longest, random);
        int hits = 0;
        for (int round = 1; round <= kills; round++) {
            disturbed.change(round);
            Duration moment = moments.get(round - 1);
            try (Child child = new Child(pipeline, disturbed.properties(), disturbed.options())) {
                boolean hit = child.kill(moment);
                if (hit) hits++;
                System.out.println("kill " + round + " of " + kills + ", seed " + seed + ", " + moment.toMillis()
                        + " ms after the run began: " + (hit ? "hit" : "it had ended"));
            }
            disturbed.killed();
        }
        Child.End last = run(pipeline, disturbed);
        assertThat(last.code()).as("%s", last.said()).isZero();
        same(expected, disturbed.contents());
        return hits;
    }

    /** Both are contents by sink and key. */
    public static void same(Map<String, Map<String, String>> expected, Map<String, Map<String, String>> held) {
        assertThat(held.keySet()).isEqualTo(expected.keySet());
        expected.forEach((sink, records) ->
                assertThat(differing(records, held.get(sink))).as(sink).isEmpty());
    }

    /** What is not there, not as expected, or too much. */
    private static Map<String, String> differing(Map<String, String> expected, Map<String, String> held) {
        Map<String, String> differing = new TreeMap<>();
        Set<String> all = new TreeSet<>(expected.keySet());
        all.addAll(held.keySet());
        for (String key : all) {
            if (held.containsKey(key) && Objects.equals(expected.get(key), held.get(key))) continue;
            differing.put(key, "expected " + expected.get(key) + ", held " + held.get(key));
        }
        return differing;
    }

    /** As many as there are kills, each in a part of the run of its own, in any order. */
    private static List<Duration> moments(int kills, long longest, Random random) {
        List<Duration> moments = new ArrayList<>();
        for (int i = 0; i < kills; i++) {
            moments.add(Duration.ofNanos((long) ((i + random.nextDouble()) / kills * longest)));
        }
        Collections.shuffle(moments, random);
        return moments;
    }

    private static Child.End run(String pipeline, Subject subject) throws Exception {
        try (Child child = new Child(pipeline, subject.properties(), subject.options())) {
            return child.end();
        }
    }
}
