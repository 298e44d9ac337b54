package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.ErrorsAsExceptions;
import io.caravan.delivery.RunContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Audit;
import io.caravan.ledger.Backfills;
import io.caravan.ledger.ColumnHistory;
import io.caravan.ledger.FencedTransactions;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LeaseTerms;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.ProcessId;
import io.caravan.ledger.RolledBackTransactions;
import io.caravan.ledger.Runs;
import io.caravan.ledger.SinkPlaces;
import io.caravan.ledger.Transactions;
import io.caravan.ledger.Writers;
import io.caravan.record.Cut;
import io.caravan.source.ColumnWatch;
import io.caravan.source.Days;
import io.caravan.source.DriftRules;
import io.caravan.source.Source;
import io.caravan.source.WatchedSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Opens what the message asks for (variable {@code request}; a plain run when there is none) and makes its batches the
 * body, to be split. First processor of every source Kamelet; {@link CloseRun} and {@link FailRun} are its counterparts.
 *
 * <ul>
 *   <li>out: variable {@code run}; body: iterator of batches
 *   <li>errors: {@link io.caravan.ledger.LeaseHeldException} when another run of the pipeline goes on; nothing is
 *       opened then
 * </ul>
 */
public final class OpenRun implements Processor {

    private final String pipeline;
    private final String flow;
    private final Source source;
    private final DataSource ledger;
    private final Limits limits;
    private final Duration leaseTime;
    private final BulkDelivery bulk;
    private final String prepare;
    private final DriftRules drift;
    private final ProcessId process;
    /** Runs of ours that ended without the ledger's hearing of it. */
    private final Set<Long> unsaid = ConcurrentHashMap.newKeySet();

    public OpenRun(
            String pipeline,
            Source source,
            DataSource ledger,
            Limits limits,
            int leaseMillis,
            int retries,
            int retryDelayMillis) {
        this(pipeline, source, ledger, limits, leaseMillis, retries, retryDelayMillis, "");
    }

    /** {@code prepare}: a route of steps, {@code direct:name}, that make of each row the record that is compared with the ledger; blank for none. */
    public OpenRun(
            String pipeline,
            Source source,
            DataSource ledger,
            Limits limits,
            int leaseMillis,
            int retries,
            int retryDelayMillis,
            String prepare) {
        this(pipeline, source, ledger, limits, leaseMillis, retries, retryDelayMillis, prepare, "");
    }

    /**
     * {@code flow}: the part of the pipeline that its runs are, with lease, history and letters of its own; blank for the whole. An
     * Object, as Camel makes a number of digits.
     */
    public OpenRun(
            String pipeline,
            Source source,
            DataSource ledger,
            Limits limits,
            int leaseMillis,
            int retries,
            int retryDelayMillis,
            String prepare,
            Object flow) {
        this(pipeline, source, ledger, limits, leaseMillis, retries, retryDelayMillis, prepare, flow, DriftRules.NONE);
    }

    /** {@code drift}: what is to be done when the source's columns change. */
    public OpenRun(
            String pipeline,
            Source source,
            DataSource ledger,
            Limits limits,
            int leaseMillis,
            int retries,
            int retryDelayMillis,
            String prepare,
            DriftRules drift) {
        this(pipeline, source, ledger, limits, leaseMillis, retries, retryDelayMillis, prepare, "", drift);
    }

    /** All of it. */
    public OpenRun(
            String pipeline,
            Source source,
            DataSource ledger,
            Limits limits,
            int leaseMillis,
            int retries,
            int retryDelayMillis,
            String prepare,
            Object flow,
            DriftRules drift) {
        new SettingChecks("source")
                .notBlank("pipeline", pipeline)
                .between("leaseMillis", leaseMillis, 300, 3_600_000)
                .must(prepare.matches("|direct:[^?]+"), "prepare", "be empty or like direct:prepare-orders", prepare)
                .must(
                        flow.toString().isEmpty()
                                || Flow.PARTED
                                        .matcher(Flow.named("p", flow.toString()))
                                        .matches(),
                        "flow",
                        "be empty or 1 to 100 letters, digits, _ . and -",
                        flow)
                .check();
        this.pipeline = pipeline;
        this.flow = flow.toString();
        this.source = source;
        this.ledger = ledger;
        this.limits = limits;
        this.leaseTime = Duration.ofMillis(leaseMillis);
        this.bulk = new BulkDelivery(retries, Duration.ofMillis(retryDelayMillis));
        this.prepare = prepare;
        this.drift = drift;
        this.process = ProcessId.current();
    }

    private OpenRun(
            String pipeline,
            String flow,
            Source source,
            DataSource ledger,
            Limits limits,
            Duration leaseTime,
            BulkDelivery bulk,
            String prepare,
            DriftRules drift,
            ProcessId process) {
        this.pipeline = pipeline;
        this.flow = flow;
        this.source = source;
        this.ledger = ledger;
        this.limits = limits;
        this.leaseTime = leaseTime;
        this.bulk = bulk;
        this.prepare = prepare;
        this.drift = drift;
        this.process = process;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        ErrorsAsExceptions.run(() -> open(exchange));
    }

    private void open(Exchange exchange) {
        CamelContextAware.trySetCamelContext(source, exchange.getContext());
        RunScope scope = RunScope.begin(exchange, RunContext.VARIABLE);
        PipelineModel.checkKeys(exchange.getContext(), pipeline, source.keyFields());
        RunRequest request = scope.request(exchange);
        Wiring wiring = PipelineModel.find(exchange.getContext(), pipeline).wiring();
        Pipeline shape = new Pipeline(
                Flow.named(pipeline, flow),
                prepared(exchange.getContext(), wiring, request.mode()),
                wiring,
                limits,
                leaseTime,
                Cut.DEFAULT);
        Session session = open(shape, StartedBy.in(exchange, request));
        Passage passage =
                new Passage(exchange.getContext(), session, shape, new LetterChannel(exchange.getContext(), ledger));
        scope.opened(exchange, pipeline, passage, session);
        exchange.getMessage().setBody(passage.batches());
    }

    private Source prepared(CamelContext context, Wiring wiring, Mode mode) {
        Source watched = watched(mode);
        if (!prepare.isBlank()) return new PreparedSource(context, watched, prepare, Instant.now());
        return wiring.keepsStoredForms() ? watched.withStoredForms() : watched;
    }

    /** A check and a preview have no ledger. */
    private Source watched(Mode mode) {
        if (!drift.isOn() || mode == Mode.CHECK || mode == Mode.PREVIEW) return source;
        String name = Flow.named(pipeline, flow);
        return new WatchedSource(source, new ColumnWatch(name, drift, () -> new PlainTransactions(ledger).in(c -> {
            Optional<Flow> known = Flows.find(c, name);
            return known.isPresent() ? ColumnHistory.known(c, known.get().id()) : Map.of();
        })));
    }

    /** Opens a session as the route does, without one. */
    Session open(Pipeline shape, RunRequest request) {
        mustHave(shape, request.onlySinks());
        if (request.mode() == Mode.ADOPT && shape.source().consumes())
            throw new ConfigurationException(
                    shape.name() + ": adopt must have a source that can be read again, and this one"
                            + " hands out each record once; a run delivers what comes");
        if (request.mode() == Mode.CHECK) return new CheckRun(shape, ledger);
        if (request.mode() == Mode.PREVIEW) {
            PreviewRun preview = new PreviewRun(shape, request);
            request.listener().accept(preview);
            return preview;
        }
        if (request.mode() == Mode.CUT)
            return new CutRun(shape, request.slices().orElseThrow());
        if (!request.history().isEmpty()) shape.source().byDay(); // refused before a lease is taken
        Flow flow = new PlainTransactions(ledger).in(c -> Flows.of(c, shape.name()));
        if (request.mode() != Mode.REMOVE)
            new PlainTransactions(ledger).in(c -> {
                mustBeAlone(c, shape, request, flow);
                return null;
            });
        if (request.mode() == Mode.VERIFY) {
            VerifyRun verify = new VerifyRun(shape, request, new PlainTransactions(ledger), flow.id());
            request.listener().accept(verify);
            return verify;
        }
        long floor = request.mode() == Mode.PLAN ? 0 : shape.source().highestToken();
        String does = request.history().isEmpty() ? request.mode().toString() : LeaseTerms.SLICE;
        LeaseTerms terms = LeaseTerms.of(does + " of " + ThisProcess.name(), leaseTime)
                .as(process)
                .waiting(request.patience())
                .heardBy(request.notices())
                .above(floor);
        Lease lease = Lease.acquire(ledger, flow, terms);
        RunRight right;
        try {
            if (request.mode() == Mode.PLAN) {
                return plan(request.overlay().map(shape::over).orElse(shape), request, lease);
            }
            if (request.mode() == Mode.ADOPT && request.dry()) {
                return dryAdoption(shape, request, flow, new RunRight(lease, Optional.empty()));
            }
            right = RunRight.beside(lease, terms, shape.name(), shape.source().lock(), shape.source()::highestToken);
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
        try {
            return open(shape, request, flow, right);
        } catch (RuntimeException | Error e) {
            right.close();
            throw e;
        }
    }

    private static void mustHave(Pipeline shape, Set<String> sinks) {
        Set<String> known = new TreeSet<>(shape.wiring().generations().keySet());
        SettingChecks settings = new SettingChecks(shape.name());
        for (String sink : sinks) {
            settings.must(known.contains(sink), "--only-sinks", "name sinks of " + String.join(", ", known), sink);
        }
        settings.check();
    }

    /** Two pipelines in one place would take each other's records for surplus, and delete them. */
    private static void mustBeAlone(Connection c, Pipeline shape, RunRequest request, Flow flow) throws SQLException {
        Map<String, List<String>> places = new TreeMap<>(shape.wiring().places());
        places.keySet().removeIf(request::leavesOut);
        List<String> problems = SinkPlaces.taken(c, flow.id(), places).stream()
                .map(taken -> SettingChecks.sentence(
                                shape.name(),
                                "sink '" + taken.sink() + "'",
                                "write where no other pipeline does (" + taken.place() + ")",
                                taken.pipeline())
                        + "; give one of them another place, or make one pipeline of both; if '" + taken.pipeline()
                        + "' is no more or writes elsewhere now, "
                        + Launcher.command("remove " + Launcher.word(taken.pipeline())) + ", or run it")
                .toList();
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
    }

    private PlanRun plan(Pipeline shape, RunRequest request, Lease lease) {
        PlanRun plan = new PlanRun(shape, request, lease, new RolledBackTransactions(ledger, request.notices()));
        request.listener().accept(plan);
        return plan;
    }

    private Session open(Pipeline shape, RunRequest request, Flow flow, RunRight right) {
        Transactions fenced = new FencedTransactions(ledger, right.lease(), request.notices());
        Optional<Long> did = request.due().flatMap(due -> fenced.in(c -> Runs.of(c, flow, due)));
        if (did.isPresent())
            return heard(
                    request,
                    right,
                    new DoneRun(shape.name(), right, did.get(), request.due().get()));
        List<Long> ended = List.copyOf(unsaid);
        long run = fenced.in(c -> {
            Writers.ended(c, flow.id(), ended);
            SinkPlaces.claim(c, flow.id(), shape.wiring().places());
            if (request.mode() != Mode.REMOVE) mustBeAlone(c, shape, request, flow);
            String mode = request.mode().toString();
            long started = request.starter().isPresent()
                    ? Runs.start(c, flow, mode, request.starter().get())
                    : Runs.start(c, flow, mode);
            if (request.starter().isPresent()) {
                Wiring.Ways ways = shape.wiring().ways();
                Audit.ways(c, started, ways.from(), ways.to());
            }
            if (request.due().isPresent()) Runs.due(c, started, request.due().get());
            for (Days.Range slice : request.history()) Backfills.begun(c, flow.id(), slice.since(), started);
            if (request.mode() == Mode.REPLAY || request.mode() == Mode.REPAIR) Writers.suspect(c, flow.id(), started);
            return started;
        });
        unsaid.removeAll(ended);
        Writes writes = new Writes(
                shape.name(), right, fenced, new PlainTransactions(ledger), run, unsaid, bulk, request.notices());
        boolean remove = request.mode() == Mode.REMOVE;
        Pipeline opening = remove ? shape.withNothingLeft() : shape;
        OpenedRun opened = new OpenedRun(opening, request.mode(), right, fenced, run, writes);
        return switch (request.mode()) {
            case REPLAY -> heard(request, right, new ReplayRun(opened, request));
            case REPAIR -> heard(request, right, new RepairRun(opened, request));
            case ADOPT -> heard(request, right, new AdoptRun(opened, request, () -> {}));
            default -> heard(request, right, new DeliveryRun(opened, remove ? request.allowingDeletes(true) : request));
        };
    }

    /** One that leaves nothing in the ledger, nor in the stores. */
    private Session dryAdoption(Pipeline shape, RunRequest request, Flow flow, RunRight right) {
        RolledBackTransactions nothing = new RolledBackTransactions(ledger, request.notices());
        try {
            long run = nothing.in(c -> Runs.start(c, flow, request.mode().toString()));
            Writes writes = new Writes(shape.name(), right, nothing, nothing, run, unsaid, bulk, request.notices());
            OpenedRun opened = new OpenedRun(shape, request.mode(), right, nothing, run, writes);
            return heard(request, right, new AdoptRun(opened, request, nothing::close));
        } catch (RuntimeException | Error e) {
            nothing.close();
            throw e;
        }
    }

    private static <S extends Session & Progress> S heard(RunRequest request, RunRight right, S session) {
        right.whenLost(() -> session.stop("the loss of its lock"));
        request.listener().accept(session);
        return session;
    }

    /** The same as another process: for what shows how a run follows one that died. */
    OpenRun as(ProcessId other) {
        return new OpenRun(pipeline, flow, source, ledger, limits, leaseTime, bulk, prepare, drift, other);
    }
}
