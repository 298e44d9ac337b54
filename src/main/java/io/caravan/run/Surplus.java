package io.caravan.run;

import io.caravan.delivery.Sink;
import io.caravan.ledger.Comparison;
import io.caravan.ledger.RecordStates;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What a sink holds though its source does not have it: keys too many, and what no key names. */
final class Surplus {

    /** Keys too many are deleted so many at once; there may be any number of them. */
    private static final int DELETES_AT_ONCE = 1_000;

    private static final int GATHERED_AT_ONCE = 50_000;

    /** How a batch is written. */
    interface Writer {
        /** Returns how many records the sink took. */
        int write(Sink sink, List<Record> records);

        /** Makes durable what it took. */
        void flush(Sink sink);
    }

    private final OpenedRun run;
    private final boolean allowDeletes;
    private final RepairedKeys repaired;
    private final Consumer<String> notes;

    Surplus(OpenedRun run, boolean allowDeletes, RepairedKeys repaired, Consumer<String> notes) {
        this.run = run;
        this.allowDeletes = allowDeletes;
        this.repaired = repaired;
        this.notes = notes;
    }

    /** Deletes it, unless it is more than may be deleted, which fails the sink. */
    void delete(Sink sink, SinkTally tally, Writer writer) {
        removeStrays(sink, tally);
        // one that gathers shows what it deleted only when it is flushed, which may be a load job or a new object each
        // time
        int most = sink.gathers() ? GATHERED_AT_ONCE : DELETES_AT_ONCE;
        while (tally.problem().isEmpty()) {
            run.stop().check();
            Comparison.Extra found = extra(sink, most);
            if (found.others() > 0)
                notes.accept(sink.name() + ": left alone what it holds of another pipeline's keys, " + found.others());
            List<String> extra = found.keys();
            if (extra.isEmpty() || forbidden(found.count(), tally)) return;
            int deleted = writer.write(sink, tombstones(extra));
            tally.deleted.add(deleted);
            // what it refuses it would refuse again
            if (extra.size() < most || deleted < extra.size()) return;
            if (sink.gathers()) writer.flush(sink);
        }
    }

    private Comparison.Extra extra(Sink sink, int most) {
        try (Stream<String> keys = sink.keys()) {
            Stream<String> stopped = keys.peek(key -> run.stop().check());
            // without the fence, which lets no transaction say nothing for as long as a store may take to list its keys
            return run.ledger().read(c -> Comparison.extra(c, run.flow(), sink.name(), stopped.iterator(), most));
        }
    }

    private List<Record> tombstones(List<String> keys) {
        Fields keyFields = new Fields(run.pipeline().source().keyFields());
        return keys.stream()
                .map(key -> Record.tombstone(
                        key, keyFields, Keys.split(key, keyFields.size()).toArray(), run.id()))
                .toList();
    }

    private void removeStrays(Sink sink, SinkTally tally) {
        long found = 0;
        List<String> named = new ArrayList<>();
        try (Stream<String> strays = sink.strays()) {
            for (Iterator<String> each = strays.iterator(); each.hasNext(); found++) {
                run.stop().check();
                String stray = each.next();
                if (named.size() < RepairedKeys.MOST) named.add(stray);
            }
        }
        if (found == 0 || forbidden(found, tally)) return;
        run.begin(sink);
        run.permitted(sink, () -> run.writes().aloud(sink, sink::removeStrays));
        named.forEach(stray -> repaired.add(sink, stray));
        tally.deleted.add(found);
    }

    /** Whether that is more than may be deleted unless somebody says so. */
    private boolean forbidden(long found, SinkTally tally) {
        long live = run.ledger().in(c -> RecordStates.live(c, run.flow()));
        int limit = run.pipeline().limits().deleteLimitPercent();
        if (allowDeletes || found * 100 <= live * limit) return false;
        tally.fail("holds " + found + " that its source does not have, more than " + limit + " % of " + live
                + " records; if they are not another's, run once with --repair --allow-deletes");
        return true;
    }
}
