package io.caravan.job;

import io.caravan.delivery.ErrorsAsExceptions;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import io.caravan.run.RunScope;
import io.caravan.run.ThisProcess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands jobs to a route, one by one, to as many branches of it as there are slots. The route calls {@link #open}, splits
 * the body, takes {@link #next} in a loop in each part, and calls {@link #close}, or {@link #failed} for what was thrown on
 * the way; what a job came to, the route's last step says to {@link WorkTrip}.
 */
public final class WorkJobs {

    private static final Logger LOG = LoggerFactory.getLogger(WorkJobs.class);

    private final String pipeline;
    private final JobDatabase database;
    private final int slots;
    private final int batchSize;
    private final int leaseMillis;
    private final boolean retryFailed;
    private final int maxRetries;

    /**
     * @param workers how many work side by side in this process
     * @param inFlight how many jobs one worker has begun and not ended, as it waits for answers
     * @param batchSize how many jobs are claimed at once
     * @param leaseMillis how long a worker that does not renew its lease keeps its jobs
     * @param retryFailed whether failed jobs are put back first
     * @param maxRetries how often a job is put back at most
     */
    public WorkJobs(
            String pipeline,
            JobDatabase database,
            int workers,
            int inFlight,
            int batchSize,
            int leaseMillis,
            boolean retryFailed,
            int maxRetries) {
        new SettingChecks(pipeline)
                .between("parallel", workers, 1, 64)
                .between("inFlight", inFlight, 1, 64)
                .between("batchSize", batchSize, 1, 10_000)
                .between("leaseMillis", leaseMillis, 300, 3_600_000)
                .between("maxRetries", maxRetries, 0, 1000)
                .must((long) workers * inFlight <= 256, "parallel times inFlight", "be at most 256", workers * inFlight)
                .check();
        this.pipeline = pipeline;
        this.database = database;
        this.slots = workers * inFlight;
        this.batchSize = batchSize;
        this.leaseMillis = leaseMillis;
        this.retryFailed = retryFailed;
        this.maxRetries = maxRetries;
    }

    /** Begins what the message asks for; body: a number for each slot. */
    public void open(Exchange exchange) throws Exception {
        ErrorsAsExceptions.run(() -> {
            RunScope scope = RunScope.begin(exchange, WorkTrip.VARIABLE);
            RunRequest request = scope.request();
            Mode mode = request.mode();
            new SettingChecks(pipeline)
                    .must(
                            request.limit().isEmpty(),
                            "--limit",
                            "not be given, as the pipeline has no limit of its own",
                            request.limit().orElse(0L))
                    .check();
            if (mode != Mode.RUN && mode != Mode.CHECK) {
                throw new ConfigurationException(
                        SettingChecks.sentence(pipeline, "the command", "be run or check", mode) + "; see "
                                + Launcher.command("jobs"));
            }
            if (mode == Mode.RUN && retryFailed) database.in(c -> Jobs.retryFailed(c, maxRetries));
            Claims claims = new Claims(ThisProcess.name(), Duration.ofMillis(leaseMillis));
            WorkTrip trip =
                    new WorkTrip(pipeline, mode, new Work(database, claims, batchSize, leaseMillis, claim -> {}));
            request.listener().accept(trip);
            scope.opened(exchange, pipeline, trip);
            exchange.getMessage()
                    .setBody(
                            mode == Mode.RUN ? IntStream.range(0, slots).boxed().toList() : List.of());
            trip.check("source", () -> database.in(c -> null));
        });
    }

    /** Body and variable {@code claim}: the next {@link Claim}; null when there is none any more. */
    public void next(Exchange exchange) throws Exception {
        ErrorsAsExceptions.run(() -> {
            Claim claim = WorkTrip.of(exchange).next().orElse(null);
            exchange.setVariable("claim", claim);
            exchange.getMessage().setBody(claim);
        });
    }

    /**
     * A step broke over the job: it comes later, unless it is somebody else's by now. When the database is away too, the job
     * is left to who takes it after its lease.
     */
    public void broken(Exchange exchange) throws Exception {
        WorkTrip trip = WorkTrip.of(exchange);
        Claim claim = exchange.getVariable("claim", Claim.class);
        Throwable why = cause(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
        // it is dealt with here: the next job shall not be told to have failed of it
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
        ErrorsAsExceptions.run(() -> {
            if (why instanceof ClaimLostException || why instanceof UnavailableException) {
                trip.left(claim, why);
                return;
            }
            LOG.error("a step failed on job {}", claim.job(), why);
            String reason = Words.of(why);
            try {
                boolean again = database.patiently(
                        c -> Claims.later(c, claim, reason, null, maxRetries, Duration.ofMillis(leaseMillis)));
                if (again) trip.later(claim);
                else trip.failed(claim);
            } catch (CaravanException e) {
                trip.left(claim, e);
            }
        });
    }

    private static Throwable cause(Exception failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) if (t instanceof CaravanException) return t;
        return failure;
    }

    /** Ends the trip; body: its {@link RunReport}. Throws {@link io.caravan.run.RunFailedException} when it failed. */
    public void close(Exchange exchange) throws Exception {
        RunScope.of(exchange).end(exchange, Optional.empty(), ending(exchange));
    }

    /** Ends the trip that a failure broke off, and throws it on, as a failed run; or when nothing was opened, as it is. */
    public void failed(Exchange exchange) throws Exception {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        RunScope.of(exchange).fail(exchange, failure, ending(exchange));
    }

    private static Function<Optional<Throwable>, RunReport> ending(Exchange exchange) {
        return failure -> WorkTrip.of(exchange).close(failure.orElse(null));
    }
}
