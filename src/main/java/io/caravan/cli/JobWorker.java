package io.caravan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.cli.JobFiles.KnownJob;
import io.caravan.error.CaravanException;
import io.caravan.error.Launcher;
import io.caravan.job.Claim;
import io.caravan.job.ClaimLostException;
import io.caravan.job.Claims;
import io.caravan.job.JobArguments;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobEnd;
import io.caravan.job.JobTable;
import io.caravan.job.Work;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.run.ThisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes jobs from the table and does them, so many at once as it has threads, each as {@code run <job>} does. A signal lets the present ones
 * end; a second ends the process at once, and the jobs go back. What was taken from us meanwhile, by {@code jobs cancel} or as our lease
 * ended, is asked to end, and its end is told to nobody.
 */
final class JobWorker implements Signals.Task {

    /** How long a job waits whose concurrency key somebody holds. */
    private static final Duration HELD = Duration.ofSeconds(1);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Shell shell;
    private final Map<String, KnownJob> known;
    private final Path caller;
    private final boolean json;
    private final CountDownLatch stopped = new CountDownLatch(1);
    /** Where concurrency keys are locked. */
    private LedgerDataSource ledger;

    private volatile Work work;
    /** What the present jobs are asked to end by, by their numbers. */
    private final Map<Long, Signals> present = new ConcurrentHashMap<>();

    private volatile boolean cut;
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder left = new LongAdder();

    /**
     * @param known the jobs that it can do, by name
     * @param caller the folder that relative paths start from
     */
    JobWorker(Shell shell, Map<String, KnownJob> known, Path caller, boolean json) {
        this.shell = shell;
        this.known = known;
        this.caller = caller;
        this.json = json;
    }

    /** Works until no job is left, or with {@code stay} until a signal, {@code parallel} jobs at once; the exit code. */
    int work(Duration lease, boolean stay, int parallel) throws Exception {
        shell.working(parallel);
        try (JobStore store = new JobStore(shell, JobTable.LEDGER);
                Work taken = new Work(
                        store.database(),
                        new Claims(ThisProcess.name(), lease, Set.copyOf(known.keySet())),
                        1,
                        lease.toMillis(),
                        this::lost);
                LedgerDataSource keys = shell.openLedger()) {
            ledger = keys;
            work = taken;
            shell.signals().begin(this);
            shell.signals().lastly(taken::abandon);
            if (parallel == 1) takeAll(store, stay, shell.terminal(), () -> {});
            else sideBySide(store, stay, parallel);
            cut = taken.cut() || stay;
        }
        say();
        return failed.sum() > 0 ? Exit.PARTIAL : Exit.SUCCEEDED;
    }

    /** What one of several threads says of a job is told when that ends, so that jobs do not talk into each other. */
    private void sideBySide(JobStore store, boolean stay, int parallel) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(parallel);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < parallel; i++) {
                all.add(threads.submit(() -> {
                    try (Aside aside = new Aside(shell.terminal())) {
                        takeAll(store, stay, aside.terminal(), aside::flush);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) one.get();
        } catch (ExecutionException e) {
            work.stop();
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            threads.shutdown();
            if (!threads.awaitTermination(1, TimeUnit.DAYS)) threads.shutdownNow();
        }
    }

    private void takeAll(JobStore store, boolean stay, Terminal terminal, Runnable afterEach)
            throws InterruptedException {
        try (Engines engines = new Engines(Engines.MOST)) {
            boolean more = true;
            while (more) {
                for (Optional<Claim> next = work.next(); next.isPresent(); next = work.next()) {
                    one(store, next.get(), terminal, engines);
                    afterEach.run();
                }
                engines.close(); // who waits holds no connections
                more = stay && !stopped.await(1, TimeUnit.SECONDS);
            }
        }
    }

    private void one(JobStore store, Claim claim, Terminal terminal, Engines engines) {
        // with signals of its own: what stops the worker does not stop its job
        Shell own = shell.printingTo(terminal).sharing(engines, ledger);
        own.signals().lastly(() -> fail(store, claim, claim.kind() + ": it did not end in its time", null));
        present.put(claim.job(), own.signals());
        String reason;
        JobRun run = null;
        int exit;
        try {
            run = run(own, claim);
            exit = run.run(Optional.empty(), () -> work.holds(claim));
            reason = run.end().map(JobWorker::reason).orElse("exit code " + exit);
        } catch (Exception e) {
            Failure failure = Failure.of(e);
            exit = failure.exitCode();
            reason = failure.sentence();
            if (exit != Exit.LEASE_HELD) terminal.error(reason);
        } finally {
            present.remove(claim.job());
        }
        end(store, claim, exit, reason, run == null ? Optional.empty() : run.end());
        work.done(claim);
    }

    private JobRun run(Shell own, Claim claim) {
        KnownJob job = known.get(claim.kind());
        JobDefinition definition = job.definition().orElseThrow();
        JobArguments arguments =
                JobArguments.of(definition, claim.payload().values(), text -> JobOptions.resolved(shell, text));
        own.configuration().learned(arguments.secrets());
        return new JobRun(own, definition, job.file().location(), arguments, caller, json);
    }

    private void end(JobStore store, Claim claim, int exit, String reason, Optional<JobEnd> end) {
        String result = end.map(this::result).orElse(null);
        try {
            if (exit == Exit.LEASE_HELD) {
                store.database().patiently(c -> {
                    Claims.putBack(c, List.of(claim), HELD);
                    return null;
                });
                left.increment();
            } else if (exit == Exit.SUCCEEDED) {
                store.database().patiently(c -> {
                    if (Claims.hold(c, claim)) Claims.complete(c, claim, null, result);
                    return null;
                });
                completed.increment();
            } else if (fail(store, claim, reason, result)) {
                failed.increment();
            } else {
                left.increment();
            }
        } catch (CaravanException e) {
            // it comes back when its lease ends, if it is ours still
            left.increment();
            shell.terminal().error(e.getMessage());
        }
    }

    /** False when it is somebody else's by now. */
    private boolean fail(JobStore store, Claim claim, String reason, String result) {
        try {
            return store.database().<Boolean>patiently(c -> {
                Claims.fail(c, claim, shell.hidden(reason), null, result);
                return true;
            });
        } catch (ClaimLostException e) {
            shell.terminal().error(e.getMessage());
            return false;
        }
    }

    private static String reason(JobEnd end) {
        String status = end.status().name().toLowerCase(Locale.ROOT);
        return status + ": "
                + (end.problems().isEmpty() ? end.summary() : end.problems().get(0));
    }

    private String result(JobEnd end) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("status", end.status().name().toLowerCase(Locale.ROOT));
        said.put("summary", shell.hidden(end.summary()));
        said.put("counts", end.counts());
        said.put(
                "problems", end.problems().stream().limit(20).map(shell::hidden).toList());
        try {
            return JSON.writeValueAsString(said).replace("\\u0000", "␀");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void lost(Claim claim) {
        Signals job = present.get(claim.job());
        if (job != null) job.ask("the loss of job " + claim.job());
    }

    private void say() {
        if (json) {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("completed", completed.sum());
            said.put("failed", failed.sum());
            said.put("left", left.sum());
            shell.terminal().json(said);
            return;
        }
        shell.terminal()
                .out()
                .println(Figures.count(completed.sum()) + " completed, " + Figures.count(failed.sum()) + " failed, "
                        + Figures.count(left.sum()) + " put back"
                        + (failed.sum() > 0 ? "; see why: " + Launcher.command("jobs list --status failed") : ""));
    }

    @Override
    public boolean patient() {
        return true;
    }

    @Override
    public void stop(String by) {
        stopped.countDown();
        work.stop();
    }

    @Override
    public void abandon() {
        work.abandon();
    }

    @Override
    public int code(int own, int signal) {
        return cut ? signal : own;
    }
}
