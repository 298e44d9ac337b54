package io.caravan.graph;

import io.caravan.error.Server;
import io.caravan.error.Settings;
import io.caravan.error.UnavailableException;
import io.caravan.local.Endpoint;
import io.caravan.local.Endpoints;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Logging;
import org.neo4j.driver.NotificationConfig;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.exceptions.AuthenticationException;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.RetryableException;
import org.neo4j.driver.exceptions.ServiceUnavailableException;
import org.neo4j.driver.exceptions.UntrustedServerException;

/**
 * A database of a Neo4j server: connects on first use, and says in our own words what goes wrong.
 * <ul>
 *   <li>in: a URI ({@code neo4j://}, {@code bolt://}, with {@code +s} for TLS, or {@code laptop}), user (blank: no
 *       authentication) and password, the database (blank: the user's own)
 *   <li>errors: {@link UnavailableException} when the server cannot be reached or is in trouble itself, after the driver has
 *       retried for five seconds; {@link io.caravan.error.ConfigurationException} for a wrong password, user or database; what a statement did
 *       wrong comes as the driver throws it
 * </ul>
 */
final class Neo4jConnection implements AutoCloseable {

    private static final String STORE = "neo4j";

    /** How long the query API waits; sinks say it by their setting. */
    static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    private final String unit;
    private final String uri;
    private final String user;
    private final String password;
    private final String database;
    private final int connectTimeoutMillis;
    private Driver driver;

    /** {@code connectTimeoutMillis}: how long connecting may take; waiting for a connection, twice that. */
    Neo4jConnection(String unit, String uri, String user, String password, String database, int connectTimeoutMillis) {
        new Settings(unit)
                .must(
                        uri != null && uri.matches("laptop|(neo4j|bolt)(\\+s|\\+ssc)?://[^\\s/@]+/?"),
                        "uri",
                        "be laptop or like neo4j+s://host:7687 (no password inside)",
                        uri != null && uri.contains("@") ? "a URI with @" : uri)
                .between("connectTimeoutMillis", connectTimeoutMillis, 1, 600_000)
                .check();
        this.unit = unit;
        this.uri = uri;
        this.user = user == null ? "" : user;
        this.password = password == null ? "" : password;
        this.database = database == null ? "" : database;
        this.connectTimeoutMillis = connectTimeoutMillis;
    }

    /** What {@code work} returns of a session for this kind of access. */
    <T> T with(AccessMode mode, Function<Session, T> work) {
        return translated(() -> {
            try (Session session = session(mode)) {
                return work.apply(session);
            }
        });
    }

    /** The rows of a statement that only reads, fetched as they are asked for; the caller closes the stream. */
    Stream<Record> rows(String cypher) {
        return translated(() -> {
            Session session = session(AccessMode.READ);
            try {
                Iterator<Record> rows = session.run(cypher);
                return StreamSupport.stream(
                                Spliterators.spliteratorUnknownSize(translated(rows), Spliterator.NONNULL), false)
                        .onClose(session::close);
            } catch (RuntimeException e) {
                session.close();
                throw e;
            }
        });
    }

    private Session session(AccessMode mode) {
        SessionConfig.Builder config = SessionConfig.builder().withDefaultAccessMode(mode);
        if (!database.isBlank()) config.withDatabase(database);
        return driver().session(config.build());
    }

    private Iterator<Record> translated(Iterator<Record> rows) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return translated(rows::hasNext);
            }

            @Override
            public Record next() {
                return translated(rows::next);
            }
        };
    }

    private <T> T translated(Supplier<T> work) {
        try {
            return work.get();
        } catch (Neo4jException e) {
            throw translate(e);
        } catch (UntrustedServerException e) {
            throw server().away("", e);
        } catch (IllegalStateException e) {
            throw new UnavailableException(unit + ": the connection to " + uri + " was closed meanwhile", e);
        }
    }

    private RuntimeException translate(Neo4jException e) {
        String code = e.code() == null ? "" : e.code();
        String said = Server.line(String.valueOf(e.getMessage()));
        if (e instanceof AuthenticationException || code.startsWith("Neo.ClientError.Security.")) {
            return server().shut("", user.isBlank() ? "nobody" : user, said, "user", "password");
        }
        if (code.startsWith("Neo.ClientError.Database.")) return server().lacks("", "database", database, said);
        boolean blamesTheStatement =
                code.startsWith("Neo.ClientError.Statement.") || code.startsWith("Neo.ClientError.Schema.");
        if (blamesTheStatement && !(e instanceof RetryableException)) return e;
        if (Server.says(e, "responded HTTP")) return server().other("", "it speaks HTTP");
        boolean answered = code.startsWith("Neo.") && !(e instanceof ServiceUnavailableException);
        return answered ? server().busy("", said, e) : server().away("", e);
    }

    private Server server() {
        return new Server(unit, "uri", "a Neo4j", uri);
    }

    private synchronized Driver driver() {
        if (driver == null) {
            Endpoint endpoint = Endpoints.resolve(unit, STORE, uri, user, password);
            AuthToken token = endpoint.user().isBlank()
                    ? AuthTokens.none()
                    : AuthTokens.basic(endpoint.user(), endpoint.password());
            driver = GraphDatabase.driver(endpoint.uri(), token, config());
        }
        return driver;
    }

    private Config config() {
        return Config.builder()
                .withLogging(Logging.none())
                .withNotificationConfig(NotificationConfig.disableAllConfig())
                .withConnectionTimeout(connectTimeoutMillis, TimeUnit.MILLISECONDS)
                .withConnectionAcquisitionTimeout(2L * connectTimeoutMillis, TimeUnit.MILLISECONDS)
                .withMaxTransactionRetryTime(5, TimeUnit.SECONDS)
                .withUserAgent("caravan")
                .build();
    }

    @Override
    public synchronized void close() {
        if (driver != null) driver.close();
        driver = null;
    }
}
