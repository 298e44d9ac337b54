package io.caravan.run;

import io.caravan.ledger.Adoptions.Holding;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What an {@link AdoptRun} found in one sink, in records. */
final class Adoption {

    /** It waits for them, and holds them as they are. */
    final LongAdder adopted = new LongAdder();
    /** It waits for nothing of them. */
    final LongAdder known = new LongAdder();
    /** It waits for them, and holds them otherwise or not at all. */
    final LongAdder differing = new LongAdder();
    /** Gone from the source, and not there. */
    final LongAdder deletes = new LongAdder();
    /** A step refused them. */
    final LongAdder refused = new LongAdder();
    /** Empty when it could not be asked for its keys. */
    volatile Optional<Holding> holding = Optional.empty();

    RunReport.SinkReport report(SourceTally source) {
        long missing = holding.map(Holding::missing).orElse(0L);
        return new RunReport.SinkReport(
                adopted.sum(),
                known.sum() + source.unchanged.sum(),
                holding.map(Holding::surplus).orElse(0L),
                source.dead.sum(),
                missing,
                Math.max(0, differing.sum() - missing),
                holding.map(Holding::firstSurplus).orElse(List.of()));
    }

    /** What somebody may have to do about it, in sentences; names the first {@code most} keys. */
    Stream<String> notes(String sink, int most) {
        Stream.Builder<String> notes = Stream.builder();
        holding.filter(h -> h.surplus() > 0)
                .ifPresent(h -> notes.add(sink + ": holds " + h.surplus() + " records that the source does not have ("
                        + some(h.firstSurplus(), h.surplus(), most) + "); a run leaves them alone, verify names them"));
        holding.filter(h -> h.twice() > 0)
                .ifPresent(h -> notes.add(sink + ": holds " + h.twice() + " keys more than once ("
                        + some(h.firstTwice(), h.twice(), most)
                        + "); a key must stand for one record, so take the others away before the next run"));
        return notes.build();
    }

    private static String some(List<String> keys, long all, int most) {
        String named = String.join(", ", keys.subList(0, Math.min(most, keys.size())));
        return all > most ? named + ", ..." : named;
    }
}
