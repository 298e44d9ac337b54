package io.caravan.graph;

import io.caravan.error.ConfigurationException;
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
import org.neo4j.driver.exceptions.SecurityException;
import org.neo4j.driver.exceptions.UntrustedServerException;

/**
 * A database of a Neo4j server: connects on first use, and says in our own words what goes wrong.
 * <ul>
 *   <li>in: a URI ({@code neo4j://}, {@code bolt://}, with {@code +s} for TLS, or {@code laptop}), user (blank: no
 *       authentication) and password, the database (blank: the user's own)
 *   <li>errors: {@link UnavailableException} when the server cannot be reached or is in trouble itself, after the driver has
 *       retried for five seconds; {@link ConfigurationException} for a wrong password, user or database; what a statement did
 *       wrong comes as the driver throws it
 * </ul>
 */
final class Neo4jConnection implements AutoCloseable {

    private static final String STORE = "neo4j";

    private static final Config CONFIG = Config.builder()
            .withLogging(Logging.none())
            .withNotificationConfig(NotificationConfig.disableAllConfig())
            .withConnectionTimeout(10, TimeUnit.SECONDS)
            .withConnectionAcquisitionTimeout(20, TimeUnit.SECONDS)
            .withMaxTransactionRetryTime(5, TimeUnit.SECONDS)
            .withUserAgent("caravan")
            .build();

    private final String unit;
    private final String uri;
    private final String user;
    private final String password;
    private final String database;
    private Driver driver;

    Neo4jConnection(String unit, String uri, String user, String password, String database) {
        new Settings(unit)
                .must(
                        uri != null && uri.matches("laptop|(neo4j|bolt)(\\+s|\\+ssc)?://[^\\s/@]+/?"),
                        "uri",
                        "be laptop or like neo4j+s://host:7687 (no password inside)",
                        uri != null && uri.contains("@") ? "a URI with @" : uri)
                .check();
        this.unit = unit;
        this.uri = uri;
        this.user = user == null ? "" : user;
        this.password = password == null ? "" : password;
        this.database = database == null ? "" : database;
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
            throw configuration("certificate", e);
        } catch (IllegalStateException e) {
            throw new UnavailableException(unit + ": the connection to " + uri + " was closed meanwhile", e);
        }
    }

    private RuntimeException translate(Neo4jException e) {
        String code = e.code() == null ? "" : e.code();
        if (e instanceof AuthenticationException || code.startsWith("Neo.ClientError.Security.")) {
            return configuration("user and password", e);
        }
        if (e instanceof SecurityException) return configuration("certificate", e);
        if (code.startsWith("Neo.ClientError.Database.")) return configuration("database", e);
        boolean blamesTheStatement =
                code.startsWith("Neo.ClientError.Statement.") || code.startsWith("Neo.ClientError.Schema.");
        if (blamesTheStatement && !(e instanceof RetryableException)) return e;
        return new UnavailableException(unit + ": Neo4j at " + uri + " cannot be used: " + e.getMessage(), e);
    }

    private ConfigurationException configuration(String field, RuntimeException e) {
        String rule = "suit the Neo4j at " + uri + " (user '" + user + "', database '" + database + "')";
        ConfigurationException configuration =
                new ConfigurationException(Settings.sentence(unit, field, rule, e.getMessage()));
        configuration.initCause(e);
        return configuration;
    }

    private synchronized Driver driver() {
        if (driver == null) {
            Endpoint endpoint = Endpoints.resolve(STORE, uri, user, password);
            AuthToken token = endpoint.user().isBlank()
                    ? AuthTokens.none()
                    : AuthTokens.basic(endpoint.user(), endpoint.password());
            driver = GraphDatabase.driver(endpoint.uri(), token, CONFIG);
        }
        return driver;
    }

    @Override
    public synchronized void close() {
        if (driver != null) driver.close();
        driver = null;
    }
}
