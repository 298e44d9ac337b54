package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.DeadLetters.Entry;
import io.caravan.record.Record;
import io.caravan.record.RecordJson;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Behind what is news: the records of the open letters of sinks that may take the next time what they refused. They are looked up when
 * all news has been delivered, so a letter holds the newest form of its record; it ends when its sink has made the record durable.
 */
final class LettersAgain implements Iterator<List<Record>> {

    private static final int AT_ONCE = 500;

    private final OpenedRun run;
    private final Drops drops;
    private final Iterator<List<Record>> news;
    private final Map<String, Tried> sinks = new ConcurrentSkipListMap<>();
    private Iterator<String> left;
    private String at = "";
    private long after;

    /** The sink that the present batch is meant for; empty for news. */
    private volatile String target = "";

    /** What became of the letters of one sink. */
    private static final class Tried {
        private final List<String> taken = new ArrayList<>();
        private int refused;
    }

    LettersAgain(OpenedRun run, Iterator<List<Record>> news, Drops drops) {
        this.run = run;
        this.drops = drops;
        this.news = news;
    }

    /** Gets to know a sink of the route. */
    void know(Sink sink) {
        if (sink.triesAgain()) sinks.computeIfAbsent(sink.name(), name -> new Tried());
    }

    /** Camel asks before it sends the last batch of news on its way, so what there is cannot be looked up yet. */
    @Override
    public boolean hasNext() {
        if (left == null && news.hasNext()) return true;
        if (run.mode() != Mode.RUN || run.stop().asked()) return false;
        if (left == null) left = List.copyOf(sinks.keySet()).iterator();
        return !at.isEmpty() || left.hasNext();
    }

    @Override
    public List<Record> next() {
        if (!hasNext()) throw new NoSuchElementException();
        if (left == null) return news.next();
        if (at.isEmpty()) {
            at = left.next();
            after = 0;
        }
        target = at;
        List<Entry> page = run.ledger().in(c -> DeadLetters.openFor(c, run.flow(), at, after, AT_ONCE));
        if (page.size() < AT_ONCE) at = "";
        else after = page.get(page.size() - 1).id();
        return page.stream()
                .filter(letter -> letter.run() < run.id() && letter.stage().equals("sink"))
                .map(letter ->
                        RecordJson.read(letter.content(), letter.origin()).changedIn(run.id()))
                .toList();
    }

    /** Whether the present batch is one of letters. */
    boolean begun() {
        return !target.isEmpty();
    }

    void deliver(Sink sink, List<Record> batch) {
        if (!sink.name().equals(target)
                || batch.isEmpty()
                || run.tally(sink).problem().isPresent()) return;
        run.attempt(sink, () -> {
            List<Refusal> refused = run.deliver(sink, batch);
            run.ledger().in(c -> {
                DeadLetters.write(c, run.flow(), run.id(), Letters.refused(sink.name(), refused));
                drops.settle(c, sink.name(), batch);
                return null;
            });
            Tried tried = sinks.get(sink.name());
            BulkDelivery.taken(batch, refused).forEach(record -> tried.taken.add(record.key()));
            tried.refused += refused.size();
        });
    }

    /** After the sinks were flushed: ends the letters of what is durable. */
    void end() {
        sinks.forEach((sink, tried) -> {
            SinkTally tally = run.sinks().get(sink);
            if (tally == null || tally.problem().isPresent() || tried.taken.isEmpty()) return;
            run.ledger().in(c -> {
                DeadLetters.delivered(c, run.flow(), sink, tried.taken);
                return null;
            });
        });
    }

    /** What was tried, in sentences. */
    List<String> notes() {
        return sinks.entrySet().stream()
                .filter(sink -> !sink.getValue().taken.isEmpty() || sink.getValue().refused > 0)
                .map(sink -> sink.getKey() + ": tried its open dead letters again: "
                        + sink.getValue().taken.size() + " written, " + sink.getValue().refused + " refused")
                .toList();
    }
}
