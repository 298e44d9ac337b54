package io.caravan.http;

import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records that an API answers with an error of its own, held until it has shown whether it is there: if others are taken, the
 * error is about these. Thread-safe.
 */
final class Doubts {

    /** Of one write so many may be in doubt while nothing is taken, and so many are held. */
    static final int MOST = 20;

    private record Doubt(Sent sent, long write) {}

    private final String name;
    private final Map<String, Doubt> held = new LinkedHashMap<>();
    private long write;
    private long lastTaken; // the number of the write in which something was, 0 for none

    Doubts(String name) {
        this.name = name;
    }

    /** These are sent now: what was thought of them is forgotten. */
    synchronized void begin(List<Record> batch) {
        write++;
        if (!held.isEmpty()) batch.forEach(record -> held.remove(record.key()));
    }

    /** What was heard of them; true when so many are in doubt that it is time to {@link #judge}. */
    synchronized boolean heard(List<Sent> batch) {
        for (Sent sent : batch) {
            if (sent.taken()) lastTaken = write;
            else if (sent.doubtful()) held.put(sent.record().key(), new Doubt(sent, write));
        }
        return held.size() > MOST;
    }

    synchronized List<Record> held() {
        return held.values().stream().map(doubt -> doubt.sent().record()).toList();
    }

    /** Whether the API answers to what only asks, for one of these records. */
    interface Asking {
        boolean answers(Record record);
    }

    /**
     * Which of these records, all that are {@link #held} and were sent again, the API refused for good.
     *
     * <ul>
     *   <li>an API that took something after it failed a record, or just now, is there
     *   <li>one that took something before, or got nothing but this one record, is there if it answers to what only asks
     *   <li>errors: {@link UnavailableException} when it is not there; all stay in doubt
     * </ul>
     */
    synchronized List<Sent> judge(List<Sent> again, Asking asking) {
        List<Sent> still = again.stream().filter(Sent::doubtful).toList();
        boolean now = again.stream().anyMatch(Sent::taken);
        boolean since = held.values().stream().allMatch(doubt -> doubt.write() < lastTaken);
        if (!still.isEmpty() && !now && !since) {
            boolean perhaps = still.size() == 1 || lastTaken > 0;
            if (!perhaps || !asking.answers(still.get(0).record())) throw away(name, still.get(0));
        }
        held.clear();
        List<Sent> refused = new ArrayList<>(still);
        again.stream().filter(Sent::refused).forEach(refused::add);
        return refused;
    }

    synchronized void forget() {
        held.clear();
        lastTaken = 0;
        write = 0;
    }

    static UnavailableException away(String name, Sent last) {
        return new UnavailableException(
                last.reason()
                        + "; it takes no others either: try again later, look at its log, or say in 'statuses' of "
                        + name + " what the status means",
                null);
    }
}
