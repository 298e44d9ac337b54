package io.caravan.cli;

import io.caravan.delivery.Fence;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Mask;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Audit;
import io.caravan.ledger.FencedTransactions;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LeaseTerms;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.RolledBackTransactions;
import io.caravan.ledger.SqlWork;
import io.caravan.ledger.Starter;
import io.caravan.local.Endpoint;
import io.caravan.local.LaptopStores;
import io.caravan.pool.DatabasePool;
import io.caravan.run.RunRight;
import io.caravan.run.ThisProcess;
import io.caravan.settings.CommandWords;
import io.caravan.settings.Configuration;
import io.caravan.source.RunLock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What the commands work with; the settings and pipelines are read when first asked for. */
final class Shell {

    private static final Duration LEASE_TIME = Duration.ofSeconds(30);

    private final Terminal terminal;
    private final Mask mask;
    private final Supplier<Configuration> configurationSource;
    private final Supplier<Pipelines> pipelinesSource;
    private final Supplier<LaptopStores> stores;
    private final Signals signals;
    private Configuration configuration;
    private Pipelines pipelines;
    private List<String> words = List.of();
    private int connections = DatabasePool.MOST;
    private Engines engines = new Engines(1);
    private LedgerDataSource ledger;

    Shell(
            Terminal terminal,
            Mask mask,
            Supplier<Configuration> configuration,
            Supplier<Pipelines> pipelines,
            Supplier<LaptopStores> stores) {
        this.terminal = terminal;
        this.mask = mask;
        this.configurationSource = configuration;
        this.pipelinesSource = pipelines;
        this.stores = stores;
        this.signals = new Signals(terminal);
    }

    /** The same, of which somebody else hears. */
    Shell printingTo(Terminal other) {
        Shell shell = new Shell(other, mask, this::configuration, this::pipelines, stores);
        shell.called(words);
        shell.connections = connections;
        return shell;
    }

    /** The same, whose trips share engines as far as these allow it, and whose jobs lock their keys in this ledger. */
    Shell sharing(Engines shared, LedgerDataSource ofAll) {
        engines = shared;
        ledger = ofAll;
        return this;
    }

    /** Trips from now on share engines, where they do not already; who closes these ends the one that waits for another trip. */
    Engines keepingEngines() {
        if (engines.most() == 1) engines = new Engines(Engines.MOST);
        return engines;
    }

    /** What trips run in. */
    Engines engines() {
        return engines;
    }

    /** Takes down what was typed behind {@code caravan}. */
    void called(List<String> typed) {
        words = List.copyOf(typed);
        mask.add(CommandWords.secrets(typed));
    }

    /** What was typed, without secrets. */
    String command() {
        return ("caravan " + CommandWords.shown(words, mask)).strip();
    }

    /** The text without the secrets that are known by now. */
    String hidden(String text) {
        return mask.hide(text);
    }

    Terminal terminal() {
        return terminal;
    }

    /** What ends the process before its time. */
    Signals signals() {
        return signals;
    }

    Configuration configuration() {
        if (configuration == null) {
            configuration = configurationSource.get().telling(mask::add);
            signals.lastly(configuration::removeFiles);
            DatabasePool.most(mostConnections());
        }
        return configuration;
    }

    /** This process does so many jobs at once and needs few connections to a database for each, unless somebody says how many. */
    void working(int parallel) {
        connections = Math.min(100, DatabasePool.MOST_OF_A_WORKER * parallel);
        DatabasePool.most(mostConnections());
    }

    private int mostConnections() {
        String text = setting(DatabasePool.SETTING);
        int most = text.isBlank() ? connections : number("database", DatabasePool.SETTING, "be 1 to 100", text);
        new SettingChecks("database")
                .between(DatabasePool.SETTING, most, 1, 100)
                .check();
        return most;
    }

    /** A setting as a command needs it that loads no routes: what it refers to has been looked up; blank for none. */
    String setting(String key) {
        String value = configuration().value(key).orElse("");
        return value.contains("{{") ? Engine.resolved(configuration(), "{{" + key + "}}") : value;
    }

    Pipelines pipelines() {
        if (pipelines == null) {
            pipelines = pipelinesSource.get();
            learnFrom(pipelines.files().stream().filter(file -> !file.shipped()).toList());
        }
        return pipelines;
    }

    private void learnFrom(List<RouteFile> files) {
        if (files.isEmpty()) return;
        try {
            Configuration known = configuration();
            files.forEach(file -> mask.add(file.secrets(known)));
        } catch (ConfigurationException e) {
            // who needs the settings says so
        }
    }

    LaptopStores stores() {
        return stores.get();
    }

    /** Whether one of the stores runs. */
    boolean running(Collection<String> names) {
        return stores().status().stream()
                .anyMatch(s -> names.contains(s.store()) && s.endpoint().isPresent());
    }

    /** Starts those of the stores that do not run; none means none. */
    void startNeeded(Collection<String> names) {
        if (!names.isEmpty()) start(names);
    }

    /** Starts those of the stores that do not run; none means all. */
    void start(Collection<String> names) {
        mask.add(stores().start(names).values().stream().map(Endpoint::password).toList());
    }

    /** Asks the ledger, whose store is started if it is on this machine and does not run. */
    <T> T ledger(SqlWork<T> work) {
        try (LedgerDataSource ledger = openLedger()) {
            return new PlainTransactions(ledger).in(work);
        }
    }

    /** Asks the ledger what would become of it, which is then as it was. */
    <T> T rolledBack(SqlWork<T> work) {
        try (LedgerDataSource ledger = openLedger();
                RolledBackTransactions nothing = new RolledBackTransactions(ledger, terminal::error)) {
            return nothing.in(work);
        }
    }

    /** Who changes the ledger by this command, for its audit. */
    Starter starter() {
        return Called.by(this, configuration());
    }

    /** Changes the ledger while no run of these pipelines goes on: their leases are ours meanwhile. {@code what} is done. */
    <T> T alone(String what, List<Flow> flows, SqlWork<T> work) {
        try (LedgerDataSource ledger = openLedger()) {
            return alone(ledger, what, flows, work);
        }
    }

    private <T> T alone(LedgerDataSource ledger, String what, List<Flow> flows, SqlWork<T> work) {
        LeaseTerms terms =
                LeaseTerms.of(what + " of " + ThisProcess.name(), LEASE_TIME).heardBy(terminal::error);
        try (Lease lease = Lease.acquire(ledger, flows.get(0), terms)) {
            return flows.size() == 1
                    ? new FencedTransactions(ledger, lease, terminal::error).in(work)
                    : alone(ledger, what, flows.subList(1, flows.size()), work);
        }
    }

    /** Does the work of a job, while nobody else does what has the same key, on any machine. */
    <T> T alone(String job, String key, Optional<Duration> patience, Function<Lease, T> work) {
        if (ledger != null) return alone(ledger, job, key, patience, work);
        try (LedgerDataSource own = openLedger()) {
            return alone(own, job, key, patience, work);
        }
    }

    private <T> T alone(
            LedgerDataSource in, String job, String key, Optional<Duration> patience, Function<Lease, T> work) {
        LeaseTerms terms = LeaseTerms.of(job + " of " + ThisProcess.name(), LEASE_TIME)
                .heardBy(terminal::error)
                .waiting(patience);
        try (Lease lease = Lease.acquire(in, key, job + ", key '" + key + "'", terms)) {
            return work.apply(lease);
        }
    }

    /**
     * Does what publishes beside the runs of a pipeline: its lease, and the lock of its source, are ours meanwhile. {@code what} is
     * done; {@code floor}: what its token must be greater than.
     */
    <T> T published(String what, String pipeline, Optional<RunLock> lock, long floor, Function<Fence, T> work) {
        try (LedgerDataSource ledger = openLedger()) {
            Flow flow = new PlainTransactions(ledger).in(c -> Flows.of(c, pipeline));
            LeaseTerms terms = LeaseTerms.of(what + " of " + ThisProcess.name(), LEASE_TIME)
                    .heardBy(terminal::error)
                    .above(floor);
            try (RunRight right = right(Lease.acquire(ledger, flow, terms), terms, pipeline, lock, floor)) {
                return work.apply(right);
            }
        }
    }

    /**
     * Does what changes something outside the ledger, whose audit hears before that it begins, and then how it ended; {@code records}: of
     * its result, how many it was about.
     */
    <T> T audited(String name, String what, Supplier<T> work, ToLongFunction<T> records) {
        Starter by = starter();
        long number = ledger(c -> Audit.begin(c, name, what, by));
        String status = "failed";
        long about = 0;
        try {
            T result = work.get();
            status = "succeeded";
            about = records.applyAsLong(result);
            return result;
        } finally {
            String ended = status;
            long all = about;
            ledger(c -> {
                Audit.end(c, number, ended, all);
                return all;
            });
        }
    }

    private static RunRight right(Lease lease, LeaseTerms terms, String pipeline, Optional<RunLock> lock, long floor) {
        try {
            return RunRight.beside(lease, terms, pipeline, lock, () -> floor);
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    /** A ledger that the caller closes; it is reached when it is first asked. */
    LedgerDataSource openLedger() {
        Configuration c = configuration();
        startNeeded(c.laptopStores(Set.of("ledger")));
        List<String> at = List.of("uri", "user", "password").stream()
                .map(name -> setting("caravan.ledger." + name))
                .toList();
        return new LedgerDataSource(
                at.get(0),
                at.get(1),
                at.get(2),
                millis(c, "connectTimeoutMillis", LedgerDataSource.CONNECT_TIMEOUT_MILLIS),
                millis(c, "timeoutMillis", LedgerDataSource.TIMEOUT_MILLIS));
    }

    private static int millis(Configuration c, String name, int standard) {
        String text = c.value("caravan.ledger." + name).orElse(Integer.toString(standard));
        return number("ledger", "caravan.ledger." + name, "be a whole number of milliseconds", text);
    }

    private static int number(String unit, String setting, String rule, String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new ConfigurationException(SettingChecks.sentence(unit, setting, rule, text));
        }
    }
}
