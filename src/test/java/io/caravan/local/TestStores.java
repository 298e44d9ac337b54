package io.caravan.local;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The stores of the tests: one real PostgreSQL and one Mongo stand-in for the whole test JVM, started when first asked for
 * and gone with it. The PostgreSQL is the laptop store, in {@link #FOLDER}, but without fsync.
 */
public final class TestStores {

    /** Where they are: each test JVM of a build has its own. */
    static final Path FOLDER = Path.of("target", "test-stores" + System.getProperty("caravan.test.fork", ""));

    private TestStores() {}

    /** Where an empty database answers that nobody else uses. */
    public static Endpoint freshDatabase() {
        return Postgres.fresh();
    }

    /** A data source of an empty database that nobody else uses; a new connection each time. */
    public static DataSource freshDataSource() {
        return dataSource(freshDatabase());
    }

    public static DataSource dataSource(Endpoint endpoint) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(endpoint.uri());
        source.setUser(endpoint.user());
        source.setPassword(endpoint.password());
        return source;
    }

    /** Where the Mongo stand-in answers, in memory; callers take databases of their own names. */
    public static Endpoint mongo() {
        return Mongo.ENDPOINT;
    }

    private static final class Postgres {

        private static final PostgresProcess PROCESS =
                new PostgresProcess(FOLDER, Map.of("fsync", "off", "max_connections", "500"));
        private static final Endpoint ENDPOINT = started();
        private static final AtomicInteger DATABASES = new AtomicInteger();

        private static Endpoint started() {
            // what a killed test run left behind may have other settings
            PROCESS.stop();
            Runtime.getRuntime().addShutdownHook(new Thread(PROCESS::stop));
            return PROCESS.start();
        }

        static Endpoint fresh() {
            String name = "test_" + DATABASES.incrementAndGet();
            try (Connection connection = PostgresDatabase.connect(ENDPOINT);
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
                statement.execute("CREATE DATABASE " + name);
            } catch (SQLException e) {
                throw new IllegalStateException(name + " cannot be created", e);
            }
            return new Endpoint(ENDPOINT.uri().replaceFirst("[^/]*$", name), ENDPOINT.user(), ENDPOINT.password());
        }
    }

    private static final class Mongo {

        // the stand-in's threads are daemons and end with this JVM
        private static final Endpoint ENDPOINT =
                new Endpoint(new MongoServer(H2Backend.inMemory()).bindAndGetConnectionString(), "", "");
    }
}
