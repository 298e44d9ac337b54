package io.caravan.run;

import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.DeadLetters.Entry;
import io.caravan.record.Record;
import io.caravan.record.RecordJson;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;

/** The records of open dead letters, sink by sink, then those that no sink could have; or that of one letter, in any state. */
final class OpenLetters implements Iterator<List<Record>> {

    private static final int AT_ONCE = 500;

    private final OpenedRun run;
    private final Optional<Long> only;
    private final Runnable beforeEach;
    private final Iterator<String> sinks;
    private String at;
    private long after;
    private List<Record> next = List.of();
    /** Where the records of the present batch go: its letters are all of one sink, or of none in particular. */
    private volatile String target = DeadLetters.EVERY_SINK;

    private volatile boolean cut;
    private volatile long unsendable;

    /** {@code beforeEach}: done once the batch before has passed the route. */
    OpenLetters(OpenedRun run, Optional<Long> only, Runnable beforeEach) {
        this.run = run;
        this.only = only;
        this.beforeEach = beforeEach;
        this.sinks = Stream.concat(List.copyOf(run.sinks().keySet()).stream(), Stream.of(DeadLetters.EVERY_SINK))
                .iterator();
        this.at = sinks.next();
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty()) {
            cut = run.stop().asked();
            if (cut) return false;
            List<Entry> page = page();
            if (page.isEmpty()) {
                if (!sinks.hasNext()) return false;
                at = sinks.next();
                after = 0;
            } else {
                after = page.get(page.size() - 1).id();
                next = sendable(page);
            }
        }
        return true;
    }

    @Override
    public List<Record> next() {
        if (!hasNext()) throw new NoSuchElementException();
        beforeEach.run();
        List<Record> records = next;
        next = List.of();
        target = at;
        run.source().read.add(records.size());
        return records;
    }

    private List<Entry> page() {
        if (only.isEmpty()) return run.ledger().in(c -> DeadLetters.openFor(c, run.flow(), at, after, AT_ONCE));
        return after > 0 ? List.of() : run.ledger().in(c -> DeadLetters.replayable(c, run.flow(), at, only.get()));
    }

    private List<Record> sendable(List<Entry> page) {
        List<Record> records = new ArrayList<>();
        for (Entry letter : page) {
            if (letter.stage().equals(DeadLetters.SOURCE)) unsendable++;
            else records.add(RecordJson.read(letter.content(), letter.origin()).changedIn(run.id()));
        }
        return records;
    }

    /** The sink that the present batch is meant for, or every sink. */
    String target() {
        return target;
    }

    /** Whether somebody stopped it before its end. */
    boolean cut() {
        return cut;
    }

    /** Letters met of rows that their source could not read: there is nothing to send. */
    long unsendable() {
        return unsendable;
    }
}
