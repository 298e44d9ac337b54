package io.caravan.library;

import io.caravan.error.CaravanException;
import io.caravan.error.Words;
import io.caravan.job.Checks;
import io.caravan.job.JobDatabase;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.Lease;
import io.caravan.ledger.Runs;
import io.caravan.ledger.Transactions;
import io.caravan.run.DoneRun;
import io.caravan.run.Mode;
import io.caravan.run.Progress;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.SourceLetters;
import io.caravan.run.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** One run of the publisher: what it made of the rows so far. */
final class Publishing implements Progress {

    private static final String JOBS = "jobs";

    /** The run's entry in the ledger, under its lease. */
    record Entry(Lease lease, Transactions ledger, long run, SourceLetters letters) {}

    private final String pipeline;
    private final JobDatabase jobs;
    private final Titles titles;
    private final Entry entry;
    private final Checks checks;
    private final Optional<String> done;
    private final long startedNanos = System.nanoTime();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final Stop stop;
    private volatile boolean cut;
    private volatile long created;
    private volatile long skipped;

    Publishing(String pipeline, JobDatabase jobs, Titles titles, Entry entry) {
        this(pipeline, jobs, titles, entry, new Checks(), Optional.empty());
    }

    private Publishing(
            String pipeline, JobDatabase jobs, Titles titles, Entry entry, Checks checks, Optional<String> done) {
        this.pipeline = pipeline;
        this.jobs = jobs;
        this.titles = titles;
        this.entry = entry;
        this.checks = checks;
        this.done = done;
        this.stop = new Stop(pipeline, Mode.RUN);
    }

    /** A run that only looked. */
    static Publishing of(String pipeline, Checks checks) {
        return new Publishing(pipeline, null, null, null, checks, Optional.empty());
    }

    /** Nothing: what is due at this time was done by a run that another clock started. */
    static Publishing done(String pipeline, long by, Instant due) {
        return new Publishing(pipeline, null, null, null, new Checks(), Optional.of(DoneRun.note(pipeline, by, due)));
    }

    Iterator<List<BookJob>> batches() {
        if (titles == null) return Collections.emptyIterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                cut = stop.asked();
                return !cut && titles.hasNext();
            }

            @Override
            public List<BookJob> next() {
                return titles.next();
            }
        };
    }

    void publish(List<BookJob> batch) {
        int made = jobs.patiently(c -> {
                    EarlierKeys.renew(c, batch);
                    return BookJob.publish(c, batch);
                })
                .size();
        created += made;
        skipped += batch.size() - made;
    }

    void problem(String sentence) {
        problems.add(sentence);
    }

    RunReport close(Throwable failure) {
        if (failure != null) problem(sentence(failure));
        checks.problems().forEach(this::problem);
        if (cut) stop.problem().ifPresent(this::problem);
        if (entry == null) return report(done.isPresent() ? Mode.RUN : Mode.CHECK, 0, 0, 0);
        long open = 0;
        try (Lease lease = entry.lease();
                titles) {
            if (!cut && failure == null && titles.whole().isEmpty()) {
                problem(pipeline + ": input must hold an object to read, got none; see --input and --name-pattern");
            }
            entry.letters().flush();
            open = entry.ledger().in(c -> {
                for (String object : titles.whole()) DeadLetters.gone(c, lease.flow(), object, entry.run());
                return DeadLetters.open(c, lease.flow());
            });
            finish(open);
        } catch (CaravanException e) {
            problem(e.getMessage());
        }
        return report(Mode.RUN, entry.run(), titles.refused(), open);
    }

    private void finish(long open) {
        Runs.Delivery delivery = new Runs.Delivery(created, skipped, 0, titles.refused(), Optional.empty());
        entry.ledger().in(c -> {
            Runs.finish(
                    c,
                    entry.run(),
                    status(open).name().toLowerCase(Locale.ROOT),
                    titles.rows(),
                    String.join(System.lineSeparator(), problems),
                    Map.of(JOBS, delivery));
            return null;
        });
    }

    private RunReport report(Mode mode, long run, long rejected, long open) {
        SinkReport sink = new SinkReport(created, skipped, 0, rejected, 0, 0, List.of());
        return new RunReport(
                run,
                pipeline,
                mode,
                status(open),
                recordsRead(),
                mode == Mode.RUN && done.isEmpty() ? Map.of(JOBS, sink) : checks.asked(),
                Duration.ofNanos(System.nanoTime() - startedNanos),
                List.copyOf(problems),
                open,
                mode == Mode.RUN
                        ? List.of(done.orElse(
                                "%d created, %d skipped, %d rejected".formatted(created, skipped, rejected)))
                        : List.of());
    }

    private Status status(long open) {
        if (!problems.isEmpty()) return Status.FAILED;
        return open > 0 ? Status.PARTIAL : Status.SUCCEEDED;
    }

    @Override
    public void stop(String by) {
        stop.ask(by);
    }

    @Override
    public Optional<RunReport> abandon(Duration patience) {
        if (entry == null) return Optional.empty();
        stop.problem().ifPresent(this::problem);
        Stop.tell(patience, () -> {
                    try (Lease lease = entry.lease()) {
                        finish(0);
                    }
                })
                .ifPresent(this::problem);
        return Optional.of(report(Mode.RUN, entry.run(), titles.refused(), 0));
    }

    private static String sentence(Throwable failure) {
        return Words.of(failure);
    }

    @Override
    public long recordsRead() {
        return titles == null ? 0 : titles.rows();
    }

    @Override
    public Map<String, Long> written() {
        return Map.of(JOBS, created);
    }
}
