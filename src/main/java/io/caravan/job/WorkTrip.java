package io.caravan.job;

import io.caravan.error.CaravanException;
import io.caravan.error.Launcher;
import io.caravan.error.Words;
import io.caravan.run.Mode;
import io.caravan.run.Progress;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One trip of a process' workers through the jobs: what they did so far. Thread-safe. */
public final class WorkTrip implements Progress {

    static final String VARIABLE = "work";
    private static final Logger LOG = LoggerFactory.getLogger(WorkTrip.class);
    private static final String LOADED = "warehouse";
    private static final int MOST_PROBLEMS = 20;
    private static final int MOST_LATER_IN_A_ROW = 100;

    private final String pipeline;
    private final Mode mode;
    private final Stop stop;
    private final Work work;
    private final long startedNanos = System.nanoTime();
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder later = new LongAdder();
    private final AtomicInteger laterInARow = new AtomicInteger();
    private final Checks checks = new Checks();
    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());

    WorkTrip(String pipeline, Mode mode, Work work) {
        this.pipeline = pipeline;
        this.mode = mode;
        this.stop = new Stop(pipeline, mode);
        this.work = work;
    }

    /** The trip that this exchange belongs to. */
    public static WorkTrip of(Exchange exchange) {
        WorkTrip trip = exchange.getVariable(VARIABLE, WorkTrip.class);
        if (trip == null) throw new IllegalStateException("this step belongs behind WorkJobs.open");
        return trip;
    }

    /** In a check: asks an endpoint as {@link Checks#ask} does; in a run nobody is asked. */
    public CompletableFuture<Boolean> check(String endpoint, Runnable question) {
        return mode == Mode.CHECK ? checks.ask(endpoint, question) : CompletableFuture.completedFuture(true);
    }

    Optional<Claim> next() {
        return work.next();
    }

    /** The job's book is in the warehouse. */
    public void completed(Claim claim) {
        work.done(claim);
        completed.increment();
        laterInARow.set(0);
    }

    /** The job cannot be done. */
    public void failed(Claim claim) {
        work.done(claim);
        failed.increment();
        laterInARow.set(0);
    }

    /** The job is to be tried again. When nothing else happens any more, no further job is begun. */
    public void later(Claim claim) {
        work.done(claim);
        later.increment();
        if (laterInARow.incrementAndGet() != MOST_LATER_IN_A_ROW) return;
        problem(pipeline + ": " + MOST_LATER_IN_A_ROW + " jobs in a row could not be done now; see why: "
                + Launcher.command("jobs") + "," + " and run again when what they need is there");
        work.stop();
    }

    /** The job is left to whoever takes it when its lease ends. */
    void left(Claim claim, Throwable why) {
        work.done(claim);
        later.increment();
        if (why instanceof ClaimLostException) LOG.info(why.getMessage());
        else problem(why);
    }

    void problem(String sentence) {
        if (problems.size() < MOST_PROBLEMS) problems.add(sentence);
    }

    private void problem(Throwable why) {
        if (!(why instanceof CaravanException)) LOG.error("a step broke", why);
        problem(Words.of(why));
    }

    RunReport close(Throwable failure) {
        work.close();
        if (failure != null) problem(failure);
        checks.problems().forEach(this::problem);
        if (work.cut()) stop.problem().ifPresent(this::problem);
        return report(List.copyOf(problems));
    }

    private RunReport report(List<String> problems) {
        Status status = Status.SUCCEEDED;
        if (failed.sum() > 0) status = Status.PARTIAL;
        if (!problems.isEmpty()) status = Status.FAILED;
        SinkReport loaded = new SinkReport(completed.sum(), 0, 0, failed.sum(), 0, 0, List.of());
        return new RunReport(
                0,
                pipeline,
                mode,
                status,
                recordsRead(),
                mode == Mode.RUN ? Map.of(LOADED, loaded) : checks.asked(),
                Duration.ofNanos(System.nanoTime() - startedNanos),
                problems,
                0,
                notes());
    }

    private List<String> notes() {
        if (mode != Mode.RUN) return List.of();
        String done = "%d completed, %d failed, %d put back".formatted(completed.sum(), failed.sum(), later.sum());
        return List.of(failed.sum() == 0 ? done : done + "; see why: " + Launcher.command("jobs"));
    }

    @Override
    public void stop(String by) {
        stop.ask(by);
        work.stop();
    }

    /** Jobs in hand go back as if nobody had taken them. */
    @Override
    public Optional<RunReport> abandon(Duration patience) {
        List<String> known = new ArrayList<>(List.copyOf(problems));
        stop.problem().ifPresent(known::add);
        Stop.tell(patience, work::abandon).ifPresent(known::add);
        return Optional.of(report(known));
    }

    @Override
    public long recordsRead() {
        return completed.sum() + failed.sum() + later.sum();
    }

    @Override
    public Map<String, Long> written() {
        return Map.of(LOADED, completed.sum());
    }
}
