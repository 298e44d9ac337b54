package io.caravan.run;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.Words;
import io.caravan.ledger.Runs;
import io.caravan.record.StoredObject;
import java.util.List;
import java.util.function.Supplier;

/**
 * Makes durable at a run's end what the sinks took, and publishes what is whole: first all sinks but the last ones, which are
 * told only when the others have everything.
 */
final class Publication {

    private static final String NOT_YET =
            "not told, as not every sink has everything yet; the next run that gives it to them tells";

    private final OpenedRun run;
    private final SinkAnswers answers;
    private final Supplier<List<StoredObject>> wholeNews;
    private final Flushes flushes;

    /** {@code wholeNews}: the objects of which every row went into the route. */
    Publication(OpenedRun run, SinkAnswers answers, Supplier<List<StoredObject>> wholeNews) {
        this.run = run;
        this.answers = answers;
        this.wholeNews = wholeNews;
        this.flushes = new Flushes(run.writes());
    }

    /**
     * Whether everything is where it should be, as far as each sink has no problem of its own.
     *
     * @param limited less was read than there is, as somebody asked for
     */
    boolean publish(boolean whole, boolean limited, List<String> problems) {
        try {
            flushes.first(this::flush);
            if (whole) run.sinks().values().forEach(this::check);
            if (whole) flushes.first(this::complete);
            flushes.last(whole && !run.failed() ? this::flush : limited ? this::leave : this::postpone);
            flushes.veryLast(whole && !run.failed() ? this::flush : limited ? this::leave : this::postpone);
            return whole;
        } catch (RuntimeException | Error e) { // a thread that could not be started, for example
            problems.add(run.pipeline().name() + ": what was written could not be made durable: " + Words.of(e));
            return false;
        }
    }

    private void postpone(Sink sink) {
        SinkTally tally = run.tally(sink);
        if (tally.problem().isEmpty()) tally.fail(NOT_YET);
        discard(sink, tally);
    }

    /** There is nothing to tell before a run has everything, and nobody expects it. */
    private void leave(Sink sink) {
        discard(sink, run.tally(sink));
    }

    private void complete(Sink sink) {
        SinkTally tally = run.tally(sink);
        if (tally.problem().isPresent()) return;
        try {
            run.permitted(sink, sink::complete);
        } catch (RuntimeException | Error e) {
            tally.fail(e);
        }
    }

    private void flush(Sink sink) {
        SinkTally tally = run.tally(sink);
        try {
            if (tally.problem().isPresent()) {
                discard(sink, tally);
                return;
            }
            List<Refusal> refused = run.permitted(sink, List.of(), () -> sink.flush(wholeNews.get()));
            if (!refused.isEmpty()) answers.refusedLater(sink.name(), tally, refused);
        } catch (RuntimeException | Error e) {
            tally.fail(e);
            discard(sink, tally);
        }
    }

    /** What it gathered is nowhere, so nothing of it counts as written. */
    private static void discard(Sink sink, SinkTally tally) {
        if (sink.gathers()) tally.forgetWritten();
        try {
            sink.discard();
        } catch (RuntimeException | Error e) {
            if (tally.problem().isEmpty()) tally.fail(e);
        }
    }

    /** A sink moves to a run only when it got all that was read. */
    private void check(SinkTally sink) {
        if (sink.problem().isPresent()) return;
        sink.flood(List.of(), run.pipeline().limits().deadLetterLimitPercent()).ifPresent(sink::fail);
        if (sink.problem().isPresent()) return;
        Runs.Delivery d = sink.delivery(run.source());
        long dropped = d.droppedInAll();
        long accounted = d.written()
                + d.unchanged()
                + d.dead()
                + dropped
                + run.source().passedOver.sum();
        long deleted = d.deleted() + sink.known.sum();
        long read = run.recordsRead();
        long gone = run.source().gone.sum();
        if (accounted != read) {
            sink.fail("records read must be written, unchanged or dead, got " + accounted + " of " + read);
        } else if (deleted != gone) {
            sink.fail("records that are gone must be deleted, got " + deleted + " of " + gone);
        }
    }
}
