package io.caravan.library;

import io.caravan.delivery.ErrorsAsExceptions;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.format.CsvFormat;
import io.caravan.job.Checks;
import io.caravan.job.JobDatabase;
import io.caravan.ledger.FencedTransactions;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.ledger.Lease;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Runs;
import io.caravan.ledger.Starter;
import io.caravan.ledger.Transactions;
import io.caravan.object.Glob;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import io.caravan.run.RunScope;
import io.caravan.run.SourceLetters;
import io.caravan.run.StartedBy;
import io.caravan.run.ThisProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;

/**
 * Makes a job of each title in CSV objects: columns title, author and perhaps isbn, in any order and case. The route calls
 * {@link #open}, splits the body into batches, hands each to {@link #publish}, and calls {@link #close}, or {@link #failed}
 * for what was thrown on the way.
 *
 * <ul>
 *   <li>a book that has a job, by its ISBN or by title and author, is skipped: publishing again makes no job twice
 *   <li>a row without title or author, with another number of columns or a wrong ISBN is a dead letter
 *   <li>an object that cannot be read to its end fails the run; the whole batches that were read before are published, and
 *       skipped next time
 * </ul>
 */
public final class PublishBooks {

    private static final String VARIABLE = "publishing";

    private final String pipeline;
    private final ObjectStore store;
    private final String prefix;
    private final Glob names;
    private final JobDatabase jobs;
    private final DataSource ledger;
    private final Duration lease;

    /** @param input a folder, a file, or the address of a bucket as {@code objects-source} takes it */
    public PublishBooks(
            String pipeline,
            String input,
            String prefix,
            String namePattern,
            JobDatabase jobs,
            DataSource ledger,
            int leaseMillis) {
        new SettingChecks(pipeline)
                .notBlank("namePattern", namePattern)
                .between("leaseMillis", leaseMillis, 300, 3_600_000)
                .check();
        this.pipeline = pipeline;
        this.store = ObjectStores.of(pipeline, "input", input, ObjectAccess.DEFAULT);
        this.prefix = prefix;
        this.names = new Glob(namePattern);
        this.jobs = jobs;
        this.ledger = ledger;
        this.lease = Duration.ofMillis(leaseMillis);
    }

    /** Takes the pipeline's lease and begins a run; body: batches of jobs to be, read as they are asked for. */
    public void open(Exchange exchange) throws Exception {
        CamelContextAware.trySetCamelContext(store, exchange.getContext());
        ErrorsAsExceptions.run(() -> {
            RunScope scope = RunScope.begin(exchange, VARIABLE);
            RunRequest request = scope.request(exchange);
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
                        SettingChecks.sentence(pipeline, "the command", "be run or check", mode)
                                + "; publishing twice makes no job twice");
            }
            Publishing publishing = mode == Mode.CHECK ? check() : begin(StartedBy.of(exchange), request.due());
            request.listener().accept(publishing);
            scope.opened(exchange, pipeline, publishing);
            exchange.getMessage().setBody(publishing.batches());
        });
    }

    /** Makes the jobs of a batch that are not there yet. */
    public void publish(Exchange exchange) throws Exception {
        List<?> batch = exchange.getMessage().getBody(List.class);
        ErrorsAsExceptions.run(() -> exchange.getVariable(VARIABLE, Publishing.class)
                .publish(batch.stream().map(BookJob.class::cast).toList()));
    }

    /** Ends the run; body: its report. Throws {@link io.caravan.run.RunFailedException} when it failed. */
    public void close(Exchange exchange) throws Exception {
        RunScope.of(exchange).end(exchange, Optional.empty(), ending(exchange));
    }

    /** Ends the run that a failure broke off, and throws it on, as a failed run; or when nothing was begun, as it is. */
    public void failed(Exchange exchange) throws Exception {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        RunScope.of(exchange).fail(exchange, failure, ending(exchange));
    }

    private static Function<Optional<Throwable>, RunReport> ending(Exchange exchange) {
        return failure -> exchange.getVariable(VARIABLE, Publishing.class).close(failure.orElse(null));
    }

    private Publishing begin(Starter by, Optional<Instant> due) {
        Flow flow = new PlainTransactions(ledger).in(c -> Flows.of(c, pipeline));
        Lease held = Lease.acquire(ledger, flow, Mode.RUN + " of " + ThisProcess.name(), lease);
        try {
            Transactions fenced = new FencedTransactions(ledger, held);
            Optional<Long> did = due.flatMap(time -> fenced.in(c -> Runs.of(c, flow, time)));
            if (did.isPresent()) {
                held.close();
                return Publishing.done(pipeline, did.get(), due.get());
            }
            long run = fenced.in(c -> {
                long started = Runs.start(c, flow, Mode.RUN.toString(), by);
                if (due.isPresent()) Runs.due(c, started, due.get());
                return started;
            });
            SourceLetters letters = new SourceLetters(fenced, flow.id(), run, pipeline);
            Titles titles = new Titles(store, prefix, names, new CsvFormat(",", List.of()), letters::bad);
            return new Publishing(pipeline, jobs, titles, new Publishing.Entry(held, fenced, run, letters));
        } catch (RuntimeException | Error e) {
            held.close();
            throw e;
        }
    }

    private Publishing check() {
        Checks checks = new Checks();
        checks.ask("ledger", () -> new PlainTransactions(ledger).in(c -> null));
        checks.ask("source", store::check);
        checks.ask("jobs", () -> jobs.in(c -> null));
        return Publishing.of(pipeline, checks);
    }
}
