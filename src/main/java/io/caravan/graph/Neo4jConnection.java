package io.caravan.graph;

import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCall;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.local.Endpoint;
import io.caravan.local.Endpoints;
import io.caravan.local.Neo4jLog;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.neo4j.Neo4Operation;
import org.apache.camel.component.neo4j.Neo4jComponent;
import org.apache.camel.component.neo4j.Neo4jConfiguration;
import org.apache.camel.component.neo4j.Neo4jConstants;
import org.apache.camel.component.neo4j.Neo4jHeaders;
import org.apache.camel.component.neo4j.Neo4jOperationException;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.NotificationSeverity;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.exceptions.AuthenticationException;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.RetryableException;
import org.neo4j.driver.exceptions.ServiceUnavailableException;
import org.neo4j.driver.exceptions.UntrustedServerException;

/**
 * A database of a Neo4j server, reached by the one {@link Driver} that all share who use the same server: Camel's neo4j endpoint
 * for statements that are made of settings alone, and transactions with parameters. Connects on first use, and says in our own
 * words what goes wrong.
 * <ul>
 *   <li>in: a URI ({@code neo4j://}, {@code bolt://}, with {@code +s} for TLS, or {@code laptop}; blank: what {@code
 *       camel.component.neo4j.*} says), user (blank: no authentication) and password, the database (blank: the user's own)
 *   <li>a driver that the user brings, as a bean or to the component, takes the place of these
 *   <li>errors: {@link UnavailableException} when the server cannot be reached or is in trouble itself, after the driver has
 *       retried for five seconds, and when a call is not done in time, whatever the server does; {@link ConfigurationException}
 *       for a wrong password, user or database; what a statement did wrong comes as the driver throws it
 * </ul>
 */
final class Neo4jConnection implements CamelContextAware {

    private static final String WAITED_TOO_LONG = "no more locks can be acquired";

    private static final ClientKind<Driver, Neo4jComponent> DRIVER = new ClientKind<>(
            "neo4jDriver",
            Driver.class,
            Neo4jConstants.SCHEME,
            "driver",
            Neo4jComponent.class,
            neo4j -> neo4j.getConfiguration().getDriver());

    static {
        Neo4jLog.silence();
    }

    private static final String STORE = "neo4j";
    private static final String MARK = "caravan";
    private static final String URI_RULE = "be laptop or like neo4j+s://host:7687 (no password inside)";

    /** A statement that reads everything of a kind may take so many times longer than another. */
    private static final int OF_ALL = 10;

    private final String unit;
    private final String uri;
    private final String user;
    private final String password;
    private final String database;
    private final int connectTimeoutMillis;
    private final int timeoutMillis;
    private final TransactionConfig limited;
    /** By it the server tells our transactions from others'. */
    private final String marked;

    private CamelContext context;
    private Client<Driver> driver;

    /**
     * @param connectTimeoutMillis how long connecting may take; waiting for a connection, twice that
     * @param timeoutMillis how long a call may take, with all that the driver tries
     */
    Neo4jConnection(
            String unit,
            String uri,
            String user,
            String password,
            String database,
            int connectTimeoutMillis,
            int timeoutMillis) {
        new SettingChecks(unit)
                .must(
                        uri != null && uri.matches("|laptop|(neo4j|bolt)(\\+s|\\+ssc)?://[^\\s/@]+/?"),
                        "uri",
                        URI_RULE,
                        uri != null && uri.contains("@") ? "a URI with @" : uri)
                .must(
                        database == null || database.matches("[A-Za-z0-9._-]*"),
                        "database",
                        "be letters, digits, dots and dashes",
                        database)
                .between("connectTimeoutMillis", connectTimeoutMillis, 1, 600_000)
                .between("timeoutMillis", timeoutMillis, 1, 86_400_000)
                .check();
        this.unit = unit;
        this.uri = uri;
        this.user = user == null ? "" : user;
        this.password = password == null ? "" : password;
        this.database = database == null ? "" : database;
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.timeoutMillis = timeoutMillis;
        // a little less: who is there to say that it takes too long shall say so first
        Duration onServer = Duration.ofMillis(Math.max(1, timeoutMillis * 9L / 10));
        this.marked = UUID.randomUUID().toString();
        this.limited = TransactionConfig.builder()
                .withTimeout(onServer)
                .withMetadata(Map.of("app", "caravan " + unit, MARK, marked))
                .build();
    }

    /**
     * For every transaction that writes: the server ends it when it takes too long, also when it waits for a lock or its client
     * was suspended, and gives back what it locked.
     */
    TransactionConfig limited() {
        return limited;
    }

    @Override
    public synchronized void setCamelContext(CamelContext context) {
        if (this.context != context) driver = null;
        this.context = context;
    }

    @Override
    public synchronized CamelContext getCamelContext() {
        return context;
    }

    /** What {@code work} returns of a session for this kind of access. */
    <T> T with(AccessMode mode, Function<Session, T> work) {
        Client<Driver> used = driver();
        return limited(used, () -> {
            try (Session session = session(used.use(), mode)) {
                return work.apply(session);
            }
        });
    }

    /**
     * Has Camel's endpoint run a statement in a transaction of its own. It is made of settings alone: the endpoint takes no
     * parameters, and leaves the text as it is.
     */
    void run(String cypher) {
        Client<Driver> used = driver();
        limited(used, () -> {
            EndpointCall endpoint = EndpointCall.of(
                    context, Neo4jConstants.SCHEME, Map.of("name", name(used), "driver", used.reference()));
            try {
                return endpoint.call(
                        cypher, Map.of(Neo4jHeaders.OPERATION, Neo4Operation.ADD_OR_DELETE_NODE_WITH_CYPHER_QUERY));
            } catch (EndpointException e) {
                throw e.cause(Neo4jOperationException.class)
                        .map(Throwable::getCause)
                        .filter(RuntimeException.class::isInstance)
                        .map(RuntimeException.class::cast)
                        .orElse(e);
            }
        });
    }

    /** An endpoint must name the database, also where that is the user's own. */
    private String name(Client<Driver> used) {
        if (!database.isBlank()) return database;
        try (Session session = session(used.use(), AccessMode.WRITE)) {
            return session.run("RETURN 1").consume().database().name();
        }
    }

    private <T> T limited(Client<Driver> used, Supplier<T> work) {
        try (TimeLimit limit = new TimeLimit(timeoutMillis, () -> abandon(used))) {
            return translated(limit, timeoutMillis, work);
        }
    }

    /**
     * Who holds the locks that a transaction of ours waits for, in words that follow "waits for"; empty when none waits. It has no
     * time limit of its own: whatever ends the call that waits ends this too.
     */
    Optional<String> lockHolders() {
        Client<Driver> used = opened();
        if (used == null) return Optional.empty();
        try (Session session = session(used.use(), AccessMode.WRITE)) {
            return GraphLockHolders.of(session, MARK, marked);
        }
    }

    private synchronized Client<Driver> opened() {
        return driver;
    }

    /** The rows of a statement that only reads, fetched as they are asked for; the caller closes the stream. */
    Stream<Record> rows(String cypher) {
        return rows(cypher, Map.of(), timeoutMillis);
    }

    /** The same of a statement that looks at everything before it has a row. */
    Stream<Record> rowsOfAll(String cypher, Map<String, Object> parameters) {
        return rows(cypher, parameters, (long) OF_ALL * timeoutMillis);
    }

    @SuppressWarnings("MustBeClosedChecker") // closed with the stream
    private Stream<Record> rows(String cypher, Map<String, Object> parameters, long limitMillis) {
        Client<Driver> used = driver();
        TimeLimit limit = new TimeLimit(limitMillis, () -> abandon(used));
        Session session = session(used.use(), AccessMode.READ);
        try {
            Iterator<Record> rows = translated(limit, limitMillis, () -> session.run(cypher, parameters));
            Iterator<Record> limited = translated(limit, limitMillis, rows);
            return StreamSupport.stream(Spliterators.spliteratorUnknownSize(limited, Spliterator.NONNULL), false)
                    .onClose(() -> close(session, limit, limitMillis));
        } catch (RuntimeException e) {
            close(session, limit, limitMillis);
            throw e;
        }
    }

    private void close(Session session, TimeLimit limit, long limitMillis) {
        try (limit) {
            translated(limit, limitMillis, () -> {
                session.close();
                return null;
            });
        } catch (UnavailableException e) {
            // it was only read, and whoever read has all he wanted or has been told
        }
    }

    private Session session(Driver used, AccessMode mode) {
        SessionConfig.Builder config = SessionConfig.builder().withDefaultAccessMode(mode);
        if (!database.isBlank()) config.withDatabase(database);
        return used.session(config.build());
    }

    private Iterator<Record> translated(TimeLimit limit, long limitMillis, Iterator<Record> rows) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return translated(limit, limitMillis, rows::hasNext);
            }

            @Override
            public Record next() {
                return translated(limit, limitMillis, rows::next);
            }
        };
    }

    private <T> T translated(TimeLimit limit, long limitMillis, Supplier<T> work) {
        try {
            return limit.call(work);
        } catch (RuntimeException e) {
            if (limit.over()) throw server().late("", "timeoutMillis", limitMillis, "", e);
            throw meaning(e);
        }
    }

    private RuntimeException meaning(RuntimeException thrown) {
        try {
            throw thrown;
        } catch (Neo4jException e) {
            return translate(e);
        } catch (UntrustedServerException e) {
            return server().away("", e);
        } catch (IllegalStateException e) {
            return new UnavailableException(unit + ": the connection to " + uri + " was closed meanwhile", e);
        } catch (RuntimeException e) {
            return e;
        }
    }

    /** Ends all that goes on by a driver of ours that cannot even connect, without waiting; the next call makes a new one. */
    private synchronized void abandon(Client<Driver> used) {
        if (driver == used) driver = null;
        if (Clients.of(context).abandon(used)) used.use().closeAsync();
    }

    private RuntimeException translate(Neo4jException e) {
        String code = e.code() == null ? "" : e.code();
        String said = ServerErrors.line(String.valueOf(e.getMessage()));
        if (e instanceof AuthenticationException || code.startsWith("Neo.ClientError.Security.")) {
            boolean known = code.equals("Neo.ClientError.Security.Forbidden");
            return server().denied(known, "", ServerErrors.user(user), said, "user", "password");
        }
        if (code.startsWith("Neo.ClientError.Database.")) return server().lacks("", "database", database, said);
        // what the server ends because it takes too long says so, or, where it waits for a lock at that moment, the
        // other
        if (code.startsWith("Neo.ClientError.Transaction.TransactionTimedOut") || said.contains(WAITED_TOO_LONG)) {
            return server().late("", "timeoutMillis", timeoutMillis, said, e);
        }
        boolean blamesTheStatement = code.startsWith("Neo.ClientError.Statement.")
                || code.startsWith("Neo.ClientError.Schema.")
                || code.startsWith("Neo.DatabaseError.Schema.");
        if (blamesTheStatement && !(e instanceof RetryableException)) return e;
        if (ServerErrors.says(e, "responded HTTP")) return server().other("", "it speaks HTTP");
        boolean answered = code.startsWith("Neo.") && !(e instanceof ServiceUnavailableException);
        return answered ? server().busy("", said, e) : server().away("", e);
    }

    private ServerErrors server() {
        return new ServerErrors(unit, "uri", "a Neo4j", uri);
    }

    private synchronized Client<Driver> driver() {
        if (driver == null) {
            if (context == null) throw new IllegalStateException(unit + ": the Camel context must be known first");
            driver = Clients.of(context).get(DRIVER, new Endpoint(uri, user, password), this::connect);
            Clients.of(context)
                    .watch(
                            driver,
                            "",
                            () -> with(AccessMode.READ, session -> session.run("RETURN 1")
                                    .consume()));
        }
        return driver;
    }

    private Driver connect() {
        if (!uri.isBlank()) {
            Endpoint endpoint = Endpoints.resolve(unit, STORE, uri, user, password);
            return GraphDatabase.driver(endpoint.uri(), token(endpoint), config());
        }
        Neo4jConfiguration users = context.getComponent(Neo4jConstants.SCHEME, Neo4jComponent.class)
                .getConfiguration();
        if (users.getDatabaseUrl() == null) {
            throw new ConfigurationException(SettingChecks.sentence(unit, "uri", URI_RULE, uri)
                    + "; or bring a driver, or set camel.component.neo4j.database-url");
        }
        return GraphDatabase.driver(users.getDatabaseUrl(), token(users), config());
    }

    private static AuthToken token(Endpoint endpoint) {
        return endpoint.user().isBlank() ? AuthTokens.none() : AuthTokens.basic(endpoint.user(), endpoint.password());
    }

    /** As the component chooses among what it was given, but nobody where it was given nothing. */
    private static AuthToken token(Neo4jConfiguration users) {
        if (users.getKerberosAuthTicket() != null) return AuthTokens.kerberos(users.getKerberosAuthTicket());
        if (users.getToken() != null) return AuthTokens.bearer(users.getToken());
        if (users.getUsername() == null) return AuthTokens.none();
        return AuthTokens.basic(users.getUsername(), users.getPassword(), users.getRealm());
    }

    private Config config() {
        return Config.builder()
                .withMinimumNotificationSeverity(NotificationSeverity.OFF)
                .withConnectionTimeout(connectTimeoutMillis, TimeUnit.MILLISECONDS)
                .withConnectionAcquisitionTimeout(2L * connectTimeoutMillis, TimeUnit.MILLISECONDS)
                .withMaxTransactionRetryTime(5, TimeUnit.SECONDS)
                .withUserAgent("caravan")
                .build();
    }
}
