package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Refusal;
import io.caravan.ledger.DeadLetters;
import io.caravan.record.Record;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the sinks of a run took and refused: counted, and told the ledger where dead letters begin or end by it. */
final class SinkAnswers {

    private final OpenedRun run;
    private final long leftOut;
    private final boolean lettersOpen;
    private final Drops drops;

    /** {@code leftOut}: where each sink is that the run leaves out. */
    SinkAnswers(OpenedRun run, Collection<Long> leftOut, Drops drops) {
        this.run = run;
        this.drops = drops;
        this.leftOut = leftOut.stream().mapToLong(acked -> acked).max().orElse(0);
        this.lettersOpen = run.ledger().in(c -> DeadLetters.unsettled(c, run.flow()));
    }

    /** The sink was handed a batch, and refused some of it, or so much that it is at fault itself. */
    void answered(String sink, SinkTally tally, List<Record> batch, List<Refusal> refused) {
        tally.got.add(batch.size());
        Optional<String> flood = flood(tally, batch, refused);
        if (flood.isPresent()) tally.fail(flood.get());
        else settle(sink, tally, batch, refused);
    }

    /** What says that the sink is at fault, not its records. */
    private Optional<String> flood(SinkTally tally, List<Record> batch, List<Refusal> refused) {
        int limit = run.pipeline().limits().deadLetterLimitPercent();
        return Flood.ofBatch(batch, refused, limit)
                .or(() -> tally.tooEarlyToTell(refused) ? Optional.empty() : tally.flood(refused, limit));
    }

    /** The sink refuses only now what was counted as taken. */
    void refusedLater(String sink, SinkTally tally, List<Refusal> refused) {
        List<Record> records = refused.stream().map(Refusal::record).toList();
        tally.written.add(-live(records));
        tally.deleted.add(-deletes(records));
        settle(sink, tally, records, refused);
    }

    private void settle(String sink, SinkTally tally, List<Record> batch, List<Refusal> refused) {
        for (Refusal r : refused) {
            if (r.record().deleted()) {
                tally.fail("record " + r.record().key() + " could not be deleted: " + r.reason());
                return;
            }
        }
        List<Record> taken = BulkDelivery.taken(batch, refused);
        if (lettersOpen || !refused.isEmpty() || drops.concern(sink, batch)) {
            run.ledger().in(c -> {
                DeadLetters.delivered(c, run.flow(), DeadLetters.EVERY_SINK, keysEverySinkWaitsFor(batch));
                DeadLetters.delivered(
                        c, run.flow(), sink, taken.stream().map(Record::key).toList());
                DeadLetters.write(c, run.flow(), run.id(), Letters.refused(sink, refused));
                drops.settle(c, sink, batch);
                return null;
            });
        }
        tally.refused(refused);
        Map<String, Long> dropped = Passage.dropped(taken);
        tally.dropped(dropped);
        tally.written.add(
                live(taken) - dropped.values().stream().mapToLong(n -> n).sum());
        long unheld = run.source().unheld(sink, taken);
        tally.deleted.add(deletes(taken) - unheld);
        tally.known.add(unheld);
    }

    /** Of these a step's dead letter can end: it passed the steps, and no sink was told to do without it. */
    private List<String> keysEverySinkWaitsFor(List<Record> records) {
        long furthest = run.sinks().values().stream().mapToLong(s -> s.acked).reduce(leftOut, Math::max);
        return records.stream()
                .filter(r -> r.changedRun() > furthest)
                .map(Record::key)
                .toList();
    }

    /** Those that the source has, dropped on their way or not. */
    static long live(List<Record> records) {
        return records.size() - deletes(records);
    }

    static long deletes(List<Record> records) {
        return records.stream()
                .filter(r -> r.deleted() && r.droppedBy().isEmpty())
                .count();
    }
}
