package io.caravan.run;

import io.caravan.delivery.ErrorsAsExceptions;
import io.caravan.delivery.RunContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.camel.Exchange;

/**
 * One run on an exchange. What the exchange held before is put back when the run ends: the run of another pipeline that calls
 * this one and the records it was busy with, what the trigger asks for, the branch of a trigger's multicast. So pipelines can
 * be called one after the other and inside each other. Begun by the first processor of a pipeline, whatever comes of it;
 * ended by the last or by what handles a failure.
 */
public final class RunScope {

    private static final String VARIABLE = "runScope";
    private static final String DUE = "scheduledFor";

    private final RunScope outer;
    private final String variable;
    private final Object outerRun;
    private final Object outerBody;
    private final Object branch;
    private final Object multicasts;
    private final RunRequest asked;
    /** Runs that steps of this one opened and that go on. */
    private final Set<Progress> inner = ConcurrentHashMap.newKeySet();

    private Progress progress;
    private boolean open;
    private RunFailedException failed;

    private RunScope(Exchange exchange, String variable) {
        this.outer = exchange.getVariable(VARIABLE, RunScope.class);
        this.variable = variable;
        this.outerRun = exchange.getVariable(variable);
        this.outerBody = exchange.getMessage().getBody();
        // a caller's own multicast must not be taken for one of this route
        this.branch = exchange.removeProperty(Exchange.MULTICAST_INDEX);
        this.multicasts = exchange.removeProperty(RunContext.MULTICASTS);
        this.asked = exchange.getVariable(RunRequest.VARIABLE, RunRequest.class);
    }

    /** From now on; {@code variable}: where the route finds its run. */
    public static RunScope begin(Exchange exchange, String variable) {
        RunScope scope = new RunScope(exchange, variable);
        exchange.removeVariable(variable);
        exchange.removeVariable(RunRequest.VARIABLE); // it is no request to what the steps call
        exchange.setVariable(VARIABLE, scope);
        return scope;
    }

    /** Whether a run goes on with this message. */
    static boolean isOn(Exchange exchange) {
        return exchange.getVariable(VARIABLE, RunScope.class) != null;
    }

    /** The one that was begun last on this exchange and has not ended. */
    public static RunScope of(Exchange exchange) {
        RunScope scope = exchange.getVariable(VARIABLE, RunScope.class);
        if (scope == null) throw new IllegalStateException("this step belongs into a pipeline that has begun");
        return scope;
    }

    /**
     * What is asked for: by the trigger; else a plain run, but inside another trip that writes nothing one that writes nothing
     * either.
     */
    public RunRequest request() {
        if (asked != null) return asked.heardBy(run -> asked.listener().accept(new WithInner(run)));
        if (outer == null) return RunRequest.of(Mode.RUN);
        RunRequest around = outer.request();
        return RunRequest.of(around.mode().writes() ? Mode.RUN : around.mode())
                .comparingContents(around.deep())
                .limitedTo(around.limit())
                .noticedBy(around.notices());
    }

    /** The same, for the time that a trigger says; a plan in a chain is one on what the phases before it would write. */
    public RunRequest request(Exchange exchange) {
        RunRequest request = request();
        if (asked == null && outer == null) request = request.dueAt(due(exchange));
        if (request.mode() != Mode.PLAN) return request;
        RunRequest plan = request;
        return chain(exchange).map(chain -> plan.over(chain.overlay())).orElse(plan);
    }

    /** For which time of its schedule a trigger sent the message. */
    private static Optional<Instant> due(Exchange exchange) {
        return Optional.ofNullable(exchange.getVariable(DUE, Date.class)).map(Date::toInstant);
    }

    /** The run is open: the route finds it, and whatever is thrown ends it. */
    public void opened(Exchange exchange, String pipeline, Object run) {
        opened(exchange, pipeline, run, run);
    }

    /** The same where the route finds something else than the run itself. */
    void opened(Exchange exchange, String pipeline, Object found, Object run) {
        open = true;
        exchange.setVariable(variable, found);
        if (!(run instanceof Progress own)) return;
        progress = new WithInner(own);
        for (RunScope around = outer; around != null; around = around.outer) around.inner.add(progress);
        PipelineRuns.of(exchange.getContext()).begun(pipeline, progress);
        chain(exchange).ifPresent(chain -> chain.opened(progress));
    }

    /**
     * Ends the run, if it is open: its report becomes the body, but inside another run the records do again; variable {@code
     * report} holds it in any case. Throws {@link RunFailedException} when the run failed.
     *
     * @param failure what broke it off
     * @param close ends the run itself
     */
    public void end(Exchange exchange, Optional<Throwable> failure, Function<Optional<Throwable>, RunReport> close)
            throws Exception {
        open = false; // what fails from now on has no run to end
        ErrorsAsExceptions.run(() -> {
            RunReport report = close.apply(failure);
            over(exchange, report);
            if (report.status() == RunReport.Status.FAILED) {
                failed = new RunFailedException(report, failure.orElse(null));
                throw failed; // the route's handling of failures puts back what was there
            }
            leave(exchange);
        });
    }

    /**
     * What handles a failure of the route calls: ends the run if it is open, puts back what the exchange held, and throws what
     * the run failed with, or what kept it from being opened.
     */
    public void fail(Exchange exchange, Exception failure, Function<Optional<Throwable>, RunReport> close)
            throws Exception {
        Exception thrown = failure;
        if (open) {
            try {
                end(exchange, Optional.of(failure), close);
                return; // everything was done all the same
            } catch (Exception e) {
                thrown = e;
            }
        }
        leave(exchange);
        throw failed == null ? thrown : failed;
    }

    boolean isOpen() {
        return open;
    }

    private void over(Exchange exchange, RunReport report) {
        exchange.getMessage().setBody(outer == null ? report : outerBody);
        exchange.setVariable(RunReport.VARIABLE, report);
        PipelineRuns.of(exchange.getContext()).ended(report);
        chain(exchange).ifPresent(chain -> chain.ended(RunReport.Phase.of(report)));
    }

    /** The chain of which this run is a phase; none for a run inside another. */
    private Optional<Chain> chain(Exchange exchange) {
        return outer == null ? Chain.of(exchange) : Optional.empty();
    }

    private void leave(Exchange exchange) {
        if (progress != null) {
            for (RunScope around = outer; around != null; around = around.outer) around.inner.remove(progress);
            PipelineRuns.of(exchange.getContext()).over(progress);
            chain(exchange).ifPresent(chain -> chain.over(progress));
        }
        set(exchange, VARIABLE, outer);
        set(exchange, variable, outerRun);
        set(exchange, RunRequest.VARIABLE, asked);
        if (branch != null) exchange.setProperty(Exchange.MULTICAST_INDEX, branch);
        if (multicasts != null) exchange.setProperty(RunContext.MULTICASTS, multicasts);
    }

    private static void set(Exchange exchange, String name, Object value) {
        if (value == null) exchange.removeVariable(name);
        else exchange.setVariable(name, value);
    }

    /** A run with those inside it: who stops it stops them. */
    private final class WithInner implements Progress {

        private final Progress own;

        WithInner(Progress own) {
            this.own = own;
        }

        @Override
        public long recordsRead() {
            return own.recordsRead();
        }

        @Override
        public Map<String, Long> written() {
            return own.written();
        }

        @Override
        public void stop(String by) {
            own.stop(by);
            inner.forEach(run -> run.stop(by));
        }

        @Override
        public Optional<RunReport> abandon(Duration patience) {
            return own.abandon(patience);
        }
    }
}
