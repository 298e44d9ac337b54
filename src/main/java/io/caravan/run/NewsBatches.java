package io.caravan.run;

import io.caravan.change.Changes;
import io.caravan.delivery.Sink;
import io.caravan.error.Words;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.SinkStates;
import io.caravan.record.Record;
import io.caravan.record.StoredObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * First an empty batch, at which every sink is asked what its store holds; then what is read and decided on. Camel asks whether
 * there is a next batch before it sends the last one on its way, so the second one is promised unseen: it is empty when there
 * is no news.
 */
final class NewsBatches implements Iterator<List<Record>> {

    private static final int BATCHES_AHEAD = 2;

    private final OpenedRun run;
    private final RunRequest request;
    private final SourceLetters letters;
    private final RollCall roll;
    private final List<String> notes = new ArrayList<>();
    private boolean called;
    private boolean asked;
    private boolean limited;
    private volatile Optional<News> news = Optional.empty();

    /** What is read once every sink was asked what it holds. */
    private record News(ChangeFeed feed, Prefetch<List<Record>> batches) {}

    NewsBatches(OpenedRun run, RunRequest request, SourceLetters letters) {
        this.run = run;
        this.request = request;
        this.letters = letters;
        this.roll = new RollCall(run.pipeline().name(), run.ledger().in(c -> SinkStates.markers(c, run.flow())));
    }

    /** Whether the sinks were asked, and batches are news. */
    boolean begun() {
        return news.isPresent();
    }

    /** Asks a sink what its store holds. */
    void call(Sink sink) {
        roll.ask(sink);
    }

    /**
     * Asks a sink that the empty batch did not come to, as a filter or choice before it lets none through: what it lost, the next
     * run gives it.
     */
    void callLate(Sink sink, SinkTally tally) {
        if (roll.hasAsked(sink)) return;
        roll.ask(sink);
        boolean lost = roll.lost().contains(sink.name());
        if (lost && run.ledger().in(c -> SinkStates.lost(c, run.flow(), sink.name()))) tally.fail(RollCall.LOST_LATE);
    }

    /** Why a sink is not written in this run: its store was silent for too long. */
    Optional<String> gaveUp(Sink sink) {
        return roll.gaveUp(sink.name());
    }

    @Override
    public boolean hasNext() {
        return !asked || news().batches().hasNext();
    }

    @Override
    public List<Record> next() {
        if (!called) {
            called = true;
            return List.of();
        }
        boolean second = !asked;
        asked = true;
        return second && !news().batches().hasNext()
                ? List.of()
                : news().batches().next();
    }

    private News news() {
        if (news.isEmpty()) news = Optional.of(begin());
        return news.get();
    }

    /** Nothing but an exception may leave the iterator, see {@link Prefetch}. */
    private News begin() {
        try {
            startAnewWhatIsLost();
            return read();
        } catch (Error e) {
            throw new IllegalStateException(Words.of(e), e);
        }
    }

    private void startAnewWhatIsLost() {
        for (String sink : roll.lost()) {
            if (!run.sinks().containsKey(sink) || !run.ledger().in(c -> SinkStates.lost(c, run.flow(), sink))) continue;
            notes.add(sink + RollCall.LOST);
            run.sinks().put(sink, new SinkTally(0));
        }
        if (run.mode() == Mode.ADOPT) return; // marks what it adopts, if at all
        roll.adopt(run.writes(), sink -> run.ledger().in(c -> SinkStates.holds(c, run.flow(), sink)));
    }

    private News read() {
        // without a sink nobody waits for what earlier runs read
        long acked = run.sinks().values().stream().mapToLong(s -> s.acked).min().orElse(run.id() - 1);
        Pipeline pipeline = run.pipeline();
        if (pipeline.source().consumes()) sayWhatIsPast();
        Reading reading = Reading.of(pipeline, request, run.ledger(), run.flow(), acked);
        Changes changes = new Changes(
                run.ledger(),
                run.flow(),
                run.id(),
                acked,
                reading.partial(),
                pipeline.wiring().scope(),
                pipeline.deletesAfter(request),
                pipeline.source().moves(),
                reading.others());
        ChangeFeed feed = new ChangeFeed(pipeline, reading, changes, letters, run.source(), request, run.stop());
        News begun = new News(feed, new Prefetch<>("caravan-decide", BATCHES_AHEAD, feed::emit));
        if (run.stop().asked()) begun.batches().stop();
        return begun;
    }

    /** A sink that starts anew gets nothing of what was acknowledged before. */
    private void sayWhatIsPast() {
        List<String> anew = run.sinks().entrySet().stream()
                .filter(sink -> sink.getValue().acked == 0)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (anew.isEmpty() || run.ledger().in(c -> RecordStates.live(c, run.flow())) == 0) return;
        anew.forEach(
                sink -> notes.add(sink + ": gets what comes from now on; what came before is not sent again, as its"
                        + " source hands out each record once"));
    }

    /** From now on there is no next batch; from any thread. */
    void stop() {
        news.ifPresent(n -> n.batches().stop());
    }

    /** Whether the source was read to its end. */
    boolean whole() {
        return news.filter(n -> n.feed().whole()).isPresent();
    }

    /** Whether a sink may wait for more than was read, as slices of a backfill failed or are still to be read. */
    boolean besides() {
        return news.filter(n -> n.feed().besides()).isPresent();
    }

    /** Whether slices of a backfill are still to be read. */
    boolean open() {
        return news.filter(n -> n.feed().open()).isPresent();
    }

    /** Ends the reading; whether the source was read whole and all that is news went through the route. */
    boolean halt(List<String> problems) {
        boolean through = news.filter(n -> n.batches().exhausted()).isPresent();
        boolean whole = through && whole();
        limited = through && request.limit().isPresent();
        news.ifPresent(n -> {
            n.batches().close();
            problems.addAll(n.feed().problems());
        });
        return whole;
    }

    /** After {@link #halt}: whether everything that was to be read went through the route, which is not all there is. */
    boolean limited() {
        return limited;
    }

    /** The objects of which every row went into the route. */
    List<StoredObject> wholeNews() {
        return news.map(n -> n.feed().wholeNews()).orElse(List.of());
    }

    /** The keys that the next incremental reading shows, wherever it begins. */
    Set<String> owed() {
        return news.map(n -> n.feed().owed()).orElse(Set.of());
    }

    /** Whether the next reading must be a whole one. */
    boolean losesSight() {
        return news.filter(n -> n.feed().losesSight()).isPresent();
    }

    /** Where the next incremental reading begins. */
    Optional<String> position() {
        return news.flatMap(n -> n.feed().position());
    }

    /** What is worth knowing of sinks and source, in sentences. */
    List<String> notes() {
        return Stream.of(notes, roll.silent(), news.map(n -> n.feed().notes()).orElse(List.of()))
                .flatMap(List::stream)
                .toList();
    }
}
