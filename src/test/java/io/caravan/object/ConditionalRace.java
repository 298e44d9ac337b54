package io.caravan.object;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writers that all create the same object, then all replace it with the same etag, at the same moment, round after round. A
 * store that keeps its word lets one win each time, and holds what the winner wrote.
 */
final class ConditionalRace {

    /** {@code -Dcaravan.race.rounds=200 -Dcaravan.race.writers=64} is the run that docs/versions.md reports. */
    static final int ROUNDS = Integer.getInteger("caravan.race.rounds", 20);

    private final ObjectStore store;
    private final int writers;
    private final boolean replacing;
    private final List<String> faults = new ArrayList<>();
    private int rounds;

    ConditionalRace(ObjectStore store, int writers, boolean replacing) {
        this.store = store;
        this.replacing = replacing;
        this.writers = Integer.getInteger("caravan.race.writers", writers);
    }

    void run(int count) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            for (int i = 0; i < count; i++) {
                String name = "race/" + i;
                String created = round(threads, name, null);
                if (replacing && created != null) round(threads, name, created);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** No two writes are of the same bytes: an etag of S3 is a hash of them. */
    private static String winner(String etag, int w) {
        return (etag == null ? "first " : "second ") + w;
    }

    /** The winner's etag. */
    private String round(ExecutorService threads, String name, String etag) throws Exception {
        rounds++;
        CyclicBarrier start = new CyclicBarrier(writers);
        List<Future<Optional<String>>> all = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            byte[] bytes = winner(etag, w).getBytes(StandardCharsets.UTF_8);
            Callable<Optional<String>> write = () -> {
                start.await();
                return etag == null
                        ? store.create(name, out -> out.write(bytes))
                        : store.replace(name, etag, out -> out.write(bytes));
            };
            all.add(threads.submit(write));
        }
        List<String> winners = new ArrayList<>();
        List<String> etags = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            Optional<String> won = all.get(w).get();
            if (won.isEmpty()) continue;
            winners.add(winner(etag, w));
            etags.add(won.get());
        }
        StoredObject now = store.read(name, 100).orElseThrow();
        List<String> holds = List.of(new String(now.bytes(), StandardCharsets.UTF_8));
        if (!winners.equals(holds)) faults.add(name + ": won " + winners + ", holds " + holds);
        return etags.contains(now.etag()) ? now.etag() : null;
    }

    /** The rounds that had no winner, or several, or hold something else. */
    List<String> faults() {
        return faults;
    }

    @Override
    public String toString() {
        return rounds + " rounds of " + writers + " writers, " + faults.size() + " without exactly one winner";
    }
}
